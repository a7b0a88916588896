/** What to write instead: a text, or another setting with a value, which each source spells its own way. */
export type Suggestion = string | { readonly name: string; readonly value: string }

/** Something wrong with a value; `at` is the place inside it (`.0.name`). */
export interface Complaint {
  readonly at?: string
  readonly message: string
  readonly suggestion?: Suggestion
}

export type Reading<T> = { readonly value: T } | { readonly complaints: readonly Complaint[] }

/** Where a path that a file names is, seen from the process. */
export type Locate = (path: string) => string

/** How a setting is read: from the texts of flags and environment, and from the values of a file or of options. */
export interface Reader<T> {
  /** Present: may be given more than once, and this parts the values of an environment variable. */
  readonly split?: (text: string) => readonly string[]
  /** Takes no value on the command line: being there means true. */
  readonly isSwitch?: true
  readonly texts: (texts: readonly string[]) => Reading<T>
  readonly value: (value: unknown, locate: Locate) => Reading<T>
}

export type Parse<T> = (text: string) => Reading<T>

export function complain(message: string, suggestion?: Suggestion): { readonly complaints: readonly Complaint[] } {
  return { complaints: [{ message, ...(suggestion === undefined ? {} : { suggestion }) }] }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

/** All the values, or all the complaints. */
export function collect<T>(readings: readonly Reading<T>[]): Reading<readonly T[]> {
  const complaints = readings.flatMap((reading) => ('complaints' in reading ? reading.complaints : []))
  if (complaints.length > 0) return { complaints }
  return { value: readings.flatMap((reading) => ('value' in reading ? [reading.value] : [])) }
}

export function mapReading<A, B>(reading: Reading<A>, change: (value: A) => B): Reading<B> {
  return 'value' in reading ? { value: change(reading.value) } : reading
}

/** The same reading, its complaints placed inside something larger. */
export function placed<T>(reading: Reading<T>, at: string): Reading<T> {
  if ('value' in reading) return reading
  return { complaints: reading.complaints.map((each) => ({ ...each, at: at + (each.at ?? '') })) }
}

/** YAML reads `adminToken: #abc`, `adminToken: &abc` and `adminToken:` as a key without a value. */
export const NO_VALUE = 'is written with no value: leave it out, or quote a value that begins with # or &'

/** One value. Beside text, a file may write it as any of the types in `also`. The value is not quoted: it may be a secret. */
export function readScalar<T>(value: unknown, parse: Parse<T>, also: readonly string[] = []): Reading<T> {
  if (value === null) return complain(NO_VALUE)
  if (typeof value === 'string') return parse(value)
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    if (also.includes(typeof value)) return parse(String(value))
    return complain(`is a ${typeof value}, and this takes text: put it in quotes`)
  }
  return complain(`takes one value, not ${Array.isArray(value) ? 'a list' : 'a map'}`)
}

/** A setting with one value; given twice, the last counts. */
export function single<T>(parse: Parse<T>, also: readonly ('number' | 'boolean')[] = []): Reader<T> {
  return {
    texts: (texts) => parse(texts.at(-1) ?? ''),
    value: (value) => readScalar(value, parse, also),
  }
}

/** A setting that may be given more than once. */
export function list<T>(parse: Parse<T>): Reader<readonly T[]> {
  return {
    split: linesOrCommas,
    texts: (texts) => collect(texts.map(parse)),
    value: (value) => collect(asList(value).map((each, index) => placed(readScalar(each, parse), `.${index}`))),
  }
}

/** A value that holds commas itself goes on a line of its own. */
export function linesOrCommas(text: string): readonly string[] {
  return parts(text, text.includes('\n') ? '\n' : ',')
}

export function parts(text: string, separator: string | RegExp): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
