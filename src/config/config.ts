import { fromDocument, fromEnvironment, fromFlags, type Environment, type Flags, type Gathered } from './gather.ts'
import { DEFAULTS, ROWS, type Row } from './table.ts'
import type { Config, EmulatorOptions, Problem, Values } from './types.ts'
import { DEFAULT_SETTINGS, type Settings } from '../model/settings.ts'

export type { Config, EmulatorOptions, Problem } from './types.ts'
export type { Environment, Flags } from './gather.ts'
export type { Row } from './table.ts'
export { exposureOf, isLoopback } from './exposure.ts'
export { nearest } from './suggest.ts'

/** Every setting, for whoever lists them: the command line, and a test that reads the documentation. */
export const SETTINGS: readonly Row[] = ROWS

export type ConfigReading = { readonly config: Config } | { readonly problems: readonly Problem[] }

export interface ConfigSources {
  readonly flags?: Flags
  readonly env?: Environment
  /** A configuration file that has been read, and the folder from which its relative paths count. */
  readonly file?: { readonly folder: string; readonly values: unknown }
  /** What holds in the place of a default. */
  readonly defaults?: Partial<Values>
}

/** In a test, nothing is there that the test did not ask for, and nothing is printed. */
const LIBRARY_DEFAULTS: Partial<Values> = { port: 0, seeds: 'none', logLevel: 'silent' }

/** Flags win over the environment, it over the file, and that over the defaults. Every problem is reported, not just the first. */
export function readConfig({ flags = {}, env = {}, file, defaults }: ConfigSources): ConfigReading {
  const document = fromDocument('file', file?.values, file?.folder)
  return combine({ ...DEFAULTS, ...defaults }, [document, fromEnvironment(env), fromFlags(flags)])
}

/** The options of `createEmulator()`: the keys of a configuration file. The environment has no say. */
export function readOptions(options: EmulatorOptions = {}): ConfigReading {
  return combine({ ...DEFAULTS, ...LIBRARY_DEFAULTS }, [fromDocument('option', options)])
}

/** Which configuration file to read, which only flags and environment can say. */
export function configFileOf({ flags = {}, env = {} }: ConfigSources): string | undefined {
  return { ...fromEnvironment(env).values, ...fromFlags(flags).values }.config
}

/** A problem in one line: where, what, and what to do. */
export function describeProblem({ key, message, suggestion }: Problem): string {
  const hint = suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`
  return `${shownKey(key)}${key === '' ? '' : ': '}${message}${hint}`
}

/** A name that was written together with its value, such as `adminToken:abc`, is shown without it. */
function shownKey(key: string): string {
  const name = /^[\w.-]*/.exec(key)?.[0] ?? ''
  return name === key ? key : `${name}…`
}

function combine(defaults: Values, sources: readonly Gathered[]): ConfigReading {
  const problems = sources.flatMap((source) => source.problems)
  if (problems.length > 0) return { problems }
  const said = sources.map((source) => source.values)
  return { config: toConfig(Object.assign({}, defaults, ...said) as Values, mergedSettings(said)) }
}

/** Switches are overridden one by one; all else is overridden whole. */
function mergedSettings(said: readonly Partial<Values>[]): Settings {
  return said.reduce<Settings>(
    (settings, { settings: switches, strictFields, tokenTtl }) => ({
      ...settings,
      ...switches,
      ...(strictFields === undefined ? {} : { strictFields }),
      ...(tokenTtl === undefined ? {} : { tokenTtl }),
    }),
    DEFAULT_SETTINGS,
  )
}

function toConfig(values: Values, settings: Settings): Config {
  const { port, host, data, seeds, reseed, scenario, scenariosDir, scenarios, watch, clock, rate, randomSeed } = values
  const { users, domains, domainTtl, maxDomains, tls, tlsNames, allowHosts } = values
  const { readyFile, logLevel, logFormat, printToken } = values
  return {
    ...{ port, host, data, seeds, reseed, scenario, scenariosDir, scenarios, watch, clock, rate, randomSeed },
    auth: toAuth(values),
    ...{ users, domains, domainTtl, maxDomains, settings, tls, tlsNames, allowHosts },
    admin: { enabled: values.adminEnabled, ...(values.adminToken === undefined ? {} : { token: values.adminToken }) },
    ...{ readyFile, logLevel, logFormat, printToken },
  }
}

function toAuth({ authMode, authAlgorithm, jwtSecret }: Values): Config['auth'] {
  return {
    mode: authMode,
    algorithm: authAlgorithm,
    ...(jwtSecret === undefined ? {} : { jwtSecret }),
  }
}
