import type { FamilyName } from './family.ts'
import type { ScenarioSource } from './scenario.ts'
import type { Instant, Micros } from './time.ts'

/** A vendor document as it was captured: the text that will be sent, and what the emulator reads in it. */
export interface CapturedJob {
  readonly kind: 'captured'
  readonly family: FamilyName
  readonly id: string
  readonly operation: string
  readonly cloud: string
  /** Minified, otherwise as written. */
  readonly text: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly completedAt: Instant | undefined
  readonly status: string
  readonly abort: boolean
  readonly results: readonly { readonly id: string; readonly status: string }[]
  /** Item ids that the document lists without a result (AWS `keys`): a running job has yet to do them. */
  readonly pending: readonly string[]
  readonly scenario: string | ScenarioSource | undefined
}

/** A job that a seed asks for by a create request. */
export interface RequestedJob {
  readonly kind: 'requested'
  readonly family: FamilyName
  readonly request: unknown
  readonly scenario: string | ScenarioSource | undefined
  /** `now-2s` is so long before the moment of seeding; an instant is itself; absent is now. */
  readonly createdAt: { readonly before: Micros } | { readonly at: Instant }
}

export type SeedJob = CapturedJob | RequestedJob

/** A seed, read: its jobs, for the domains whose name the glob matches. */
export interface Seed {
  readonly domain: string
  readonly jobs: Iterable<SeedJob>
}
