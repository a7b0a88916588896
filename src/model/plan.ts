import type { Instant, Micros } from './time.ts'

/** The result of one item, as `detailed_status` shows it. */
export interface ItemResult {
  readonly id: string
  readonly status: string
}

/** What a step waits for. A plan with no trigger at all never ends. */
type Trigger =
  | { readonly kind: 'after'; readonly delay: Micros }
  | { readonly kind: 'polls'; readonly count: number }
  | { readonly kind: 'signal'; readonly name: string }

/** One way in which a job can end. The first of a plan's endings to be met is the one that happens. */
export interface Ending {
  readonly trigger: Trigger
  readonly status: string
  /** Text for the items that have no result yet; undefined: each gets the result that was planned for it. */
  readonly unfinished?: string
}

export interface PlannedItem extends ItemResult {
  /**
   * When its result is there, counted from the start of the plan; `before`: it was there when the plan began (a job
   * seeded half-way); `end`: with the job; `never`: not at all.
   */
  readonly at: Micros | 'before' | 'end' | 'never'
}

/** What a cancel does. */
export type CancelPlan =
  | { readonly kind: 'effective'; readonly after: Micros; readonly status: string; readonly unfinished: string }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'rejected' }

/** Who chose the scenario of a job, in the order in which they are asked. */
export type ScenarioChoice = 'header' | 'rule' | 'domain' | 'configuration' | 'seed' | 'call'

/** A scenario resolved for one job: every draw made, every word settled. Never changes. */
export interface UnfoldingPlan {
  readonly kind: 'unfolding'
  readonly scenario: string
  readonly chosenBy: ScenarioChoice
  /** The id of the job rule that chose it. */
  readonly rule?: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly startedAt: Instant
  readonly endings: readonly Ending[]
  readonly items: readonly PlannedItem[]
  readonly cancel: CancelPlan
  readonly results: 'progressive' | 'final'
}

/** A job that was seeded when it was already over. */
export interface FinishedPlan {
  readonly kind: 'finished'
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly completedAt: Instant | undefined
  readonly status: string
  readonly abort: boolean
  readonly items: readonly ItemResult[]
}

export type Plan = UnfoldingPlan | FinishedPlan
