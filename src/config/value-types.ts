import { isIP } from 'node:net'
import Type from 'typebox'
import { DURATION_EXPECTED, parseDuration } from '../model/duration.ts'
import { parseInstant, whyNoInstant } from '../wire/timestamps.ts'

// The kinds of text that several options accept.

/** Additions to JSON Schema in the schema of an option. The published JSON Schema has none of the `x-` marks. */
export interface Marks {
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  /** The default in words, if it is not a value. */
  readonly 'x-default'?: string
  /** The default of `createEmulator()`, if it differs. */
  readonly 'x-library-default'?: unknown
  readonly 'x-unit'?: string
  /** The flag with its value, such as `--port <number>`; the environment variable is named after it. */
  readonly 'x-flag'?: string
  /** The flag negates the option, as `--no-admin` negates `admin`. */
  readonly 'x-negated'?: true
  /** The option is a lock, so an empty environment variable is refused instead of ignored. */
  readonly 'x-lock'?: true
  /** The value never appears in a message. */
  readonly 'x-secret'?: true
  /** The value names files, relative to the configuration file. */
  readonly 'x-path'?: true
  /** The words of messages after "is not". */
  readonly 'x-expected'?: string
  /** What the flag does, if that differs from the option's description. */
  readonly 'x-flag-description'?: string
  /** The TypeScript type, if it is more precise than the schema. */
  readonly 'x-type'?: string
}

/** Text with a check that JSON Schema cannot express; `findProblem` returns the error. */
function checkedText(marks: Marks & { readonly pattern?: string }, findProblem: (text: string) => string | undefined) {
  const problemOf = (text: unknown): string | undefined => (typeof text === 'string' ? findProblem(text) : undefined)
  return Type.Refine(
    Type.String({ minLength: 1, ...marks }),
    (text) => problemOf(text) === undefined,
    (text) => problemOf(text) ?? '',
  )
}

export const STRAY_CHARACTERS =
  'begins or ends with white space, or has a control character: is there a CR at the end of its line?'

/** Copying, and files with Windows line ends, add such characters unintentionally. */
export function hasStrayCharacters(text: string): boolean {
  return text !== text.trim() || /\p{Cc}/u.test(text)
}

function problemOfText(text: string, isSecret = false): string | undefined {
  if (text.trim() === '') return 'is empty: give a value, or leave it out'
  if (!hasStrayCharacters(text)) return undefined
  return isSecret ? STRAY_CHARACTERS : `${quote(text)} ${STRAY_CHARACTERS}`
}

/** In quotes, with control characters as numbers: JSON leaves some of them unescaped. */
export function quote(value: unknown): string {
  return (typeof value === 'string' ? JSON.stringify(value) : String(value)).replace(
    /\p{Cc}/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export const text = (marks: Marks) => checkedText(marks, problemOfText)
export const secretText = (marks: Marks) =>
  checkedText({ ...marks, 'x-secret': true }, (value) => problemOfText(value, true))
export const path = (marks: Marks) => text({ ...marks, 'x-path': true })

/** One word of printable ASCII, since it is sent in a header. */
export const secretWord = (marks: Marks) =>
  Type.String({
    ...marks,
    pattern: '^[\\x21-\\x7e]+$',
    'x-secret': true,
    'x-expected': 'one word of printable ASCII',
  })

/** A length of time, none too. */
export const anyDuration = (marks: Marks) =>
  checkedText({ 'x-unit': 'duration', ...marks }, (value) =>
    parseDuration(value) === undefined ? `${quote(value)} is not ${DURATION_EXPECTED}` : undefined,
  )

export const duration = (marks: Marks) =>
  checkedText({ 'x-unit': 'duration', ...marks }, (value) => {
    const micros = parseDuration(value)
    if (micros === undefined) return `${quote(value)} is not ${DURATION_EXPECTED}`
    return micros > 0 ? undefined : `${quote(value)} is no time at all: give a duration above zero`
  })

export const instant = (marks: Marks) =>
  checkedText(marks, (value) =>
    parseInstant(value) === undefined ? `${quote(value)} ${whyNoInstant(value)}` : undefined,
  )

const HOST_NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/
const isHost = (value: string): boolean => isIP(value) > 0 || HOST_NAME.test(value)

/** A host name or an address only. */
export const host = (marks: Marks) =>
  checkedText(marks, (value) => {
    if (isHost(value)) return undefined
    const bare = value.replace(/^[a-z]+:\/\//i, '').replace(/[/?#].*$/, '')
    const inner = /^\[(.*)\](:\d+)?$/.exec(bare)?.[1] ?? bare.replace(/:\d+$/, '')
    const hint = inner !== value && isHost(inner) ? ` (did you mean ${inner}?)` : ''
    return `${quote(value)} is not a host name or address alone${hint}`
  })
