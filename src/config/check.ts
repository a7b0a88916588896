import { isRecord } from '../model/is-record.ts'
import type { TSchema } from 'typebox'
import { nearest } from '../model/nearest.ts'
import type { Issue } from '../model/issue.ts'
import { keysOf, parentOf } from '../model/pointer.ts'
import { checkOf, type Check } from '../model/validate.ts'
import type { SchemaNode } from '../model/schema-fields.ts'
import { quote, type Marks } from './value-types.ts'

/** The schema of an option. */
export type OptionNode = SchemaNode<OptionKeywords>

interface OptionKeywords extends Marks {
  readonly type?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly patternProperties?: Readonly<Record<string, OptionNode>>
  readonly '~refine'?: readonly Refinement[]
}

interface Refinement {
  readonly check: (value: unknown) => boolean
  readonly error: (value: unknown) => string
}

/** An issue of an option's value. */
export interface OptionIssue extends Issue {
  /** What to write instead: a text, or another option with a value, which each source spells its own way. */
  readonly suggestion?: string | { readonly key: string; readonly value: string }
}

/** YAML reads `adminToken: #abc`, `adminToken: &abc` and `adminToken:` as a key without a value. */
export const NO_VALUE = 'is written with no value: leave it out, or quote a value that begins with # or &'

/** `strict, any or off` */
function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
}

/** Checks a value against the form of its schema that matches how it was written. */
export function checkValue(schema: OptionNode, value: unknown, pointer = ''): OptionIssue[] {
  if (value === null) return [{ pointer, message: NO_VALUE }]
  const branch = branchFor(schema, value)
  const inner = entriesIn(branch, value).flatMap(([key, node, each]) => checkValue(node, each, `${pointer}/${key}`))
  if (inner.length > 0) return inner
  const empty = isRecord(value) ? Object.keys(branch.properties ?? {}).filter((key) => value[key] === null) : []
  if (empty.length > 0) return empty.map((key) => ({ pointer: `${pointer}/${key}`, message: NO_VALUE }))
  const checked = checkFor(branch)(value)
  if ('value' in checked) return []
  const issues = checked.issues.map((issue) => explain(branch, value, issue))
  // Each keyword of a schema reports its own failure; one message per place is enough.
  const places = issues.map((issue) => issue.pointer)
  return issues
    .filter((issue, index) => places.indexOf(issue.pointer) === index)
    .map((issue) => ({ ...issue, pointer: pointer + issue.pointer }))
}

/** Selects the form for a map, a list or a single value. */
function branchFor(schema: OptionNode, value: unknown): OptionNode {
  const branches = schema.anyOf ?? []
  const fitting = branches.filter((branch) => {
    if (isRecord(value)) return branch.properties !== undefined || branch.patternProperties !== undefined
    return Array.isArray(value) === (branch.items !== undefined) && branch.properties === undefined
  })
  const [first = schema] = fitting
  return fitting.length === 1 ? first : schema
}

/** The entries of a list or of a map by name, which are checked one by one. */
function entriesIn(schema: OptionNode, value: unknown): readonly (readonly [string, OptionNode, unknown])[] {
  const { items, patternProperties = {} } = schema
  const [entry] = Object.values(patternProperties)
  if (Array.isArray(value) && items !== undefined) return value.map((each, index) => [String(index), items, each])
  if (!isRecord(value) || entry === undefined) return []
  return Object.entries(value).map(([key, each]) => [key, entry, each])
}

const checks = new WeakMap<OptionNode, Check<unknown>>()

function checkFor(schema: OptionNode): Check<unknown> {
  const known = checks.get(schema)
  if (known !== undefined) return known
  const check = checkOf(schema as TSchema)
  checks.set(schema, check)
  return check
}

function explain(schema: OptionNode, root: unknown, { pointer, message, unknown }: Issue): OptionIssue {
  const keys = keysOf(pointer)
  const at = unknown === undefined ? keys : keys.slice(0, -1)
  const node = at.reduce<OptionNode>((outer, key) => outer.properties?.[key] ?? outer.items ?? {}, schema)
  const value = at.reduce<unknown>((outer, key) => (isRecord(outer) ? outer[key] : undefined), root)
  if (unknown !== undefined) return explainUnknown(node, { pointer, message, unknown })
  const suggestion = typeof value === 'string' ? nearest(value, wordsOf(node)) : undefined
  return { pointer, message: messageFor(node, value) ?? message, ...(suggestion !== undefined && { suggestion }) }
}

/** A field of a secret option that resembles no other may be a misplaced password, and is not named. */
function explainUnknown(node: OptionNode, { pointer, message, unknown = '' }: Issue): OptionIssue {
  const fields = Object.keys(node.properties ?? {})
  const suggestion = nearest(unknown, fields)
  if (suggestion !== undefined) return { pointer, message, suggestion }
  if (node['x-secret'] !== true) return { pointer, message }
  return { pointer: parentOf(pointer), message: `has a field other than ${oneOf(fields)}` }
}

/** The error of a value in the words of its schema; undefined if the schema has none. */
function messageFor(node: OptionNode, value: unknown): string | undefined {
  const refinement = node['~refine']?.find(({ check }) => !check(value))
  if (refinement !== undefined) return refinement.error(value)
  if (value === undefined) return undefined
  if (node.properties !== undefined || node.patternProperties !== undefined) return 'takes a map'
  if (typeof value === 'object') return `takes one value, not a ${Array.isArray(value) ? 'list' : 'map'}`
  if (typeof value !== 'string' && takesText(node)) {
    return value === false && wordsOf(node).includes('off')
      ? 'is the boolean false, which is how YAML 1.1 reads off: write "off" in quotes'
      : `is a ${typeof value}, and this takes text: put it in quotes`
  }
  const expected = expectedOf(node)
  if (expected === undefined) return undefined
  return node['x-secret'] === true ? `is not ${expected}` : `${quote(value)} is not ${expected}`
}

function expectedOf(node: OptionNode): string | undefined {
  const words = wordsOf(node)
  const [example] = node.examples ?? []
  if (node['x-expected'] !== undefined) return node['x-expected']
  if (words.length > 0) return oneOf(words)
  if (node.type === 'boolean') return 'true or false'
  return example === undefined ? undefined : `text such as ${quote(example)}`
}

function takesText({ type, enum: words, const: only, anyOf }: OptionNode): boolean {
  if (anyOf !== undefined) return anyOf.every((each) => each.properties !== undefined || takesText(each))
  return type === 'string' || typeof only === 'string' || typeof words?.[0] === 'string'
}

/** The words that a schema allows, alone or beside other forms. */
function wordsOf({ enum: listed = [], const: only, anyOf = [] }: OptionNode): readonly string[] {
  return [...listed, ...(only === undefined ? [] : [only]), ...anyOf.flatMap(wordsOf)].map(String)
}
