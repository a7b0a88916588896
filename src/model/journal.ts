import type { Fault } from './fault.ts'
import type { Instant, Micros } from './time.ts'

export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** A request as it arrives. Headers and body are kept as they came; whoever shows them redacts them. */
export interface Arrival {
  readonly operation: string
  readonly method: string
  readonly path: string
  /** What stands after the question mark. */
  readonly query: string
  readonly headers: Headers
  /** Characters of the headers that are not among them, since they were too long to keep. */
  readonly omittedHeaders: number | undefined
  readonly job: string | undefined
}

/** A request in the journal of a domain. */
export interface JournalEntry extends Arrival {
  readonly at: Instant
  /** What the calendar said, to be shown: it may have jumped since the entry before. */
  readonly realAt: Instant
  /** By the monotonic clock, for what lies between two entries. */
  readonly elapsedAt: Micros
  job: string | undefined
  /** Whether faults have counted it: one that was refused for its token has met none. */
  isCounted: boolean
  /** The fault that hit it. */
  fault: Fault | undefined
  /** undefined too where it was more than is kept. */
  body: unknown
  /** Characters of a body that was too long to keep. */
  omitted: number | undefined
  /** Whether the answer showed a job at its end. */
  showedEnd: boolean
  /** The body of the answer; undefined where there was none, it was long, or a sign-in's. */
  answer: string | undefined
  /** What an answer told the client to wait. */
  retryAfter: Micros | undefined
  /** undefined where no answer went out, on purpose or not yet. */
  status: number | undefined
  /** The rest is undefined while the request is under way. */
  durationMs: number | undefined
  answeredAt: Instant | undefined
  elapsedAnsweredAt: Micros | undefined
}

/** Answered, or dropped on purpose: nothing more will come of it. */
export function isOver({ durationMs }: JournalEntry): boolean {
  return durationMs !== undefined
}

/** Which requests of the journal are meant; everything that is given must hold. */
export interface RequestQuery {
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
