import type { FamilyName } from '../../model/family.ts'
import type { ChangeName } from '../../model/resource.ts'

/** Responses of the control API about jobs. */

export interface TransitionAnswer {
  /** What changes: a job, or a resource that no job changes. */
  readonly subject: { readonly job: string } | { readonly resource: string; readonly kind: string }
  /** The job, where it or an item of it changes. */
  readonly job?: string
  readonly item?: string
  readonly from: string | null
  readonly to: string
  readonly at: string
  /** What the item does to a resource. */
  readonly effect?: { readonly resource: string; readonly kind: string; readonly change: ChangeName }
}

export interface AdvanceAnswer {
  readonly now: string
  /** The number of all transitions on the way; `transitions` has the first of them. */
  readonly total: number
  readonly transitions: readonly TransitionAnswer[]
}

/** A job as the vendor writes it. */
interface VendorJob {
  readonly id: string
  readonly overall_status: string
  readonly detailed_status?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

export interface JobAnswer {
  readonly id: string
  readonly family: FamilyName
  readonly scenario: string | null
  readonly job: VendorJob
  /** Present if API clients no longer see the job; `job` is its last state. */
  readonly deleted?: true
  readonly nextTransitionAt: string | null
  /** Present if requested. */
  readonly timeline?: TimelineAnswer
}

/** A job from its start to its end, by its plan and the events so far. */
export interface TimelineAnswer {
  readonly startedAt: string
  /** null: time alone never ends it. */
  readonly endsAt: string | null
  readonly endStatus: string | null
  readonly cancelledAt: string | null
  /** Items in order of time: the number of each outcome that has its result by `at` (null: unknown). */
  readonly steps: readonly {
    readonly at: string | null
    readonly done?: number
    readonly failed?: number
    readonly cancelled?: number
    readonly none?: number
  }[]
}

/** From the start of the first job to the last change that time alone causes. */
export interface SpanAnswer {
  readonly from: string
  readonly to: string | null
}

export interface JobHistoryAnswer extends JobAnswer {
  readonly plan: Readonly<Record<string, unknown>>
  readonly events: readonly { readonly kind: string; readonly at: string; readonly name?: string }[]
}

export interface JobListAnswer {
  readonly total: number
  readonly jobs: readonly JobAnswer[]
  /** Present if timelines were requested; null if there is no job. */
  readonly span?: SpanAnswer | null
}

interface WaitingAnswer {
  readonly trigger: 'after' | 'polls' | 'signal' | 'never' | 'cancel'
  readonly text: string
  readonly at?: string
}

export interface ExplanationAnswer {
  readonly job: string
  readonly status: string
  readonly isFinal: boolean
  /** Present if API clients no longer see the job. */
  readonly deleted?: true
  readonly scenario: string | null
  readonly chosenBy: string | null
  /** The id of the job rule that chose it. */
  readonly rule?: string
  readonly now: string
  readonly clock: string
  readonly waitsFor: readonly WaitingAnswer[]
  readonly nextTransitionAt: string | null
  /** Its statuses before the end, each from that instant on; absent: in_progress. */
  readonly phases?: readonly { readonly status: string; readonly at: string }[]
  readonly pauses?: readonly { readonly from: string; readonly until: string }[]
  /** What its items did to resources, and what they will do. */
  readonly effects: readonly {
    readonly item: string
    readonly resource: string
    readonly change: ChangeName
    readonly at: string
  }[]
  readonly text: string
}
