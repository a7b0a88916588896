import type { Instant } from './time.ts'

/** What becomes of an item; `none`: no result, as far as its plan and events say. */
export type ItemOutcome = 'done' | 'failed' | 'cancelled' | 'none'

/** Some items of a job that follow each other in time. */
export interface TimelineStep {
  /** When the last of them has its result; undefined where nothing says when. */
  readonly at: Instant | undefined
  readonly counts: Readonly<Partial<Record<ItemOutcome, number>>>
}

/** A job from its start to its end, as its plan and the events so far have it: what a picture of it needs. */
export interface JobTimeline {
  readonly startedAt: Instant
  /** undefined: time alone never ends it. */
  readonly endsAt: Instant | undefined
  readonly endStatus: string | undefined
  readonly cancelledAt: Instant | undefined
  /** In order of time, those without an instant last; a job of very many items has several to a step. */
  readonly steps: readonly TimelineStep[]
}
