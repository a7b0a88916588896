// Finds places in JSON text that JSON.parse or a check has refused. V8 reports no position for an unexpected token, and
// the YAML parser would take about two seconds and a hundred megabytes for each megabyte of JSON.

import { keysOf } from '../model/pointer.ts'

/** The first syntax error in a JSON text. */
interface SyntaxIssue {
  readonly offset: number
  readonly message: string
}

/** Finds the syntax error of a text that is not JSON: its offset, the expected and the found token. */
export function findSyntaxIssue(text: string): SyntaxIssue {
  return scan(text, () => undefined) ?? { offset: 0, message: 'expected JSON' }
}

/** The line of the key or element at a pointer in valid JSON, or of the nearest value around it. */
export function jsonLineOf(text: string, pointer: string): number {
  const keys = keysOf(pointer)
  let deepest = { depth: 0, offset: text.search(/\S|$/) }
  scan(text, (path, offset) => {
    const isCloser = path.length > deepest.depth && path.length <= keys.length
    if (isCloser && path.every(({ key }, depth) => String(key) === keys[depth]))
      deepest = { depth: path.length, offset }
  })
  return lineAt(text, deepest.offset)
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

// No `(?:a|b)*` over single characters: it would exhaust the stack of the regular expression on a long text.
const STRING = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"`
const SCALAR = String.raw`(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])`
const TOKEN = new RegExp(String.raw`(?:${STRING})|(?:${SCALAR})|[{}[\],:]`, 'y')
const BLANK = /[ \t\r\n]*/y

/** The tokens that may follow in JSON, in words, and their first characters; `v` is a bare scalar. */
const EXPECTED = {
  value: { message: 'a value', starts: '{["v' },
  valueOrEnd: { message: 'a value or ]', starts: '{["v]' },
  key: { message: 'a key in double quotes', starts: '"' },
  keyOrEnd: { message: 'a key in double quotes or }', starts: '"}' },
  colon: { message: 'a colon', starts: ':' },
  nextMember: { message: 'a comma or }', starts: ',}' },
  nextElement: { message: 'a comma or ]', starts: ',]' },
  nothing: { message: 'nothing more', starts: '' },
} as const

type Expectation = keyof typeof EXPECTED

/** An object or list that is not closed yet. */
interface Container {
  readonly isObject: boolean
  /** The key or index of the current member. */
  key: string | number
}

/**
 * Reads JSON token by token and reports each key and element, with the containers around it. Returns the syntax error
 * that stops it.
 */
function scan(text: string, onPlace: (path: readonly Container[], offset: number) => void): SyntaxIssue | undefined {
  const path: Container[] = []
  let expected: Expectation = 'value'
  for (let offset = 0; ;) {
    offset = skip(BLANK, text, offset)
    if (offset === text.length && expected === 'nothing') return undefined
    const end = skip(TOKEN, text, offset)
    const first = text[offset] ?? ''
    const kind = '{}[],:"'.includes(first) ? first : 'v'
    if (end === offset || !EXPECTED[expected].starts.includes(kind)) return issueAt(text, offset, expected)
    const container = path.at(-1)
    if (container !== undefined && isPlace(container, expected, kind)) {
      container.key = container.isObject ? String(JSON.parse(text.slice(offset, end))) : Number(container.key) + 1
      onPlace(path, offset)
    }
    if (kind === '{' || kind === '[') path.push({ isObject: kind === '{', key: -1 })
    if (kind === '}' || kind === ']') path.pop()
    expected = afterToken(kind, expected, path.at(-1))
    offset = end
  }
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

/** True if the next token is a key of an object, or starts an element of a list. */
function isPlace({ isObject }: Container, expected: Expectation, kind: string): boolean {
  return isObject ? expected.startsWith('key') && kind === '"' : expected.startsWith('value') && kind !== ']'
}

function afterToken(kind: string, before: Expectation, container: Container | undefined): Expectation {
  if (kind === '{') return 'keyOrEnd'
  if (kind === '[') return 'valueOrEnd'
  if (kind === '"' && before.startsWith('key')) return 'colon'
  if (kind === ':') return 'value'
  if (kind === ',') return before === 'nextMember' ? 'key' : 'value'
  if (container === undefined) return 'nothing'
  return container.isObject ? 'nextMember' : 'nextElement'
}

function issueAt(text: string, offset: number, expected: Expectation): SyntaxIssue {
  const { message, starts } = EXPECTED[expected]
  if (offset === text.length) return { offset, message: `expected complete JSON, with ${message} here (the text ends)` }
  const found = /^(?:[{}[\],:]|"?[^{}[\],:"\s]{0,24}"?)/.exec(text.slice(offset, offset + 32))?.[0] ?? ''
  const isBadString = text[offset] === '"' && starts.includes('"')
  const wanted = isBadString ? 'text closed on its own line, with the escapes of JSON' : message
  return { offset, message: `expected JSON, with ${wanted} here (found ${found})` }
}
