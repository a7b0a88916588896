import { isAbsolute, join } from 'node:path'
import { complain, isRecord, NO_VALUE, type Complaint, type Locate, type Reading } from './reader.ts'
import { nearest } from './suggest.ts'
import { PREFIX, ROWS, type Row } from './table.ts'
import type { Problem, Source, Values } from './types.ts'

/** What one source says, and what is wrong with it. */
export interface Gathered {
  readonly values: Partial<Values>
  readonly problems: readonly Problem[]
}

/** Flags as the command line gave them, by name in camel case (`randomSeed`); a flag without a value is `true`. */
export type Flags = Readonly<Record<string, string | readonly string[]>>
export type Environment = Readonly<Record<string, string | undefined>>

type Finding =
  { readonly row: Row; readonly key: string; readonly reading: Reading<unknown> } | { readonly problem: Problem }

/** Said of an emulator to whoever uses it (docs/guides/exec.md), so no slip of a setting wherever they turn up. */
const CLIENT_VARIABLES = [
  'URL',
  'HTTPS_URL',
  'CA_FILE',
  'DOMAIN',
  'USERNAME',
  'PASSWORD',
  'TOKEN',
  'RUN_ID',
  'KEEP_DOMAINS',
].map((name) => PREFIX + name)

/** What Kubernetes injects for a service of this name, or of one that begins so. */
const SERVICE_VARIABLE =
  /^CCKM_EMULATOR_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//

export function fromFlags(flags: Flags): Gathered {
  const named = ROWS.filter(({ flag }) => flag !== undefined)
  const findings = Object.entries(flags).map(([name, given]): Finding => {
    const row = named.find((each) => each.name === name)
    if (row === undefined)
      return {
        problem: unknown(
          'flag',
          dashed(name),
          named.map((each) => nameOf(each, 'flag')),
        ),
      }
    return { row, key: nameOf(row, 'flag'), reading: row.reader.texts(typeof given === 'string' ? [given] : given) }
  })
  return settle('flag', findings)
}

function dashed(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

export function fromEnvironment(env: Environment): Gathered {
  const given = Object.entries(env).filter(([name, text]) => name.startsWith(PREFIX) && !isAbsent(name, text))
  const findings = given
    .filter(([name]) => !CLIENT_VARIABLES.includes(name))
    .map(([name, text = '']): Finding => {
      const row = ROWS.find(({ environment }) => environment === name)
      if (row === undefined) return { problem: unknown('environment', name, environmentNames()) }
      if (text === '') return { row, key: name, reading: complain('is set but empty: unset it, or give it a value') }
      return { row, key: name, reading: row.reader.texts(row.reader.split?.(text) ?? [text]) }
    })
  return settle('environment', findings)
}

/** An empty variable counts as absent, unless its setting locks something: that would then be open. */
function isAbsent(name: string, text?: string): boolean {
  const isEmpty = text === '' && !ROWS.some(({ environment, isLock }) => isLock && environment === name)
  if (text === undefined || isEmpty || SERVICE_VARIABLE.test(name)) return true
  return name.endsWith('PORT') && SERVICE_ADDRESS.test(text)
}

function environmentNames(): string[] {
  return ROWS.flatMap(({ environment }) => environment ?? [])
}

/** Reads the keys of a file, or the options of the library. Relative paths count from `folder`. */
export function fromDocument(source: 'file' | 'option', document: unknown, folder = ''): Gathered {
  if (document === undefined || document === null) return { values: {}, problems: [] }
  if (!isRecord(document)) return { values: {}, problems: [{ source, key: '', message: 'is not a map of settings' }] }
  const locate: Locate = (path) => (isAbsolute(path) ? path : join(folder, path))
  const entries = Object.entries(document).flatMap(([key, value]) => flatten(key, value))
  const findings = entries
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): Finding => {
      const row = rowAt(key, value)
      if (row === undefined)
        return {
          problem: unknown(
            source,
            key,
            ROWS.flatMap(({ file }) => file),
          ),
        }
      return { row, key, reading: value === null ? complain(NO_VALUE) : row.reader.value(value, locate) }
    })
  return settle(source, findings)
}

/** `auth` alone holds settings of its own. */
function flatten(key: string, value: unknown): [string, unknown][] {
  if (key !== 'auth' || !isRecord(value)) return [[key, value]]
  return Object.entries(value).map(([inner, each]) => [`${key}.${inner}`, each])
}

function rowAt(key: string, value: unknown): Row | undefined {
  // `scenarios` is a map of them, or the folder that the flag of that name takes.
  const place = key === 'scenarios' && typeof value === 'string' ? 'scenariosDir' : key
  return ROWS.find(({ file }) => file.includes(place))
}

function unknown(source: Source, key: string, known: readonly string[]): Problem {
  const suggestion = nearestKey(key, known)
  const message = 'is not a known setting'
  return { source, key, message, ...(suggestion === undefined ? {} : { suggestion }) }
}

/** Compares without the part that they share, so that it does not make everything look alike. */
function nearestKey(key: string, known: readonly string[]): string | undefined {
  const shared = [PREFIX, 'auth.', '--'].find((start) => key.startsWith(start)) ?? ''
  const inside = known.filter((each) => each.startsWith(shared)).map((each) => each.slice(shared.length))
  const match = nearest(key.slice(shared.length), inside)
  if (match !== undefined) return shared + match
  return shared === 'auth.' ? nearest(key.slice(shared.length), known) : undefined
}

function settle(source: Source, findings: readonly Finding[]): Gathered {
  const values: Partial<Record<keyof Values, unknown>> = {}
  const problems: Problem[] = []
  for (const finding of findings) {
    if ('problem' in finding) problems.push(finding.problem)
    else if ('value' in finding.reading) values[finding.row.key] = finding.reading.value
    else problems.push(...finding.reading.complaints.map((complaint) => toProblem(source, finding.key, complaint)))
  }
  // Each row's reader is typed by its key where the table is made.
  return { values: values as Partial<Values>, problems }
}

function toProblem(source: Source, key: string, { at = '', message, suggestion }: Complaint): Problem {
  const problem = { source, key: key + at, message }
  if (suggestion === undefined) return problem
  return { ...problem, suggestion: typeof suggestion === 'string' ? suggestion : spelled(source, suggestion) }
}

function spelled(source: Source, { name, value }: { name: string; value: string }): string {
  const row = ROWS.find((each) => each.name === name)
  const key = row === undefined ? name : nameOf(row, source)
  if (source === 'flag') return `${key} ${value}`
  return source === 'environment' ? `${key}=${value}` : `${key}: ${value}`
}

/** What a source calls a setting. */
function nameOf(row: Row, source: Source): string {
  if (source === 'flag') return row.flag?.replace(/ .*$/, '') ?? row.name
  if (source === 'environment') return row.environment ?? row.name
  return row.file[0] ?? row.name
}
