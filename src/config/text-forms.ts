import { isRecord } from '../model/is-record.ts'
import type { OptionIssue } from './check.ts'
import type { Option } from './option-list.ts'
import { hasStrayCharacters, quote, STRAY_CHARACTERS } from './value-types.ts'

// An option can be written as text: in a flag, in a variable, and, shorter than a map, in a file. This module converts
// the text to the value that the schema describes.

type Conversion = { readonly value: unknown } | { readonly issues: readonly OptionIssue[] }

function refuse(message: string, more: Partial<OptionIssue> = {}): Conversion {
  return { issues: [{ pointer: '', message, ...more }] }
}

const TRUE = ['true', '1', 'yes', 'on']
const FALSE = ['false', '0', 'no', 'off']

/** The value of a text. A text without a value is returned unchanged, and the check refuses it. */
export function convertScalar({ schema, isList, key = '' }: Option, value: unknown): Conversion {
  if (isList) return convertList(key, value)
  const convert = CONVERSIONS[key]
  if (typeof value === 'string' && convert !== undefined) return convert(value)
  // A bare number is not a duration, and the check reports its text.
  if (typeof value === 'number' && schema['x-unit'] === 'duration') return { value: String(value) }
  return { value: typeof value === 'string' ? scalarOf(schema, value) : value }
}

function scalarOf({ type, anyOf = [] }: Option['schema'], text: string): unknown {
  if (type === 'boolean') {
    const word = text.toLowerCase()
    return TRUE.includes(word) || (FALSE.includes(word) ? false : text)
  }
  // Plain decimal only: signs, exponents and other bases are probably typos.
  const isNumber = [{ type, const: undefined }, ...anyOf].some(
    (form) => form.type === 'integer' || form.type === 'number' || typeof form.const === 'number',
  )
  return isNumber && /^\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

const CONVERSIONS: Readonly<Record<string, (text: string) => Conversion>> = {
  clock: (text) => {
    const at = text.indexOf('@')
    return { value: at < 0 ? { mode: text } : { mode: text.slice(0, at), now: text.slice(at + 1) } }
  },
  tls: (text) => {
    const [certFile, keyFile, ...rest] = splitText(text, ',')
    return { value: keyFile === undefined || rest.length > 0 ? text : { certFile, keyFile } }
  },
  scenario: (text) => {
    if (!text.trimStart().startsWith('{')) return { value: text }
    try {
      return { value: JSON.parse(text) }
    } catch {
      return refuse(`${quote(text)} is neither the name of a scenario nor a JSON object`)
    }
  },
}

function convertList(key: string, value: unknown): Conversion {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (key === 'users') return collect(list.map((each) => (typeof each === 'string' ? userOf(each) : { value: each })))
  return key === 'seed' ? seedsOf(list) : { value: list }
}

function collect(conversions: readonly Conversion[]): Conversion {
  const issues = conversions.flatMap((conversion, index) =>
    'issues' in conversion
      ? conversion.issues.map((issue) => ({ ...issue, pointer: `/${index}${issue.pointer}` }))
      : [],
  )
  if (issues.length > 0) return { issues }
  return { value: conversions.map((conversion) => ('value' in conversion ? conversion.value : undefined)) }
}

// No message repeats the text: it may hold a password.
const USER_EXPECTED = 'is not NAME:PASSWORD or NAME:PASSWORD:GROUP,...'

function userOf(text: string): Conversion {
  const [name = '', password = '', groups, ...rest] = text.split(':')
  if (hasStrayCharacters(text)) return refuse(STRAY_CHARACTERS)
  if (name === '' || password === '') return refuse(USER_EXPECTED)
  if (rest.length > 0)
    return refuse(`${USER_EXPECTED}; a name or password with a colon goes into the file, under users`)
  return { value: { name, password, ...(groups === undefined ? {} : { groups: splitText(groups, ',') }) } }
}

/** Files and folders, or `none`. */
function seedsOf(list: readonly unknown[]): Conversion {
  if (list.length === 1 && list[0] === 'none') return { value: 'none' }
  if (list.includes('none')) return refuse('none stands alone: leave it out, or leave the files out')
  // A number here is almost always meant as the random seed.
  const number = list.map((each) => (typeof each === 'number' ? String(each) : each)).find(isDigits)
  if (number === undefined) return { value: list }
  return refuse(`"${number}" is a number, not a seed file`, { suggestion: { key: 'randomSeed', value: number } })
}

function isDigits(value: unknown): value is string {
  return typeof value === 'string' && /^\d+$/.test(value)
}

/** The values in an environment variable. A value that contains commas needs a line of its own. */
export function splitVariable({ key }: Option, text: string): readonly string[] {
  // Commas separate the groups of a user.
  if (key === 'users') return splitText(text, /[\n;]/)
  return splitText(text, text.includes('\n') ? '\n' : ',')
}

function splitText(text: string, separator: string | RegExp): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** A value whose relative paths are joined to the folder of its file. Words such as `none` are not paths. */
export function locatePaths(value: unknown, locate: (path: string) => string): unknown {
  if (typeof value === 'string') return ['none', 'auto', 'off'].includes(value) ? value : locate(value)
  if (Array.isArray(value)) return value.map((each) => locatePaths(each, locate))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, locatePaths(each, locate)]))
}
