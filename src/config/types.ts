import type { ClockMode } from '../model/domain.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant, Micros } from '../model/time.ts'
import type { User } from '../model/user.ts'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export const AUTH_MODES = ['strict', 'any', 'off'] as const
export const AUTH_ALGORITHMS = ['HS256', 'ES256'] as const
export const LOG_FORMATS = ['json', 'pretty'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]
export type AuthMode = (typeof AUTH_MODES)[number]
export type AuthAlgorithm = (typeof AUTH_ALGORITHMS)[number]
export type LogFormat = (typeof LOG_FORMATS)[number]

/** Certificates made here, none at all, or the user's own. */
export type TlsChoice = 'auto' | 'off' | { readonly certFile: string; readonly keyFile: string }

/** The clock that new domains get; `now` absent: the real time at the start. */
export interface ClockChoice {
  readonly mode: ClockMode
  readonly now?: Instant
}

/** Everything there is to know before the start, with every default filled in. */
export interface Config {
  readonly port: number
  readonly host: string
  /** Folder of the database; undefined: in memory. */
  readonly data: string | undefined
  /** Files and folders; undefined: the seeds that ship with the emulator. */
  readonly seeds: readonly string[] | 'none' | undefined
  readonly reseed: boolean
  /** The scenario of jobs for which nobody names another. */
  readonly scenario: string | ScenarioSource
  readonly scenariosDir: string | undefined
  readonly scenarios: Readonly<Record<string, ScenarioSource>>
  readonly watch: boolean
  readonly clock: ClockChoice
  readonly rate: number
  readonly randomSeed: number
  readonly auth: {
    readonly mode: AuthMode
    readonly algorithm: AuthAlgorithm
    readonly jwtSecret?: string
  }
  readonly users: readonly User[]
  /** `auto`, `fixed`, or a glob over the names that domains may have. */
  readonly domains: string
  readonly domainTtl: Micros | undefined
  readonly maxDomains: number
  readonly settings: Settings
  readonly tls: TlsChoice
  readonly tlsNames: readonly string[]
  readonly admin: { readonly enabled: boolean; readonly token?: string }
  readonly allowHosts: readonly string[]
  readonly readyFile: string | undefined
  readonly logLevel: LogLevel
  /** undefined: pretty on a terminal, JSON elsewhere. */
  readonly logFormat: LogFormat | undefined
  /** undefined: on a terminal only. */
  readonly printToken: boolean | undefined
}

/** The keys of a configuration file, which are the options of `createEmulator()` too. */
export interface EmulatorOptions {
  readonly port?: number
  readonly host?: string
  readonly data?: string
  readonly seed?: string | readonly string[]
  readonly reseed?: boolean
  readonly scenario?: string | ScenarioSource
  /** Scenarios by name, or the folder that holds them. */
  readonly scenarios?: Readonly<Record<string, ScenarioSource>> | string
  readonly scenariosDir?: string
  readonly watch?: boolean
  readonly clock?: string | { readonly mode: ClockMode; readonly now?: string }
  readonly rate?: number
  readonly randomSeed?: number
  readonly auth?:
    | AuthMode
    | {
        readonly mode?: AuthMode
        readonly algorithm?: AuthAlgorithm
        readonly tokenTtl?: string
        readonly jwtSecret?: string
      }
  readonly authAlgorithm?: AuthAlgorithm
  readonly tokenTtl?: string
  readonly jwtSecret?: string
  readonly users?: readonly (User | string)[]
  readonly user?: string | readonly (User | string)[]
  readonly domains?: string
  readonly domainTtl?: string
  readonly maxDomains?: number
  readonly settings?: Partial<Settings>
  readonly strictFields?: boolean
  readonly tls?: string | { readonly certFile: string; readonly keyFile: string }
  readonly tlsName?: string | readonly string[]
  readonly admin?: boolean
  readonly noAdmin?: boolean
  readonly adminToken?: string
  readonly allowHost?: string | readonly string[]
  readonly readyFile?: string
  readonly logLevel?: LogLevel
  readonly logFormat?: LogFormat
  readonly printToken?: boolean
}

export type Source = 'flag' | 'environment' | 'file' | 'option'

/** One thing that is wrong with what was configured. */
export interface Problem {
  readonly source: Source
  /** As it is written in that source: `--port`, `CCKM_EMULATOR_PORT`, `auth.mode`. */
  readonly key: string
  readonly message: string
  readonly suggestion?: string
}

/** What one source says, flat: a key a setting. Absent keys are left to the next source. */
export interface Values {
  readonly config?: string
  readonly port: number
  readonly host: string
  readonly data?: string
  readonly seeds?: readonly string[] | 'none'
  readonly reseed: boolean
  readonly scenario: string | ScenarioSource
  readonly scenariosDir?: string
  readonly scenarios: Readonly<Record<string, ScenarioSource>>
  readonly watch: boolean
  readonly clock: ClockChoice
  readonly rate: number
  readonly randomSeed: number
  readonly authMode: AuthMode
  readonly authAlgorithm: AuthAlgorithm
  readonly tokenTtl?: string
  readonly jwtSecret?: string
  readonly users: readonly User[]
  readonly domains: string
  readonly domainTtl?: Micros
  readonly maxDomains: number
  readonly settings: Partial<Settings>
  readonly strictFields?: boolean
  readonly tls: TlsChoice
  readonly tlsNames: readonly string[]
  readonly adminEnabled: boolean
  readonly adminToken?: string
  readonly allowHosts: readonly string[]
  readonly readyFile?: string
  readonly logLevel: LogLevel
  readonly logFormat?: LogFormat
  readonly printToken?: boolean
}
