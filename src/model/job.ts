import type { FamilyName } from './family.ts'
import type { ItemResult, Plan } from './plan.ts'
import type { Instant } from './time.ts'

/** Something that happened to a job after its creation. Only ever appended. */
export type JobEvent =
  | { readonly kind: 'cancel'; readonly at: Instant }
  | { readonly kind: 'signal'; readonly at: Instant; readonly name: string }
  | { readonly kind: 'poll'; readonly at: Instant }
  | { readonly kind: 'delete'; readonly at: Instant }

/** One bulk job as it is kept: what never changes, and the events so far. */
export interface Job {
  readonly id: string
  readonly family: FamilyName
  readonly operation: string
  readonly cloud: string
  /** The job was not there before this instant, whatever its `createdAt` says (a seeded one may be years old). */
  readonly existsFrom: Instant
  /** A seeded job's vendor document as it was written, minified; undefined for a job that a client created. */
  readonly document: string | undefined
  /** Fields repeated from the request, as JSON text. */
  readonly echoes: Readonly<Record<string, string>>
  readonly plan: Plan
  readonly events: readonly JobEvent[]
}

/** A job seen at an instant. */
export interface JobView {
  readonly status: string
  readonly isFinal: boolean
  /** The items that have a result by now, in the order of the plan. */
  readonly results: readonly ItemResult[]
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly completedAt: Instant | undefined
  readonly abort: boolean
  readonly isDeleted: boolean
  /** When it changes next if nothing but time passes; undefined when it never will. */
  readonly nextTransitionAt: Instant | undefined
  /** True until something happens to the job: a captured document is then shown as written. */
  readonly isAsCaptured: boolean
}

/** One change of a job or of one of its items. */
export interface Transition {
  readonly job: string
  readonly item?: string
  readonly from: string | undefined
  readonly to: string
  readonly at: Instant
}

/**
 * What a list needs to know of a job at any instant, fixed whenever the job is written,
 * so that filtering, sorting and counting never load a plan.
 */
export interface JobTimes {
  readonly createdAt: Instant
  /** `updatedAt` until the end, and from when a cancel has moved it: that of a cancel after the end does not count. */
  readonly firstUpdatedAt: Instant
  readonly cancelledAt: Instant | undefined
  readonly endsAt: Instant | undefined
  readonly endStatus: string | undefined
  readonly lastUpdatedAt: Instant | undefined
  readonly completedAt: Instant | undefined
  readonly deletedAt: Instant | undefined
}

/** When an item of a job ends by time alone, seen from its plan and events; undefined where nothing says when. */
export interface ItemTime {
  readonly id: string
  readonly at: Instant | undefined
}

export const IN_PROGRESS = 'in_progress'
export const COMPLETED = 'completed'
export const SUCCESS = 'Success'
