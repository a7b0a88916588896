import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type YAMLError } from 'yaml'
import type { FileDocument } from './documents.ts'
import { pathOf } from './positions.ts'
import { describeProblem, fileError } from './problems.ts'

/** Reads YAML, keeping the order of keys like `10` and the digits of long numbers; throws a StartError. */
export function parseYaml(file: string, text: string): FileDocument {
  const lines = new LineCounter()
  // Keys are text in JSON, and an id such as 0123 must not turn into a number first.
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true, intAsBigInt: true, prettyErrors: false })
  // Once the stack has ended, what else the parser complains of means nothing.
  const deepest = document.errors.find(({ message }) => isOutOfStack(message))
  const errors = deepest === undefined ? document.errors : [deepest]
  const problems = errors.map((error) => describeError(error, file, lines))
  if (problems.length > 0) throw fileError(problems)
  const json = jsonOf(document, file)
  return { file, json, value: JSON.parse(json) as unknown, lineOf: (pointer) => lineOf(document, pointer, lines) }
}

function describeError({ code, message, pos }: YAMLError, file: string, lines: LineCounter): string {
  const found = code === 'MULTIPLE_DOCS' ? 'another document begins here; a file holds one' : reasonOf(message)
  return describeProblem({ file, line: lines.linePos(pos[0]).line, message: `expected valid YAML (${found})` })
}

/** Aliases are followed here, so one without its anchor, in its own anchor, or too many of them, is found here. */
function jsonOf(document: Document, file: string): string {
  try {
    return toJson(document.toJS({ mapAsMap: true }))
  } catch (error) {
    const message = reasonOf(error instanceof Error ? error.message : String(error))
    throw fileError([describeProblem({ file, message: `expected valid YAML (${message})` })])
  }
}

/** The parser, and whatever walks through what it gives, run out of stack before memory. */
function reasonOf(message: string): string {
  return isOutOfStack(message) ? 'nested too deeply, or an alias within what it is an alias of' : message
}

/** Wherever it ends: in a regular expression it is called by another name. */
function isOutOfStack(message: string): boolean {
  return /call stack|stack overflow/i.test(message)
}

function toJson(value: unknown): string {
  if (value instanceof Map)
    return `{${[...value].map(([key, each]) => `${JSON.stringify(key)}:${toJson(each)}`).join(',')}}`
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}

function lineOf(document: Document, pointer: string, lines: LineCounter): number {
  let node: unknown = document.contents
  let place = document.contents
  for (const key of pathOf(pointer)) {
    const found = childOf(node, key)
    if (found === undefined) break
    place = found.place
    node = found.node
  }
  return lines.linePos(place?.range?.[0] ?? 0).line
}

/** What a key leads to, and the node whose line to tell: the key's own, in a map. */
function childOf(node: unknown, key: string): { place: Node; node: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined
    return item === undefined ? undefined : { place: item, node: item }
  }
  const pair = isMap(node) ? node.items.find((each) => isScalar(each.key) && String(each.key.value) === key) : undefined
  return pair === undefined ? undefined : { place: pair.key as Node, node: pair.value }
}
