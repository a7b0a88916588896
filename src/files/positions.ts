/** Where something in a text is, and how a person would say so. */
interface Fault {
  readonly offset: number
  readonly message: string
}

/** The line of an offset, from 1. */
function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

const STRING = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"`
const SCALAR = String.raw`(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])`
const TOKEN = new RegExp(String.raw`(?:${STRING})|(?:${SCALAR})|[{}[\],:]`, 'y')
const BLANK = /[ \t\r\n]*/y

/** What may stand at a place in JSON, in words, and the first letters of the tokens that may. */
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

/** The first thing in a text that JSON does not allow: what should stand there, and what does. */
export function jsonFault(text: string): Fault | undefined {
  const open: string[] = []
  let expected: Expectation = 'value'
  let offset = 0
  for (;;) {
    offset = skip(BLANK, text, offset)
    if (offset === text.length && expected === 'nothing') return undefined
    const end = skip(TOKEN, text, offset)
    const kind = kindOf(text[offset] ?? '')
    if (end === offset || !EXPECTED[expected].starts.includes(kind)) return faultAt(text, offset, expected)
    expected = afterToken(kind, expected, open)
    offset = end
  }
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

function kindOf(first: string): string {
  return '{}[],:"'.includes(first) ? first : 'v'
}

function afterToken(kind: string, expected: Expectation, open: string[]): Expectation {
  if (kind === '{' || kind === '[') {
    open.push(kind)
    return kind === '{' ? 'keyOrEnd' : 'valueOrEnd'
  }
  if (kind === '"' && expected.startsWith('key')) return 'colon'
  if (kind === ':') return 'value'
  if (kind === ',') return expected === 'nextMember' ? 'key' : 'value'
  if (kind === '}' || kind === ']') open.pop()
  const around = open.at(-1)
  if (around === undefined) return 'nothing'
  return around === '{' ? 'nextMember' : 'nextElement'
}

function faultAt(text: string, offset: number, expected: Expectation): Fault {
  if (offset === text.length)
    return { offset, message: `JSON that is whole, with ${EXPECTED[expected].message} here (the text ends)` }
  const found = /^(?:[{}[\],:]|"?[^{}[\],:"\s]{0,24}"?)/.exec(text.slice(offset, offset + 32))?.[0] ?? ''
  const isBadString = text[offset] === '"' && EXPECTED[expected].starts.includes('"')
  const wanted = isBadString ? 'text closed on its own line, with the escapes of JSON' : EXPECTED[expected].message
  return { offset, message: `JSON, with ${wanted} here (found ${found})` }
}

/** The parts of a JSON pointer. */
function pathOf(pointer: string): string[] {
  const parts = pointer.split('/').slice(1)
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

interface Frame {
  readonly isObject: boolean
  /** Where we are in it: the last key, or the index so far. */
  at: string | number
  /** In an object: whether the next string is a key. */
  isKeyNext: boolean
}

/** The line on which a valid JSON text has what the pointer points at, or else the nearest thing around it. */
export function jsonLineOf(text: string, pointer: string): number {
  const path = pathOf(pointer)
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(text, path.slice(0, length))
    if (offset !== undefined) return lineAt(text, offset)
  }
  return lineAt(text, skip(BLANK, text, 0))
}

/** Where a member's key, or an element, begins. */
function offsetOf(text: string, path: readonly string[]): number | undefined {
  const frames: Frame[] = []
  for (let offset = skip(BLANK, text, 0); offset < text.length;) {
    const end = skip(TOKEN, text, offset)
    if (end === offset) return undefined
    const token = text.slice(offset, end)
    if (isPlace(token, frames.at(-1)) && isAt(frames, path)) return offset
    step(token, frames)
    offset = skip(BLANK, text, end)
  }
  return undefined
}

/** Whether a token begins something that a pointer can name; takes note of a key. */
function isPlace(token: string, frame: Frame | undefined): boolean {
  if (frame === undefined || ',:}]'.includes(token)) return false
  if (!frame.isObject) return true
  if (!frame.isKeyNext) return false
  frame.at = JSON.parse(token) as string
  frame.isKeyNext = false
  return true
}

function isAt(frames: readonly Frame[], path: readonly string[]): boolean {
  return frames.length === path.length && frames.every(({ at }, depth) => String(at) === path[depth])
}

function step(token: string, frames: Frame[]): void {
  const frame = frames.at(-1)
  if (token === '{') frames.push({ isObject: true, at: '', isKeyNext: true })
  else if (token === '[') frames.push({ isObject: false, at: 0, isKeyNext: false })
  else if (token === '}' || token === ']') frames.pop()
  else if (token === ',' && frame !== undefined) {
    if (typeof frame.at === 'number') frame.at += 1
    else frame.isKeyNext = true
  }
}
