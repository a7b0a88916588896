import type { FamilyName } from './family.ts'
import type { ItemResult, Plan } from './plan.ts'
import type { ChangeName, KindName } from './resource.ts'
import type { Instant } from './time.ts'

/** Something that happened to a job after its creation. Only ever appended. */
export type JobEvent =
  | { readonly kind: 'cancel'; readonly at: Instant }
  | { readonly kind: 'signal'; readonly at: Instant; readonly name: string }
  | { readonly kind: 'poll'; readonly at: Instant }
  | { readonly kind: 'delete'; readonly at: Instant }

/** A stored job: its immutable part, and the events so far. */
export interface Job {
  readonly id: string
  readonly family: FamilyName
  readonly operation: string
  readonly cloud: string
  /** When the job appeared in the domain; the `createdAt` of a seeded job may be years earlier. */
  readonly existsFrom: Instant
  /** The minified vendor document of a seeded job; undefined for a job that a client created. */
  readonly document: string | undefined
  /** Fields repeated from the request, as JSON text. */
  readonly echoes: Readonly<Record<string, string>>
  readonly plan: Plan
  readonly events: readonly JobEvent[]
}

/** The state of a job at an instant. */
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
  /** When time alone changes it next; undefined if never. */
  readonly nextTransitionAt: Instant | undefined
  /** True until an event or a new result: a captured document is then shown as written. */
  readonly isAsCaptured: boolean
}

/** One change of a job or of one of its items. */
export interface Transition {
  readonly job: string
  readonly item?: string
  readonly from: string | undefined
  readonly to: string
  readonly at: Instant
  /** What the item did to a resource. */
  readonly effect?: { readonly resource: string; readonly kind: KindName; readonly change: ChangeName }
}

/** A change of a resource that no job made. */
export interface ResourceTransition {
  readonly resource: string
  readonly kind: KindName
  /** The word for the state before. */
  readonly from: string | undefined
  readonly to: ChangeName
  readonly at: Instant
}

export type AnyTransition = Transition | ResourceTransition

/**
 * The instants at which a job changes in lists. They are written with the job, so that filtering, sorting and counting
 * never load a plan.
 */
export interface JobTimes {
  readonly createdAt: Instant
  /** `updatedAt` until the end or an effective cancel. A cancel after the end does not change it. */
  readonly firstUpdatedAt: Instant
  readonly cancelledAt: Instant | undefined
  readonly endsAt: Instant | undefined
  readonly endStatus: string | undefined
  readonly lastUpdatedAt: Instant | undefined
  readonly completedAt: Instant | undefined
  readonly deletedAt: Instant | undefined
  /** The statuses before the end, each from its instant on; absent: in_progress. */
  readonly phases?: readonly { readonly at: Instant; readonly status: string }[]
}

/** When time alone ends an item or changes the phase of a job, by plan and events; undefined if that is not known. */
export interface ItemTime {
  readonly id: string
  readonly at: Instant | undefined
}

export const IN_PROGRESS = 'in_progress'
export const COMPLETED = 'completed'
/** The text of an item that succeeds, unless the plan has another. */
export const SUCCESS = 'Success'

/** Whether an item with this text succeeded. */
export function isSuccess({ done = SUCCESS }: Pick<Plan, 'done'>, text: string): boolean {
  return text === done
}
