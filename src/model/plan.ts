import type { Coverage } from './family.ts'
import type { Change, KindName } from './resource.ts'
import type { Instant, Micros } from './time.ts'

/** The result of one item, as `detailed_status` shows it. */
export interface ItemResult {
  readonly id: string
  readonly status: string
}

/** The condition that ends a step. A plan without a trigger never ends. */
type Trigger =
  | { readonly kind: 'after'; readonly delay: Micros }
  | { readonly kind: 'polls'; readonly count: number }
  | { readonly kind: 'signal'; readonly name: string }

/** One way in which a job can end. The ending of a plan whose trigger comes first applies. */
export interface Ending {
  readonly trigger: Trigger
  readonly status: string
  /** Status of the items without a result; undefined: each gets its planned result. */
  readonly unfinished?: string
}

export interface PlannedItem extends ItemResult {
  /**
   * When it gets its result: time since the start of the plan; `before`: earlier than that (a job seeded while it was
   * running); `end`: at the end of the job; `never`.
   */
  readonly at: Micros | 'before' | 'end' | 'never'
  /** The cloud refuses it, for the state that its resource will be in. */
  readonly refused?: true
}

/** The effect of a cancel. */
export type CancelPlan =
  | { readonly kind: 'effective'; readonly after: Micros; readonly status: string; readonly unfinished: string }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'rejected' }

/** The source of a job's scenario, in order of precedence. */
export type ScenarioChoice = 'header' | 'rule' | 'domain' | 'configuration' | 'seed' | 'call'

/** What each item that succeeds does to the resource with its id. */
export interface PlannedEffect {
  readonly kind: KindName
  readonly change: Change
  /** What the first of them does to another resource. */
  readonly with?: { readonly resource: string; readonly kind: KindName; readonly change: Change }
  /** The kind of resource that an item makes of each resource that it covers. Absent: it makes none. */
  readonly copies?: KindName
}

/** A status before the end, from this time after the start of the plan until the next phase. */
export interface PlannedPhase {
  readonly at: Micros
  readonly status: string
}

/** A time after the start of the plan in which the job does nothing. The times of its items and its end include it. */
interface PlannedPause {
  readonly at: Micros
  readonly for: Micros
}

/** A scenario resolved for one job, with all random draws and words fixed. Immutable. */
export interface UnfoldingPlan extends AnyPlan {
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
  /** Absent: none, and in data of older versions. */
  readonly effect?: PlannedEffect
  /** In order; the first is at 0. Absent: in_progress until the end, as in data of older versions. */
  readonly phases?: readonly PlannedPhase[]
  /** In order. Absent: none, and in data of older versions. */
  readonly pauses?: readonly PlannedPause[]
  /** The parts of the inventory that its items cover, in the order of the items. Absent: each item stands for itself. */
  readonly covers?: readonly PlannedCoverage[]
}

/** What every plan has. */
interface AnyPlan {
  /** Text of an item that succeeds. Absent: `Success`. */
  readonly done?: string
  /** Every name and id of the containers that the job covers; `*` for all. Absent: none. */
  readonly containers?: readonly string[]
}

/** One part of the inventory that an item covers; an item can cover several. */
export interface PlannedCoverage extends Coverage {
  readonly item: string
}

/** The plan of a job that had already ended when it was seeded. */
export interface FinishedPlan extends AnyPlan {
  readonly kind: 'finished'
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly completedAt: Instant | undefined
  readonly status: string
  readonly abort: boolean
  readonly items: readonly ItemResult[]
}

export type Plan = UnfoldingPlan | FinishedPlan
