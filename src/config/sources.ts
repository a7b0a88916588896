import { isAbsolute, join } from 'node:path'
import { isRecord } from '../model/is-record.ts'
import { checkValue, NO_VALUE, type OptionIssue } from './check.ts'
import { nearest } from '../model/nearest.ts'
import { keysOf } from '../model/pointer.ts'
import { CONFIG_OPTIONS, FLAG_OPTIONS, isGroup, PREFIX, spellingOf, type Option, type Source } from './option-list.ts'
import { removedSpelling } from './removed.ts'
import { convertScalar, locatePaths, splitVariable } from './text-forms.ts'

/** An error in the configuration. */
export interface Problem {
  readonly source: Source
  /** As spelled in that source: `--port`, `CCKM_EMULATOR_PORT`, `auth.mode`. */
  readonly key: string
  readonly message: string
  readonly suggestion?: string
}

/** The values of one source, by the key of the option in a file; absent keys come from the next source. */
export interface SourceReading {
  readonly values: Readonly<Record<string, unknown>>
  readonly problems: readonly Problem[]
}

/** Flags from the command line, by name in camel case (`randomSeed`); a flag without a value is `true`. */
export type Flags = Readonly<Record<string, string | readonly string[]>>
export type Environment = Readonly<Record<string, string | undefined>>

/** The text of the file that a variable such as `CCKM_EMULATOR_ADMIN_TOKEN_FILE` names, or why there is none. */
export type SecretText = { readonly text: string } | { readonly reason: string }
/** By the name of the variable. */
export type SecretTexts = Readonly<Record<string, SecretText>>

/**
 * Variables that describe an emulator to its clients (docs/guides/exec.md). They are not options, and are not reported
 * as unknown.
 */
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
  // The command, for those that start it: clients/python.
  'BIN',
  'SWEEP',
].map((name) => PREFIX + name)

/** Variables that Kubernetes sets for a service with this name, or with one that starts with it. */
const SERVICE_VARIABLE =
  /^CCKM_EMULATOR_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//

export function readFlags(flags: Flags): SourceReading {
  const spellings = FLAG_OPTIONS.map((option) => spellingOf(option, 'flag'))
  return merge(
    Object.entries(flags).map(([name, given]) => {
      const option = FLAG_OPTIONS.find((each) => each.name === name)
      const texts = typeof given === 'string' ? [given] : given
      return option === undefined ? unknownOption('flag', toFlag(name), spellings) : readTexts('flag', option, texts)
    }),
  )
}

function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The path in each variable that names the file of a secret. */
export function secretPathsOf(env: Environment): readonly (readonly [variable: string, path: string])[] {
  return FLAG_OPTIONS.flatMap(({ secretFile = '' }) => {
    const path = env[secretFile]
    return path === undefined || path === '' ? [] : [[secretFile, path] as const]
  })
}

/** Without `secrets` the variables that name the files of secrets are left out. */
export function readEnvironment(env: Environment, secrets: SecretTexts = {}): SourceReading {
  const files = new Map(secretPathsOf(env))
  const given = Object.entries(env).filter(([name, text]) => name.startsWith(PREFIX) && !isAbsent(name, text))
  const known = FLAG_OPTIONS.flatMap(({ environment = [], secretFile = [] }) => [environment, secretFile].flat())
  return merge(
    given
      .filter(([name]) => !CLIENT_VARIABLES.includes(name))
      .map(([name, text = '']) => {
        const option = optionIn(name)
        if (option === undefined) return unknownOption('environment', name, known)
        const { environment = '', secretFile = '' } = option
        if (text === '') return problem('environment', name, 'is set but empty: unset it, or give it a value')
        if (!files.has(secretFile)) return readVariable(option, name, text)
        // Both are set: the problem is reported for the file's variable.
        if (name === environment) return { values: {}, problems: [] }
        return readSecretFile(option, env[environment], secrets[name])
      }),
  )
}

function optionIn(variable: string): Option | undefined {
  return FLAG_OPTIONS.find(({ environment, secretFile }) => environment === variable || secretFile === variable)
}

function readVariable(option: Option, name: string, text: string): SourceReading {
  return readTexts('environment', option, option.isList ? splitVariable(option, text) : [text], name)
}

function readSecretFile(option: Option, variable = '', secret?: SecretText): SourceReading {
  const { environment = '', secretFile = '' } = option
  if (variable !== '') return problem('environment', secretFile, `${environment} is set as well: unset one of them`)
  if (secret === undefined) return { values: {}, problems: [] }
  return 'reason' in secret
    ? problem('environment', secretFile, secret.reason)
    : readVariable(option, secretFile, secret.text)
}

/** An empty variable counts as absent, unless its option is a lock, which would then be open. */
function isAbsent(name: string, text?: string): boolean {
  const isLock = optionIn(name)?.schema['x-lock'] === true
  if (text === undefined || (text === '' && !isLock) || SERVICE_VARIABLE.test(name)) return true
  return name.endsWith('PORT') && SERVICE_ADDRESS.test(text)
}

function readTexts(
  source: Source,
  option: Option,
  texts: readonly string[],
  spelling = spellingOf(option, source),
): SourceReading {
  if (option.name === 'set') return merge(texts.map((text) => readSwitch(source, spelling, text)))
  const reading = readValue(source, option, { spelling, value: option.isList ? texts : (texts.at(-1) ?? '') })
  const { key = option.name } = option
  // `--no-admin` negates `admin`.
  return option.schema['x-negated'] === true && typeof reading.values[key] === 'boolean'
    ? { ...reading, values: { [key]: !reading.values[key] } }
    : reading
}

/** Reads `createStatus=200` from a flag or a variable that all switches share. */
function readSwitch(source: Source, spelling: string, text: string): SourceReading {
  // Text after the name may be a secret that belongs elsewhere.
  const [name = ''] = /^[\w.-]*/.exec(text) ?? []
  const value = /^[^=]*=([^]*)$/.exec(text)?.[1]
  if (value === undefined) return problem(source, spelling, `"${name}" is not SWITCH=VALUE, such as createStatus=200`)
  const option = CONFIG_OPTIONS.find(({ key }) => key === (name === 'tokenTtl' ? 'auth.tokenTtl' : `settings.${name}`))
  if (option !== undefined && text.startsWith(`${name}=`)) {
    const { values, problems } = readValue(source, option, { spelling, value })
    return { values, problems: problems.map((each) => ({ ...each, message: `${name}: ${each.message}` })) }
  }
  const known = CONFIG_OPTIONS.flatMap(({ key = '' }) => (key.startsWith('settings.') ? [key.slice(9)] : []))
  return problem(source, spelling, `${name}: is not a known switch`, nearest(name, known))
}

/** Reads the keys of a file, or the options of the library. Relative paths are resolved against `folder`. */
export function readDocument(source: 'file' | 'option', document: unknown, folder = ''): SourceReading {
  if (document === undefined || document === null) return { values: {}, problems: [] }
  if (!isRecord(document)) return problem(source, '', 'is not a map of options')
  const locate = (path: string): string => (isAbsolute(path) ? path : join(folder, path))
  const entries = Object.entries(document).flatMap(([key, value]) => {
    const isMap = isGroup(key) && isRecord(value)
    return isMap
      ? Object.entries(value).map(([inner, each]) => [`${key}.${inner}`, each] as const)
      : [[key, value] as const]
  })
  const known = CONFIG_OPTIONS.flatMap(({ key }) => key ?? [])
  return merge(
    entries
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => {
        const removed = removedSpelling(key, value)
        if (removed !== undefined) return problem(source, key, removed)
        if (isGroup(key)) return problem(source, key, value === null ? NO_VALUE : 'takes a map')
        const option = CONFIG_OPTIONS.find((each) => each.key === key)
        if (option === undefined) return unknownOption(source, key, known)
        return readValue(source, option, { spelling: key, value, ...(source === 'file' && { locate }) })
      }),
  )
}

interface Written {
  readonly spelling: string
  readonly value: unknown
  readonly locate?: (path: string) => string
}

/** Converts text to a value and checks it, the same for every source. */
function readValue(source: Source, option: Option, { spelling, value, locate }: Written): SourceReading {
  const converted = value === null ? { value } : convertScalar(option, value)
  const issues = 'issues' in converted ? converted.issues : checkValue(option.schema, converted.value)
  // A pointer is useless to a user who wrote one text, unless the text is JSON.
  const texts = source === 'flag' || source === 'environment' ? true : typeof value === 'string'
  const hasPlaces = !texts || option.key === 'scenario'
  if (issues.length > 0 || 'issues' in converted)
    return {
      values: {},
      problems: issues.map((issue) => problemOf(source, hasPlaces ? spelling + dotted(issue) : spelling, issue)),
    }
  const located =
    locate !== undefined && option.schema['x-path'] === true ? locatePaths(converted.value, locate) : converted.value
  return { values: { [option.key ?? option.name]: located }, problems: [] }
}

function dotted({ pointer }: OptionIssue): string {
  return keysOf(pointer)
    .map((key) => `.${key}`)
    .join('')
}

function problemOf(source: Source, key: string, { message, suggestion }: OptionIssue): Problem {
  if (suggestion === undefined || typeof suggestion === 'string') return toProblem(source, key, message, suggestion)
  const other = CONFIG_OPTIONS.find((each) => each.key === suggestion.key)
  const spelling = other === undefined ? suggestion.key : spellingOf(other, source)
  const separator = { flag: ' ', environment: '=', file: ': ', option: ': ' }[source]
  return toProblem(source, key, message, spelling + separator + suggestion.value)
}

function toProblem(source: Source, key: string, message: string, suggestion?: string): Problem {
  return { source, key, message, ...(suggestion !== undefined && { suggestion }) }
}

function problem(source: Source, key: string, message: string, suggestion?: string): SourceReading {
  return { values: {}, problems: [toProblem(source, key, message, suggestion)] }
}

function unknownOption(source: Source, key: string, known: readonly string[]): SourceReading {
  return problem(source, key, 'is not a known setting', nearestKey(key, known))
}

/** Compares without the prefix that all names share, which would make them all similar. */
function nearestKey(key: string, known: readonly string[]): string | undefined {
  const shared = [PREFIX, 'auth.', 'settings.', '--'].find((start) => key.startsWith(start)) ?? ''
  const inside = known.filter((each) => each.startsWith(shared)).map((each) => each.slice(shared.length))
  const match = nearest(key.slice(shared.length), inside)
  if (match !== undefined) return shared + match
  return shared === 'auth.' ? nearest(key.slice(shared.length), known) : undefined
}

function merge(readings: readonly SourceReading[]): SourceReading {
  return {
    values: Object.assign({}, ...readings.map(({ values }) => values)) as SourceReading['values'],
    problems: readings.flatMap(({ problems }) => problems),
  }
}
