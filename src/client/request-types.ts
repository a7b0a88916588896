// Written by scripts/write-types.ts from the schemas: do not edit.

import type { ScenarioSource, User } from '../model/source-types.ts'

/** How far to advance a clock. */
export type AdvanceRequest =
  | {
      /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
      readonly by: string
      /** How many transitions the answer has; absent: 1,000. */
      readonly limit?: number | undefined
    }
  | {
      /** RFC 3339. */
      readonly to: string
      /** How many transitions the answer has; absent: 1,000. */
      readonly limit?: number | undefined
    }
  | {
      readonly next: true
      /** How many transitions the answer has; absent: 1,000. */
      readonly limit?: number | undefined
    }
  | {
      readonly untilJob: string
      /** Final, or a status of the job; absent: final. */
      readonly is?: string | undefined
      /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
      readonly max?: string | undefined
      /** How many transitions the answer has; absent: 1,000. */
      readonly limit?: number | undefined
    }

/** The clock of a domain. */
export interface ClockRequest {
  readonly mode?: 'running' | 'frozen' | 'step' | 'auto' | undefined
  /** RFC 3339. */
  readonly now?: string | undefined
  readonly rate?: number | undefined
  /** Of auto: real time after which a sleeper that neither sleeps nor calls is dropped; absent: 5s. */
  readonly lease?: string | undefined
  /** Of auto: no leap before this many sleepers are known. */
  readonly sleepers?: number | undefined
}

/** A domain to create. */
export interface DomainRequest {
  /** A seed document (docs/reference/seeds.md). */
  readonly seed?: unknown
  readonly clock?: ClockRequest | string | undefined
  readonly scenario?: string | ScenarioSource | undefined
  readonly settings?: SettingsRequest | undefined
}

/** A job to create. */
export interface NewJobRequest {
  /** A family: aws.bulkjob. */
  readonly family?: string | undefined
  /** The body of a create request. */
  readonly request?: unknown
  /** A job as a CM sent it. */
  readonly job?: unknown
  readonly scenario?: string | ScenarioSource | undefined
  /** An instant, or now-2s; beside `job`, all instants of the job move by the same amount. */
  readonly createdAt?: string | undefined
}

/** A resource to add. */
export interface NewResourceRequest {
  /** A kind: aws.key. */
  readonly kind: string
  /** As the vendor writes it; what is missing is filled in. */
  readonly record?: Readonly<Record<string, unknown>> | undefined
  /** The id of the key that a backup is of. */
  readonly of?: string | undefined
  /** So many; in seeds alone. */
  readonly count?: number | undefined
  /** By the next synchronization. */
  readonly appears?: 'on-sync' | undefined
  /** By the next synchronization. */
  readonly vanishes?: 'on-sync' | undefined
}

/** A token to issue. */
export interface DomainTokenRequest {
  readonly username?: string | undefined
  readonly groups?: readonly string[] | undefined
  /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
  readonly ttl?: string | undefined
  readonly kind?: 'valid' | 'expired' | 'wrong-key' | 'revoked' | undefined
}

/** The settings of a domain. */
export interface SettingsRequest {
  /** CM version: 2.16 and older know no keys, vault_id. */
  readonly cmVersion?: string | undefined
  /** Status of a create; the pages say "2xx". */
  readonly createStatus?: 200 | 201 | 202 | undefined
  /** Status of a cancel. */
  readonly cancelStatus?: 200 | 202 | undefined
  /** Status of a delete; 200 has the body {}. */
  readonly deleteStatus?: 200 | 204 | undefined
  /** overall_status of a job that failed. */
  readonly failureWord?: string | undefined
  /** overall_status of a job whose cancel took effect. */
  readonly abortedWord?: string | undefined
  /** overall_status of a job that failed, in families other than bulk jobs. */
  readonly syncFailureWord?: string | undefined
  /** overall_status of a job whose cancel took effect, in families other than bulk jobs. */
  readonly syncAbortedWord?: string | undefined
  /** Whether a synchronization can start while another of its family covers one of its containers, or answers 409. */
  readonly parallelSync?: 'refuse' | 'allow' | undefined
  /** Text of an item that a cancel left undone; empty: the item is omitted. */
  readonly undoneItem?: string | undefined
  /** detailed_status of a job none of whose items is done: {} or no such key. */
  readonly initialDetails?: 'empty' | 'absent' | undefined
  /** What a cancel of a finished job does: set abort and nothing else, or 409. */
  readonly cancelFinished?: 'flag' | 'refuse' | undefined
  /** Whether a running job can be deleted, or answers 409. */
  readonly deleteRunning?: 'refuse' | 'allow' | undefined
  /** Refuse request fields that the vendor does not document. */
  readonly strictFields?: boolean | undefined
  /** What an item of a job does that names nothing in the inventory: succeed, or fail as the cloud would say. */
  readonly inventory?: 'loose' | 'strict' | undefined
  /** When CM shows that the cloud has destroyed a key: at once, or after a synchronization. */
  readonly goneShown?: 'at-once' | 'on-sync' | undefined
  /** How long after a soft-delete a purge of the key answers 409, a duration. */
  readonly purgeDelay?: string | undefined
  /** overall_status of a job some of whose items failed because of the state of their keys. */
  readonly partialFailureWord?: string | undefined
  /** How many entries a list returns at most: a larger limit, and -1, is cut to it. */
  readonly listMaximum?: 'none' | number | undefined
  /** The clock by which tokens expire; real, since clients compare exp with their own clock. */
  readonly tokenClock?: 'real' | 'domain' | undefined
  /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
  readonly tokenTtl?: string | undefined
  /** For the draws of jobs made from now on. */
  readonly randomSeed?: number | undefined
  readonly users?: readonly User[] | undefined
}

/** Requests to wait for. */
export interface RequestWaitRequest {
  /** A name or a glob. */
  readonly operation?: string | undefined
  readonly method?: string | undefined
  /** A path or a glob. */
  readonly path?: string | undefined
  readonly job?: string | undefined
  readonly status?: number | undefined
  /** RFC 3339. */
  readonly since?: string | undefined
  readonly count?: number | undefined
  /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
  readonly timeout?: string | undefined
}

/** The end of a test. */
export interface EndRequest {
  /** The test failed by itself: the text is the full report, and there are no problems. */
  readonly hasFailed?: boolean | undefined
  /**
   * What fails the test.
   *
   * @default ['5xx', '501', 'unused']
   */
  readonly failOn?: readonly ('5xx' | '501' | 'unused' | '4xx' | 'open-jobs' | 'in-flight')[] | undefined
  /** Kinds of failure, or requests, that are intended. */
  readonly allow?:
    | readonly (
        | '5xx'
        | '501'
        | 'unused'
        | '4xx'
        | 'open-jobs'
        | 'in-flight'
        | {
            /** A name or a glob. */
            readonly operation?: string | undefined
            readonly method?: string | undefined
            /** A path or a glob. */
            readonly path?: string | undefined
            readonly job?: string | undefined
            readonly status?: number | undefined
            /** RFC 3339. */
            readonly since?: string | undefined
          }
      )[]
    | undefined
  /** The name of the test, for the text and the trace. */
  readonly title?: string | undefined
  /** The job rules that must be used: all by default. */
  readonly rules?: readonly string[] | undefined
  /** The faults that must hit: all by default. */
  readonly faults?: readonly string[] | undefined
  /** The last query of the journal: the report names the most similar request. */
  readonly asked?:
    | {
        /** A name or a glob. */
        readonly operation?: string | undefined
        readonly method?: string | undefined
        /** A path or a glob. */
        readonly path?: string | undefined
        readonly job?: string | undefined
        readonly status?: number | undefined
        /** RFC 3339. */
        readonly since?: string | undefined
      }
    | undefined
  /** The wait for `asked` timed out. */
  readonly askedInVain?: boolean | undefined
  /** Leaves the domain as it is. */
  readonly keep?: boolean | undefined
}
