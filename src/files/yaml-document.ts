import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar } from 'yaml'
import type { Document, Node, Pair, YAMLError } from 'yaml'
import { keysOf, pointerTo } from '../model/pointer.ts'
import type { DocumentOptions, FileDocument } from './file-document.ts'
import { describeProblem, fileError } from './problems.ts'

/**
 * Reads the part of YAML that JSON can express: maps, lists, strings, numbers in JSON's form, true, false and null.
 * Keys keep their order, numbers their digits. Throws a StartError with a line for each other value.
 */
export function parseYaml(file: string, text: string, { isSecret }: DocumentOptions = {}): FileDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines })
  // After a stack overflow the other errors of the parser mean nothing.
  const deepest = document.errors.find(({ message }) => isOutOfStack(message))
  const errors = deepest === undefined ? document.errors : [deepest]
  const problems = errors.map((error) => describeError(error, { file, lines, isSecret }))
  if (problems.length > 0) throw fileError(problems)
  const json = jsonOf(document, { file, lines, isSecret })
  return { file, json, value: JSON.parse(json) as unknown, lineOf: (pointer) => lineOf(document, pointer, lines) }
}

/**
 * Keys are strings, as in JSON: an id such as 0123 must not become a number. The schema is fixed because `%YAML 1.1` in
 * a file would select one in which `yes` is true and an instant is not a string.
 */
const OPTIONS = { stringKeys: true, intAsBigInt: true, prettyErrors: false, schema: 'core', merge: false } as const

function describeError({ code, message, pos }: YAMLError, { file, lines, isSecret }: YamlSource): string {
  const reason = isSecret === undefined ? reasonOf(message) : withoutQuote(reasonOf(message))
  const found = code === 'MULTIPLE_DOCS' ? 'another document begins here; a file holds one' : reason
  return describeProblem({ file, line: lines.linePos(pos[0]).line, message: `expected valid YAML (${found})` })
}

/** The parser and the functions that walk its tree are recursive, so deep nesting exhausts the stack. */
function reasonOf(message: string): string {
  return isOutOfStack(message) ? 'nested too deeply' : message
}

/** The parser ends a message with the text that it concerns, which may be a secret. */
function withoutQuote(message: string): string {
  return message.replace(/(?:: | \\)[^]*$/, '')
}

/** A regular expression reports the same condition with another message. */
function isOutOfStack(message: string): boolean {
  return /call stack|stack overflow/i.test(message)
}

interface YamlSource {
  readonly isSecret: DocumentOptions['isSecret']
  readonly file: string
  readonly lines: LineCounter
}

function jsonOf(document: Document, { file, lines, isSecret }: YamlSource): string {
  const problems: string[] = []
  const refuse: Refuse = (node, pointer, message) => {
    const line = lines.linePos(node.range?.[0] ?? 0).line
    const place =
      isSecret?.(pointer) === true ? { pointer: nameIn(pointer), message: SECRET_PROBLEM } : { pointer, message }
    problems.push(describeProblem({ file, line, ...place }))
    return 'null'
  }
  const json = textOf(document, refuse, file)
  if (problems.length > 0) throw fileError(problems)
  return json
}

function textOf(document: Document, refuse: Refuse, file: string): string {
  try {
    return createWriter(refuse)(document.contents, '')
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw fileError([describeProblem({ file, message: `expected valid YAML (${reasonOf(error.message)})` })])
  }
}

/** The first key of a pointer, without text that was written directly after it and may be the secret. */
function nameIn(pointer: string): string {
  return /^\/[\w.-]*/.exec(pointer)?.[0] ?? ''
}

const SECRET_PROBLEM = 'is written in a form that JSON does not have: put the value in quotes'

/** Records a value that JSON does not have; returns the text to write instead. */
type Refuse = (node: Node, pointer: string, message: string) => string

/** Aliases of aliases grow exponentially: without a bound a small file could exhaust the memory. */
const MAX_REPEATED_LENGTH = 16 * 2 ** 20

const SCALAR_TAGS = ['str', 'null', 'bool', 'int', 'float']

/** Returns a function that writes nodes as JSON. */
function createWriter(refuse: Refuse): (node: unknown, pointer: string) => string {
  /** The text of each anchor so far; undefined while its node is being written. */
  const anchors = new Map<string, string | undefined>()
  let repeated = 0

  function write(node: unknown, pointer: string): string {
    if (isAlias(node)) return repeat(node, pointer)
    const { anchor, tag } = (node ?? {}) as { anchor?: string; tag?: string }
    if (tag !== undefined && !isTagOf(node, tag)) return refuse(node as Node, pointer, `${shownTag(tag)} ${NOT_JSON}`)
    if (anchor === undefined) return bare(node, pointer)
    anchors.set(anchor, undefined)
    const text = bare(node, pointer)
    anchors.set(anchor, text)
    return text
  }

  function repeat(alias: Node & { readonly source: string }, pointer: string): string {
    const name = `*${alias.source}`
    if (!anchors.has(alias.source)) return refuse(alias, pointer, `${name} has no anchor &${alias.source} before it`)
    const text = anchors.get(alias.source)
    if (text === undefined) return refuse(alias, pointer, `${name} is an alias within what it is an alias of`)
    const wasWithin = repeated <= MAX_REPEATED_LENGTH
    repeated += text.length
    if (repeated <= MAX_REPEATED_LENGTH) return text
    return wasWithin ? refuse(alias, pointer, `${name}: ${TOO_MANY_ALIASES}`) : 'null'
  }

  function bare(node: unknown, pointer: string): string {
    if (isMap(node)) return `{${node.items.map((pair) => member(pair, pointer)).join(',')}}`
    if (isSeq(node)) return `[${node.items.map((item, index) => write(item, `${pointer}/${index}`)).join(',')}]`
    return isScalar(node) ? scalar(node, pointer) : 'null'
  }

  function member({ key, value }: Pair, pointer: string): string {
    if (!isScalar(key)) return refuse(key as Node, pointer, 'a key must be text')
    const { tag, anchor, source = '' } = key
    const isPlain = key.type === Scalar.PLAIN
    if (tag !== undefined || anchor !== undefined)
      return refuse(key, pointer, 'a key must be text, without tag or anchor')
    if (isPlain && source === '') return refuse(key, pointer, 'a key is missing before the colon')
    if (isPlain && source === '<<') return refuse(key, `${pointer}/<<`, MERGE_KEY)
    const name = String(key.value)
    return `${JSON.stringify(name)}:${write(value, `${pointer}${pointerTo(name)}`)}`
  }

  function scalar(node: Scalar, pointer: string): string {
    const { value, source = '', tag } = node
    // The parser returns text if a value does not have the form of its tag.
    if (typeof value === 'string' && tag !== undefined && !tag.endsWith(':str'))
      return refuse(node, pointer, `${JSON.stringify(source)} is not a value of ${shownTag(tag)}`)
    if (typeof value !== 'number' && typeof value !== 'bigint') return JSON.stringify(value)
    return NUMBER.test(source) ? source : refuse(node, pointer, notNumber(source, value))
  }

  return write
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const NOT_JSON =
  'is a type that JSON does not have here: write the value without it, as text, a number, a list or a map'
const MERGE_KEY = 'is a merge key of YAML 1.1, which is not supported: write the fields out'
const TOO_MANY_ALIASES = 'the aliases of this file repeat more than 16 MiB: write less of it as aliases'

function notNumber(source: string, value: number | bigint): string {
  const isFinite = typeof value === 'bigint' || Number.isFinite(value)
  const number = isFinite ? `write ${value}, or put it in quotes if it is text` : 'put it in quotes if it is text'
  return `${source} is a number in a form that JSON does not have: ${number}`
}

/** Whether JSON has the type of a tag, and the node is of that type. */
function isTagOf(node: unknown, tag: string): boolean {
  const names = isMap(node) ? ['map'] : isSeq(node) ? ['seq'] : SCALAR_TAGS
  return names.some((name) => tag === `tag:yaml.org,2002:${name}`)
}

function shownTag(tag: string): string {
  return tag.replace('tag:yaml.org,2002:', '!!')
}

function lineOf(document: Document, pointer: string, lines: LineCounter): number {
  let node: unknown = document.contents
  let place = document.contents
  for (const key of keysOf(pointer)) {
    const found = childOf(node, key)
    if (found === undefined) break
    place = found.place
    node = found.node
  }
  return lines.linePos(place?.range?.[0] ?? 0).line
}

/** The child at a key, and the node whose line to report: in a map, the key itself. */
function childOf(node: unknown, key: string): { place: Node; node: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined
    return item === undefined ? undefined : { place: item, node: item }
  }
  const pair = isMap(node) ? node.items.find((each) => isScalar(each.key) && String(each.key.value) === key) : undefined
  return pair === undefined ? undefined : { place: pair.key as Node, node: pair.value }
}
