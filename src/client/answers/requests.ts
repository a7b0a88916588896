import type { FailureKind } from '../../model/failure-kind.ts'

/** Responses of the control API about requests of clients. */

/** A request of the journal, without secrets. */
export interface RequestAnswer extends RequestNewsAnswer {
  /** As in the header X-Emulator-Request-Id of its response. */
  readonly id: string
  readonly realAt: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** Why some headers are not shown. */
  readonly headersOmitted?: string
  /** null if there was none, or an unreadable one. */
  readonly body: unknown
  /** Why a body is not shown. */
  readonly bodyOmitted?: string
  readonly job?: string
  /** If requested: the overall_status in its response, if that was one job and was stored. */
  readonly jobStatus?: string
  /** The id of the fault that hit it. */
  readonly fault?: string
}

export interface RequestNewsAnswer {
  readonly at: string
  readonly operation: string
  readonly method: string
  readonly path: string
  /** null if no response was sent. */
  readonly status: number | null
  /** null while it is in flight. */
  readonly durationMs: number | null
}

export interface RequestListAnswer {
  readonly total: number
  /** The number of older requests that the journal no longer has. */
  readonly dropped: number
  readonly requests: readonly RequestAnswer[]
}

export interface RequestCountAnswer {
  readonly count: number
  /** Present if the count was not the expected one. */
  readonly nearest?: NearestAnswer | null
}

export interface NearestAnswer {
  readonly request: RequestAnswer
  readonly differs: readonly { readonly field: string; readonly expected: string; readonly actual: string }[]
  readonly text: string
}

/** The intervals between polls; durations as text. */
export interface PaceAnswer {
  /** null for a single poll. */
  readonly intervals: { readonly min: string; readonly median: string; readonly max: string } | null
  /** The intervals grow, or have grown to a maximum. */
  readonly backOff: boolean
  /** The intervals have grown to a maximum. */
  readonly capped: boolean
  /** False on a `step` clock, which polls move: there are no findings about intervals. */
  readonly judged: { readonly intervals: boolean; readonly because?: 'step clock' }
}

interface JobPollingAnswer extends PaceAnswer {
  readonly job: string
  readonly gets: number
  readonly pollsAfterEnd: number
  readonly retries: { readonly after401: number; readonly after429: number; readonly after5xx: number }
  readonly retryAfter: { readonly asked: number; readonly kept: number }
  readonly signIns: number
}

/** How the jobs of a family were polled by their list. */
interface ListPollingAnswer extends PaceAnswer {
  readonly family: string
  readonly calls: number
}

export interface PollingReportAnswer {
  readonly jobs: readonly JobPollingAnswer[]
  /** Empty in a report about one job. */
  readonly lists: readonly ListPollingAnswer[]
  /** Operations with a Retry-After in a response, and how often the client waited that long. */
  readonly operations: readonly { readonly operation: string; readonly asked: number; readonly kept: number }[]
  readonly signIns: number
  readonly findings: readonly {
    readonly rule: string
    readonly level: 'error' | 'hint'
    /** Absent if the finding is about an operation. */
    readonly job?: string
    readonly operation?: string
    readonly message: string
    readonly requests: readonly RequestAnswer[]
  }[]
}

/** The end of a test. */
export interface EndAnswer {
  /** There are no problems. */
  readonly ok: boolean
  readonly problems: readonly { readonly rule: FailureKind; readonly message: string }[]
  /** The problems and the report, for people. */
  readonly text: string
  /** A self-contained HTML page of what happened, without secrets, if asked for. */
  readonly trace?: string
}
