import type { Fault } from './fault.ts'
import type { Instant, Micros } from './time.ts'

export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** A request at its arrival. Headers and body are unchanged here; output redacts them. */
export interface Arrival {
  readonly id: string
  readonly operation: string
  readonly method: string
  readonly path: string
  /** The text after the question mark. */
  readonly query: string
  readonly headers: Headers
  /** Number of header characters that were too long to store. */
  readonly omittedHeaderChars: number | undefined
  /** The job that the path names. */
  readonly job: string | undefined
}

/** The outcome of a request. */
export interface Outcome {
  /** The job that the request has created. */
  readonly job?: string | undefined
  /** undefined also if it was too long to store. */
  readonly body?: unknown
  readonly omittedBodyBytes?: number | undefined
  /** True if the response showed a job with its final status. */
  readonly showedFinalStatus: boolean
  /** The body of the response; undefined if there was none, it was too long to store, or it contains tokens. */
  readonly answer?: string | undefined
  /** The Retry-After header of the response. */
  readonly retryAfter?: Micros | undefined
  /** undefined if no response was sent: the connection was closed first, by a fault or by the client. */
  readonly status: number | undefined
  readonly durationMs: number
}

/** A request in the journal of a domain. */
export interface JournalEntry extends Arrival {
  readonly at: Instant
  /** By the calendar, for display: the calendar may have jumped since the previous entry. */
  readonly receivedAt: Instant
  /** By the monotonic clock, for the time between two entries. */
  readonly elapsedAt: Micros
  /** The domain's clock was a `step` clock, which moves with polls. */
  readonly onStepClock: boolean
  /** False for a request that was refused before it was matched against faults. */
  readonly countedByFaults: boolean
  /** The fault that hit it. */
  readonly fault: Fault | undefined
  /** undefined while the request is in flight. */
  readonly outcome: (Outcome & { readonly answeredAt: Instant; readonly elapsedAnsweredAt: Micros }) | undefined
}

/** A filter of the journal; all given conditions must hold. */
export interface RequestQuery {
  readonly id?: string | undefined
  /** A name, or a glob. */
  readonly operation?: string | undefined
  readonly method?: string | undefined
  /** A path, or a glob. */
  readonly path?: string | undefined
  readonly job?: string | undefined
  readonly status?: number | undefined
  /** Instant of the domain. */
  readonly since?: Instant | undefined
}
