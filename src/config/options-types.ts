// Written by scripts/write-types.ts from the schemas: do not edit.

import type { ClockMode } from '../model/domain.ts'
import type { ScenarioSource, User } from '../model/source-types.ts'

/** The options of `createEmulator()`, which are the keys of a configuration file too. */
export interface EmulatorOptions {
  /**
   * Port for both http and https; 0 takes a free one.
   *
   * @default 0
   * @example 0
   */
  readonly port?: number | undefined
  /**
   * Address to listen on.
   *
   * @default '127.0.0.1'
   * @example '0.0.0.0'
   */
  readonly host?: string | undefined
  /**
   * Folder that keeps everything between starts.
   *
   * @default in memory
   * @example './data'
   */
  readonly data?: string | undefined
  /**
   * Seed file or folder, or none; repeatable.
   *
   * @default 'none'
   * @example 'seeds/jobs.json'
   */
  readonly seed?: string | readonly string[] | undefined
  /**
   * Apply seeds that changed since the data was created.
   *
   * @default false
   * @example true
   */
  readonly reseed?: boolean | undefined
  /**
   * Default scenario of jobs: a name, or an object (a flag or variable takes it as JSON).
   *
   * @default 'default'
   * @example 'slow'
   */
  readonly scenario?: string | ScenarioSource | undefined
  /**
   * Folder of scenario files, in addition to the shipped ones.
   *
   * @example './scenarios'
   */
  readonly scenariosDir?: string | undefined
  /**
   * Scenarios by name.
   *
   * @default {}
   * @example { mine: { extends: 'default', after: '30s' } }
   */
  readonly scenarios?: Readonly<Record<string, ScenarioSource>> | undefined
  /**
   * Reload scenario files when they change.
   *
   * @default false
   * @example true
   */
  readonly watch?: boolean | undefined
  /**
   * Clock of new domains: running, frozen, step or auto, optionally from an instant.
   *
   * @default { mode: 'running' }
   * @example 'frozen@2026-01-01T00:00:00Z'
   */
  readonly clock?:
    | ClockMode
    | `${ClockMode}@${string}`
    | {
        /** How the clock moves. */
        readonly mode: ClockMode
        /**
         * RFC 3339 instant to start at.
         *
         * @example '2026-01-01T00:00:00Z'
         */
        readonly now?: string | undefined
      }
    | undefined
  /**
   * Speed of a running clock; at 60, one real second is a minute.
   *
   * Unit: factor.
   *
   * @default 1
   * @example 60
   */
  readonly rate?: number | undefined
  /**
   * The same number and the same calls give the same jobs.
   *
   * @default 1
   * @example 42
   */
  readonly randomSeed?: number | undefined
  /**
   * How clients sign in.
   *
   * @example { mode: 'any' }
   */
  readonly auth?:
    | {
        /**
         * How tokens are checked: strict as CM does, any accepts every well-formed token, off requires none.
         *
         * @default 'strict'
         * @example 'any'
         */
        readonly mode?: 'strict' | 'any' | 'off' | undefined
        /**
         * Algorithm that signs tokens: HS256, or ES256 with a JWKS.
         *
         * @default 'HS256'
         * @example 'ES256'
         */
        readonly algorithm?: 'HS256' | 'ES256' | undefined
        /**
         * Lifetime of an API token.
         *
         * Unit: duration.
         *
         * @default '300s'
         * @example '2s'
         */
        readonly tokenTtl?: string | undefined
        /**
         * Secret that signs HS256 tokens.
         *
         * @default random, kept with the data
         * @example 'change-me'
         */
        readonly jwtSecret?: string | undefined
      }
    | undefined
  /**
   * Who can sign in, instead of the default user; repeatable (in the variable: separated by ; or lines).
   *
   * @default [{ name: 'admin', password: 'admin', groups: ['admin'] }]
   * @example 'ci:change-me:admin'
   */
  readonly users?: string | User | readonly (string | User)[] | undefined
  /**
   * Domains that a sign-in, a PUT or a fork may create: auto (any), fixed (none), or a glob such as ci-*.
   *
   * @default 'auto'
   * @example 'ci-*'
   */
  readonly domains?: string | undefined
  /**
   * Delete a domain that has not been used for this long.
   *
   * Unit: duration.
   *
   * @default never
   * @example '2h'
   */
  readonly domainTtl?: string | undefined
  /**
   * Maximum number of domains.
   *
   * @default 10000
   * @example 100
   */
  readonly maxDomains?: number | undefined
  /**
   * Switches of the fidelity ledger, by name.
   *
   * @default { cmVersion: '2.18', createStatus: 201, cancelStatus: 200, deleteStatus: 204, failureWord: 'error', abortedWord: 'aborted', syncFailureWord: 'failed', syncAbortedWord: 'completed', parallelSync: 'refuse', undoneItem: 'Aborted', initialDetails: 'empty', cancelFinished: 'flag', deleteRunning: 'refuse', strictFields: false, inventory: 'loose', goneShown: 'at-once', purgeDelay: '0s', partialFailureWord: 'completed', listMaximum: 'none', tokenClock: 'real', tokenTtl: '300s' }
   * @example { createStatus: 200 }
   */
  readonly settings?:
    | {
        /**
         * CM version: 2.16 and older know no keys, vault_id.
         *
         * @default '2.18'
         * @example '2.18'
         */
        readonly cmVersion?: string | undefined
        /**
         * Status of a create; the pages say "2xx".
         *
         * @default 201
         */
        readonly createStatus?: 200 | 201 | 202 | undefined
        /**
         * Status of a cancel.
         *
         * @default 200
         */
        readonly cancelStatus?: 200 | 202 | undefined
        /**
         * Status of a delete; 200 has the body {}.
         *
         * @default 204
         */
        readonly deleteStatus?: 200 | 204 | undefined
        /**
         * overall_status of a job that failed.
         *
         * @default 'error'
         */
        readonly failureWord?: string | undefined
        /**
         * overall_status of a job whose cancel took effect.
         *
         * @default 'aborted'
         */
        readonly abortedWord?: string | undefined
        /**
         * overall_status of a job that failed, in families other than bulk jobs.
         *
         * @default 'failed'
         */
        readonly syncFailureWord?: string | undefined
        /**
         * overall_status of a job whose cancel took effect, in families other than bulk jobs.
         *
         * @default 'completed'
         */
        readonly syncAbortedWord?: string | undefined
        /**
         * Whether a synchronization can start while another of its family covers one of its containers, or answers 409.
         *
         * @default 'refuse'
         */
        readonly parallelSync?: 'refuse' | 'allow' | undefined
        /**
         * Text of an item that a cancel left undone; empty: the item is omitted.
         *
         * @default 'Aborted'
         */
        readonly undoneItem?: string | undefined
        /**
         * detailed_status of a job none of whose items is done: {} or no such key.
         *
         * @default 'empty'
         */
        readonly initialDetails?: 'empty' | 'absent' | undefined
        /**
         * What a cancel of a finished job does: set abort and nothing else, or 409.
         *
         * @default 'flag'
         */
        readonly cancelFinished?: 'flag' | 'refuse' | undefined
        /**
         * Whether a running job can be deleted, or answers 409.
         *
         * @default 'refuse'
         */
        readonly deleteRunning?: 'refuse' | 'allow' | undefined
        /**
         * Refuse request fields that the vendor does not document.
         *
         * @default false
         */
        readonly strictFields?: boolean | undefined
        /**
         * What an item of a job does that names nothing in the inventory: succeed, or fail as the cloud would say.
         *
         * @default 'loose'
         */
        readonly inventory?: 'loose' | 'strict' | undefined
        /**
         * When CM shows that the cloud has destroyed a key: at once, or after a synchronization.
         *
         * @default 'at-once'
         */
        readonly goneShown?: 'at-once' | 'on-sync' | undefined
        /**
         * How long after a soft-delete a purge of the key answers 409, a duration.
         *
         * Unit: duration.
         *
         * @default '0s'
         * @example '20s'
         */
        readonly purgeDelay?: string | undefined
        /**
         * overall_status of a job some of whose items failed because of the state of their keys.
         *
         * @default 'completed'
         */
        readonly partialFailureWord?: string | undefined
        /**
         * How many entries a list returns at most: a larger limit, and -1, is cut to it.
         *
         * @default 'none'
         * @example 100
         */
        readonly listMaximum?: 'none' | number | undefined
        /**
         * The clock by which tokens expire; real, since clients compare exp with their own clock.
         *
         * @default 'real'
         */
        readonly tokenClock?: 'real' | 'domain' | undefined
      }
    | undefined
  /**
   * Certificate: auto creates one, off serves http only, or the PEM files of a certificate and its key.
   *
   * @default 'auto'
   * @example 'cert.pem,key.pem'
   */
  readonly tls?:
    | 'auto'
    | 'off'
    | `${string},${string}`
    | {
        readonly certFile: string
        readonly keyFile: string
      }
    | undefined
  /**
   * Additional name or address in the certificate; repeatable.
   *
   * @default []
   * @example 'cm.example'
   */
  readonly tlsName?: string | readonly string[] | undefined
  /**
   * Whether to serve the control API and the dashboard.
   *
   * @default true
   * @example false
   */
  readonly admin?: boolean | undefined
  /**
   * Require this bearer token for the control API.
   *
   * @example 'change-me'
   */
  readonly adminToken?: string | undefined
  /**
   * Additional Host name that the control API accepts; repeatable.
   *
   * @default []
   * @example 'cm.example'
   */
  readonly allowHost?: string | readonly string[] | undefined
  /**
   * File that receives the address as JSON once all seeds are loaded; removed at the end.
   *
   * @example 'ready.json'
   */
  readonly readyFile?: string | undefined
  /**
   * What is logged: trace, debug, info, warn, error, fatal or silent.
   *
   * @default 'silent'
   * @example 'debug'
   */
  readonly logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' | undefined
  /**
   * Format of the log.
   *
   * @default pretty on a terminal, json elsewhere
   * @example 'json'
   */
  readonly logFormat?: 'json' | 'pretty' | undefined
  /**
   * Print a token ready to paste.
   *
   * @default on a terminal only
   * @example true
   */
  readonly printToken?: boolean | undefined
}
