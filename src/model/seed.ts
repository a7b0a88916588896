import type { FamilyName, JobAction } from './family.ts'
import type { ScenarioSource } from './scenario.ts'
import type { Instant, Micros } from './time.ts'

/** A captured vendor document: the text to send, and the values that the emulator reads from it. */
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
  /** What the items that a running job still has to process do. */
  readonly action: JobAction | undefined
  /** Ids of items without a result (AWS `keys`), which a running job still has to process. */
  readonly pending: readonly string[]
  readonly scenario: string | ScenarioSource | undefined
}

/** A job that a seed defines by a create request. */
export interface RequestedJob {
  readonly kind: 'requested'
  readonly family: FamilyName
  readonly request: unknown
  readonly scenario: string | ScenarioSource | undefined
  /** `before`: time before the moment of seeding, such as 2s for `now-2s`. */
  readonly createdAt: { readonly before: Micros } | { readonly at: Instant }
}

export type SeedJob = CapturedJob | RequestedJob

/** The jobs of a seed, for the domains whose name matches the glob. */
export interface Seed {
  readonly domain: string
  readonly jobs: Iterable<SeedJob>
}
