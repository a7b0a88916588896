import type { FamilyName, ItemSelector, JobAction } from './family.ts'
import type { KindName, ResourceRecord } from './resource.ts'
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
  /** Ids of items without a result that the document names, which a running job still has to process. */
  readonly pending: readonly string[]
  /** The containers that it covers; undefined: none. */
  readonly selector: ItemSelector | undefined
  readonly scenario: string | ScenarioSource | undefined
  /** Where its `createdAt` is moved to when it is seeded, and with it all other instants; undefined: they stay. */
  readonly movedTo?: SeedInstant | undefined
}

/** An instant of a seed; `before`: time before the moment of seeding, such as 2s for `now-2s`. */
export type SeedInstant = { readonly before: Micros } | { readonly at: Instant }

/** A job that a seed defines by a create request. */
export interface RequestedJob {
  readonly kind: 'requested'
  readonly family: FamilyName
  readonly request: unknown
  readonly scenario: string | ScenarioSource | undefined
  readonly createdAt: SeedInstant
}

export type SeedJob = CapturedJob | RequestedJob

/** Resources that a seed defines by one element. */
export interface SeedResource {
  readonly kind: KindName
  /** What is missing is filled in. */
  readonly record: ResourceRecord
  /** The id of the resource that it belongs to. */
  readonly of: string | undefined
  /** So many, with drawn ids; undefined: one. */
  readonly count: number | undefined
  /** In the cloud, and shown by the next synchronization. */
  readonly isHidden: boolean
  /** Lost in the cloud, which the next synchronization shows. */
  readonly vanishes: boolean
  /** Where it stands in a file, or a place below it; undefined: it is not of a file. */
  readonly where?: ((pointer: string) => string) | undefined
}

/** The resources and jobs of a seed, for the domains whose name matches the glob. */
export interface Seed {
  readonly domain: string
  readonly resources: Iterable<SeedResource>
  readonly jobs: Iterable<SeedJob>
}
