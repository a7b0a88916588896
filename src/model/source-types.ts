// Written by scripts/write-types.ts from the schemas: do not edit.

/** The switches of the fidelity ledger. */
export interface Settings {
  /** CM version: 2.16 and older know no keys, vault_id. */
  readonly cmVersion: string
  /** Status of a create; the pages say "2xx". */
  readonly createStatus: 200 | 201 | 202
  /** Status of a cancel. */
  readonly cancelStatus: 200 | 202
  /** Status of a delete; 200 has the body {}. */
  readonly deleteStatus: 200 | 204
  /** overall_status of a job that failed. */
  readonly failureWord: string
  /** overall_status of a job whose cancel took effect. */
  readonly abortedWord: string
  /** overall_status of a job that failed, in families other than bulk jobs. */
  readonly syncFailureWord: string
  /** overall_status of a job whose cancel took effect, in families other than bulk jobs. */
  readonly syncAbortedWord: string
  /** Whether a synchronization can start while another of its family covers one of its containers, or answers 409. */
  readonly parallelSync: 'refuse' | 'allow'
  /** Text of an item that a cancel left undone; empty: the item is omitted. */
  readonly undoneItem: string
  /** detailed_status of a job none of whose items is done: {} or no such key. */
  readonly initialDetails: 'empty' | 'absent'
  /** What a cancel of a finished job does: set abort and nothing else, or 409. */
  readonly cancelFinished: 'flag' | 'refuse'
  /** Whether a running job can be deleted, or answers 409. */
  readonly deleteRunning: 'refuse' | 'allow'
  /** Refuse request fields that the vendor does not document. */
  readonly strictFields: boolean
  /** What an item of a job does that names nothing in the inventory: succeed, or fail as the cloud would say. */
  readonly inventory: 'loose' | 'strict'
  /** When CM shows that the cloud has destroyed a key: at once, or after a synchronization. */
  readonly goneShown: 'at-once' | 'on-sync'
  /** How long after a soft-delete a purge of the key answers 409, a duration. */
  readonly purgeDelay: string
  /** overall_status of a job some of whose items failed because of the state of their keys. */
  readonly partialFailureWord: string
  /** How many entries a list returns at most: a larger limit, and -1, is cut to it. */
  readonly listMaximum: 'none' | number
  /** The clock by which tokens expire; real, since clients compare exp with their own clock. */
  readonly tokenClock: 'real' | 'domain'
  /** Lifetime of an API token, a duration. */
  readonly tokenTtl: string
}

/** A user who can sign in. */
export interface User {
  readonly name: string
  readonly password: string
  /** The home domain: the only one that the user can sign in to, and the default. */
  readonly domain?: string | undefined
  readonly groups?: readonly string[] | undefined
  /** ACL actions, such as keybulkoperation. */
  readonly acls?: readonly string[] | undefined
}

/** A rule for some items of a job. */
export interface ItemRule {
  /** Glob over the item id. */
  readonly id?: string | undefined
  /** Position in the job, from 0; negative counts from the end; two are the first and the last of a range. */
  readonly index?: number | readonly number[] | undefined
  /** Every n-th item: 3 takes the 3rd, 6th, 9th. */
  readonly every?: number | undefined
  /** Share of all items, drawn by the random seed; the shares of several rules add up. */
  readonly fraction?: number | undefined
  /** Exactly so many items, drawn by the random seed; all if there are fewer; before any fraction. */
  readonly count?: number | undefined
  /** Text in detailed_status; absent: what the family writes for success. */
  readonly status?: string | undefined
  /** When the result appears: a share of the job's duration, a duration, or never. */
  readonly at?: string | undefined
}

/** A scenario as a file or a request writes it. */
export interface ScenarioSource {
  /** The JSON Schema that an editor checks the file by; ignored. */
  readonly $schema?: string | undefined
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** The scenario whose fields this one inherits. */
  readonly extends?: string | undefined
  /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
  readonly after?: string | undefined
  /** Ends at the n-th GET by id of the API client. */
  readonly polls?: number | undefined
  readonly signal?: string | Readonly<Record<string, string>> | undefined
  readonly never?: true | undefined
  /** Up to this much is added to `after`, drawn by the random seed. */
  readonly jitter?: string | undefined
  /** Words of overall_status before the end, one after the other from the start; then in_progress. */
  readonly phases?:
    | readonly {
        /** The overall_status meanwhile. */
        readonly status: string
        /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
        readonly for: string
      }[]
    | undefined
  /** Times in which nothing happens; they are added to `after`, and later items are as much later. */
  readonly pauses?:
    | readonly {
        /** When the job pauses: a share of `after`, or a duration after the start; pauses do not count. */
        readonly at: string
        /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
        readonly for: string
      }[]
    | undefined
  readonly items?: readonly ItemRule[] | undefined
  /** Number of items of a job whose request names none. */
  readonly itemCount?: number | undefined
  /** An overall_status; the word `failure` stands for the failure word of the domain (setting failureWord). */
  readonly overall_status?: string | undefined
  readonly cancel?:
    | 'effective'
    | 'ignored'
    | 'rejected'
    | {
        /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
        readonly effective: string
      }
    | undefined
  readonly results?: 'progressive' | 'final' | undefined
}

/** A fault rule: which calls fail or are delayed on purpose, and how. */
export interface FaultSource {
  readonly on?:
    | {
        /** A name or a glob: azure.*, azure.bulkjobs.{get,list}. */
        readonly operation?: string | undefined
        readonly method?: string | undefined
        /** Glob over the path, without its query. */
        readonly path?: string | undefined
        readonly job?: string | undefined
        readonly nth?: number | readonly number[] | undefined
        readonly every?: number | undefined
        /** The share of calls to hit, drawn by the random seed. */
        readonly rate?: number | undefined
        /** Only calls from this time of the domain's clock after it is set. */
        readonly from?: string | undefined
        /** Only calls for so long after that. */
        readonly for?: string | undefined
      }
    | undefined
  /** How often it may hit; absent: no limit. */
  readonly times?: number | undefined
  /** One or more actions that go together. */
  readonly do: {
    /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
    readonly delay?: string | undefined
    /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
    readonly virtualDelay?: string | undefined
    /** The answer is as of this long ago, a duration of the domain. */
    readonly stale?: string | undefined
    /** A JSON merge patch (RFC 7386) of the answer; answers that are not JSON stay. */
    readonly patch?: unknown
    readonly socket?: 'reset' | 'close' | 'truncate' | 'garbage' | undefined
    readonly respond?:
      | {
          readonly status: number
          /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
          readonly retryAfter?: string | undefined
          /** A string is sent unchanged; absent: the vendor's error shape. */
          readonly body?: unknown
        }
      | undefined
    readonly lose?: true | undefined
    readonly token?: 'expire' | 'revoke' | undefined
  }
}

/** A job rule: the scenario of the next matching jobs that clients create. */
export interface JobRuleSource {
  readonly when?:
    | {
        /** A family: aws.bulkjob. */
        readonly family?: string | undefined
        /** The job's vendor operation: enablekey. */
        readonly operation?: string | undefined
        /** Glob over the ids of its items. */
        readonly item?: string | undefined
      }
    | undefined
  readonly scenario: string | ScenarioSource
  /** How many jobs; absent: one. */
  readonly times?: number | undefined
}

/** The faults of a sweep, the Retry-After of 503 and 429, and the delay of a slow response. */
export interface SweepPlanRequest {
  readonly faults?: readonly ('500' | '503' | '429' | 'reset' | 'truncate' | 'lose' | '401' | 'slow')[] | undefined
  /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
  readonly retryAfter?: string | undefined
  /** A duration: 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M. */
  readonly slow?: string | undefined
}
