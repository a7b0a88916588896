import type { Instant } from './time.ts'

/** The outcome of an item; `none` if plan and events give it no result. */
export type ItemOutcome = 'done' | 'failed' | 'cancelled' | 'none'

/** Items of a job that are adjacent in time. */
export interface TimelineStep {
  /** When the last of them gets its result; undefined if unknown. */
  readonly at: Instant | undefined
  readonly counts: Readonly<Partial<Record<ItemOutcome, number>>>
}

/** A job from start to end by its plan and the events so far, for drawing it. */
export interface JobTimeline {
  readonly startedAt: Instant
  /** undefined if time alone never ends the job. */
  readonly endsAt: Instant | undefined
  readonly endStatus: string | undefined
  readonly cancelledAt: Instant | undefined
  /** In order of time, those without an instant last. A job with very many items has several in one step. */
  readonly steps: readonly TimelineStep[]
}
