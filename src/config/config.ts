import type { ClockMode } from '../model/domain.ts'
import { parseDuration } from '../model/duration.ts'
import { DEFAULT_SETTINGS, type Settings } from '../model/settings.ts'
import type { Instant, Micros } from '../model/time.ts'
import type { User } from '../model/user.ts'
import { parseInstant } from '../wire/timestamps.ts'
import { CONFIG_OPTIONS } from './option-list.ts'
import type { EmulatorOptions } from './options-types.ts'
import { readDocument, readEnvironment, readFlags } from './sources.ts'
import type { Environment, Flags, Problem, SecretTexts, SourceReading } from './sources.ts'

export type { EmulatorOptions } from './options-types.ts'
export { secretPathsOf } from './sources.ts'
export type { Environment, Flags, Problem, SecretText, SecretTexts } from './sources.ts'
export { CONFIG_OPTIONS, exampleOf, FLAG_OPTIONS, flagHelpOf, type Option } from './option-list.ts'
export { exposureOf, isLoopback } from './exposure.ts'
export { nearest } from '../model/nearest.ts'

type Defaulted =
  | 'port'
  | 'host'
  | 'reseed'
  | 'scenario'
  | 'scenarios'
  | 'watch'
  | 'rate'
  | 'randomSeed'
  | 'domains'
  | 'maxDomains'
  | 'admin'
  | 'logLevel'
type WithoutDefault = 'data' | 'scenariosDir' | 'adminToken' | 'readyFile' | 'logFormat' | 'printToken'

type Options = {
  readonly [K in Defaulted]-?: Exclude<EmulatorOptions[K], undefined>
} & { readonly [K in WithoutDefault]: EmulatorOptions[K] }

/** The options of a start with every default filled in, each in the form that the emulator works with. */
export interface Config extends Options {
  /** Files and folders; undefined: the seeds that ship with the emulator. */
  readonly seed: readonly string[] | 'none' | undefined
  /** The clock that new domains get; `now` absent: the real time at the start. */
  readonly clock: { readonly mode: ClockMode; readonly now?: Instant }
  readonly auth: {
    readonly mode: 'strict' | 'any' | 'off'
    readonly algorithm: 'HS256' | 'ES256'
    readonly jwtSecret?: string
  }
  readonly users: readonly User[]
  readonly domainTtl: Micros | undefined
  readonly settings: Settings
  readonly tls: TlsChoice
  readonly tlsName: readonly string[]
  readonly allowHost: readonly string[]
}

/** The options after reading: checked, with text converted, and the durations and instants still text. */
interface Values extends Omit<Config, 'clock' | 'domainTtl' | 'settings'> {
  readonly clock: { readonly mode: ClockMode; readonly now?: string }
  readonly auth: Config['auth'] & { readonly tokenTtl: string }
  readonly domainTtl?: string
  readonly settings: Partial<Settings>
}

/** A certificate created here, none at all, or the user's own. */
type TlsChoice = 'auto' | 'off' | { readonly certFile: string; readonly keyFile: string }

export type ConfigReading = { readonly config: Config } | { readonly problems: readonly Problem[] }

export interface ConfigSources {
  readonly flags?: Flags
  readonly env?: Environment
  /** The contents of the files that variables such as `CCKM_EMULATOR_ADMIN_TOKEN_FILE` name. */
  readonly secrets?: SecretTexts
  /** A parsed configuration file, and the folder of its relative paths. */
  readonly file?: { readonly folder: string; readonly values: unknown }
  /** Replaces the default of some options. */
  readonly defaults?: Readonly<Record<string, unknown>>
}

/** Flags take precedence over the environment, the file and the defaults, in this order. Every problem is reported. */
export function readConfig({ flags = {}, env = {}, secrets, file, defaults = {} }: ConfigSources): ConfigReading {
  const document = readDocument('file', file?.values, file?.folder)
  return combine(defaults, [document, readEnvironment(env, secrets), readFlags(flags)])
}

/** Reads the options of `createEmulator()`: the keys of a configuration file. Environment variables are not read. */
export function readOptions(options: EmulatorOptions = {}): ConfigReading {
  return combine(LIBRARY_DEFAULTS, [readDocument('option', options)])
}

/** The path of the configuration file, which only a flag or a variable names. */
export function configFileOf({ flags = {}, env = {} }: ConfigSources): string | undefined {
  const { config } = { ...readEnvironment(env).values, ...readFlags(flags).values }
  return typeof config === 'string' ? config : undefined
}

/** A problem in one line: place, error, and what to do. */
export function describeProblem({ key, message, suggestion }: Problem): string {
  const hint = suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`
  return `${shownKey(key)}${key === '' ? '' : ': '}${message}${hint}`
}

/** A key that was written together with its value, such as `adminToken:abc`, is shown without the value. */
function shownKey(key: string): string {
  const name = /^[\w.-]*/.exec(key)?.[0] ?? ''
  return name === key ? key : `${name}…`
}

type Defaults = SourceReading['values']

const DEFAULTS = defaultsOf('default')
/** A test gets only what it requests, on a free port, and nothing is printed. */
const LIBRARY_DEFAULTS = defaultsOf('x-library-default')

function defaultsOf(mark: 'default' | 'x-library-default'): Defaults {
  const named = CONFIG_OPTIONS.map(({ key = '', schema }) => [key, schema[mark]] as const)
  return Object.fromEntries(named.filter(([, value]) => value !== undefined))
}

function combine(defaults: Defaults, sources: readonly SourceReading[]): ConfigReading {
  const problems = sources.flatMap((source) => source.problems)
  if (problems.length > 0) return { problems }
  // Later sources take precedence.
  const layers = [DEFAULTS, defaults, ...sources.map(({ values }) => values)]
  return { config: toConfig(Object.fromEntries(layers.flatMap((layer) => Object.entries(layer)))) }
}

function toConfig(flat: Defaults): Config {
  const { auth, clock, domainTtl, settings, ...rest } = nest(flat)
  const { tokenTtl, ...ownAuth } = auth
  const now = clock.now === undefined ? undefined : parseInstant(clock.now)
  return {
    ...rest,
    seed: rest.seed,
    auth: ownAuth,
    clock: { mode: clock.mode, ...(now !== undefined && { now }) },
    domainTtl: domainTtl === undefined ? undefined : parseDuration(domainTtl),
    settings: { ...DEFAULT_SETTINGS, ...settings, tokenTtl },
  }
}

/** `auth.mode` becomes `mode` in `auth`. */
function nest(flat: Defaults): Values {
  const groups: Record<string, Record<string, unknown>> = { auth: {}, settings: {} }
  const single: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(flat)) {
    const [outer = '', inner] = key.split('.')
    if (inner === undefined) single[outer] = value
    else Object.assign((groups[outer] ??= {}), { [inner]: value })
  }
  // Each value was checked against the schema of its option, or is its default.
  return { ...single, ...groups } as unknown as Values
}
