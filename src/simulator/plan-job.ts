import { matchesGlob, MAX_MATCHED_LENGTH } from '../model/glob.ts'
import type { JobCourse } from '../model/family.ts'
import { COMPLETED, IN_PROGRESS, SUCCESS } from '../model/job.ts'
import type {
  CancelPlan,
  Ending,
  ItemResult,
  PlannedEffect,
  PlannedItem,
  PlannedPhase,
  ScenarioChoice,
  UnfoldingPlan,
} from '../model/plan.ts'
import { FAILURE, FRACTION_TOLERANCE, type ItemTime, type Scenario, type ScenarioItemRule } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import { toInstant, toMicros, type Instant, type Micros } from '../model/time.ts'
import { draw, type DrawKey } from './random.ts'

/** Input for a plan. */
export interface PlanInput {
  readonly scenario: Scenario
  readonly chosenBy: ScenarioChoice
  /** The id of the job rule that chose the scenario. */
  readonly rule?: string | undefined
  readonly settings: Settings
  /** How jobs of the family unfold; undefined: as bulk jobs do. */
  readonly course?: JobCourse | undefined
  readonly key: DrawKey
  readonly items: readonly string[]
  /** Items of a captured running job that already have a result. */
  readonly done?: readonly ItemResult[]
  readonly createdAt: Instant
  readonly updatedAt?: Instant
  readonly startedAt: Instant
  /** What the job does to resources; undefined: nothing. */
  readonly effect?: PlannedEffect | undefined
  /** The text with which the cloud refuses an item at an instant; undefined if it does not. */
  readonly refusalOf?: ((item: string, at: Instant) => string | undefined) | undefined
}

/** Resolves a scenario for one job: makes every draw and fixes every status. */
export function planJob(input: PlanInput): UnfoldingPlan {
  const { scenario, createdAt, startedAt, course } = input
  const work = durationOf(scenario, input.key)
  const pauses = pausesOf(scenario, work)
  const planned = plannedItems(input, { work, pauses })
  const duration = work === undefined ? undefined : laterBy(pauses, work)
  return {
    kind: 'unfolding',
    scenario: scenario.name,
    chosenBy: input.chosenBy,
    createdAt,
    updatedAt: input.updatedAt ?? createdAt,
    startedAt,
    endings: endingsOf(input, duration, (status) => wordAfter(planned, input, status)),
    items: [...doneItems(input), ...planned],
    cancel: cancelOf(input),
    results: scenario.results,
    ...(input.rule !== undefined && { rule: input.rule }),
    ...(input.effect !== undefined && { effect: input.effect }),
    ...phasesOf(scenario),
    ...(pauses.length > 0 && { pauses: pauses.map(({ from, length }) => ({ at: from, for: length })) }),
    ...(course !== undefined && { done: course.done }),
  }
}

function durationOf({ after, jitter }: Scenario, key: DrawKey): Micros | undefined {
  if (after === undefined || jitter === undefined) return after
  const most = 'share' in jitter ? after * jitter.share : jitter.micros
  return toMicros(after + Math.floor(most * draw(key, 'jitter')))
}

/** A family's own cancel yields only to that of a scenario of the user. */
function cancelOf({ scenario, settings, course }: PlanInput): CancelPlan {
  const after = course !== undefined && scenario.isCancelOwn !== true ? course.cancelDelay : undefined
  const cancel = after === undefined ? scenario.cancel : { kind: 'effective' as const, after }
  if (cancel.kind !== 'effective') return cancel
  const status = settings[course?.abortedWord ?? 'abortedWord']
  return { ...cancel, status, unfinished: course?.undone ?? settings.undoneItem }
}

function endingsOf(
  { scenario, course }: PlanInput,
  duration: Micros | undefined,
  word: (status: string) => string,
): Ending[] {
  const status = word(scenario.status)
  const endings: Ending[] = []
  if (duration !== undefined) endings.push({ trigger: { kind: 'after', delay: duration }, status })
  if (scenario.polls !== undefined) endings.push({ trigger: { kind: 'polls', count: scenario.polls }, status })
  for (const { name, status: signalled } of scenario.signals) {
    // A `fail` signal fails the unfinished items; a scenario that fails by itself has planned each item's result.
    const fails = signalled === FAILURE && scenario.status !== FAILURE
    const unfinished = fails ? { unfinished: course?.failed ?? FAILED_ITEM } : {}
    endings.push({ trigger: { kind: 'signal', name }, status: word(signalled), ...unfinished })
  }
  return endings
}

/** Text of an item that failed for no other reason than its scenario. What CM writes for bulk jobs is not known (docs/reference/fidelity.md). */
export const FAILED_ITEM = 'Error: the operation failed'

/** The text of an item in the words of its family. The scenarios say `Success` and `Error: the operation failed` for all. */
function textFor(status: string, course: JobCourse | undefined): string {
  if (course === undefined) return status
  return status === SUCCESS ? course.done : status === FAILED_ITEM ? course.failed : status
}

function wordFor(status: string, failureWord: string): string {
  return status === FAILURE ? failureWord : status
}

/** The end of a job that the scenario completes, once the cloud has refused some of its items and the scenario failed none. */
function wordAfter(planned: readonly PlannedItem[], { settings, course }: PlanInput, status: string): string {
  const failureWord = settings[course?.failureWord ?? 'failureWord']
  const refused = planned.filter((item) => item.refused === true).length
  const isFailedToo = planned.some((item) => item.refused !== true && item.status !== textFor(SUCCESS, course))
  if (status !== COMPLETED || refused === 0 || isFailedToo) return wordFor(status, failureWord)
  return refused === planned.length ? failureWord : settings.partialFailureWord
}

function doneItems({ done = [] }: PlanInput): PlannedItem[] {
  return done.map(({ id, status }) => ({ id, status, at: 'before' }))
}

/** How long a job works, pauses aside, and when it pauses. */
interface WorkTime {
  readonly work: Micros | undefined
  readonly pauses: readonly Pause[]
}

function plannedItems(input: PlanInput, time: WorkTime): PlannedItem[] {
  const { scenario, items, key, refusalOf, course } = input
  const { work, pauses } = time
  const rules = rulesOfItems(scenario.items, items, key)
  return items.map((id, index) => {
    const rule = rules[index]
    const even = work === undefined ? 'end' : toMicros(Math.round((work * (index + 1)) / items.length))
    const working = timeOf(rule?.at, work ?? toMicros(0)) ?? even
    const at = typeof working === 'number' ? laterBy(pauses, working) : working
    const planned = { id, status: textFor(rule?.status ?? SUCCESS, course), at }
    const isSuccess = planned.status === textFor(SUCCESS, course)
    const refusal = isSuccess ? refusalOf?.(id, instantOf(planned, input, time)) : undefined
    return refusal === undefined ? planned : { ...planned, status: refusal, refused: true }
  })
}

/** When an item gets its result if nothing else happens to the job; its start if that is not known. */
function instantOf({ at }: PlannedItem, { scenario, startedAt }: PlanInput, { work, pauses }: WorkTime): Instant {
  const end = work === undefined ? 0 : laterBy(pauses, work)
  const time = typeof at === 'number' && scenario.results !== 'final' ? at : end
  return toInstant(startedAt + time)
}

interface Pause {
  /** On the time line without pauses. */
  readonly at: Micros
  /** On the time line with them. */
  readonly from: Micros
  readonly length: Micros
}

function pausesOf({ pauses }: Scenario, work: Micros | undefined): Pause[] {
  const timed = pauses.map(({ at, for: length }) => ({ at: spanOf(at, work ?? toMicros(0)), length }))
  let passed = 0
  return timed
    .sort((a, b) => a.at - b.at)
    .map(({ at, length }) => {
      const from = toMicros(at + passed)
      passed += length
      return { at, from, length }
    })
}

/** A time after the start, with the pauses before it. A pause at that very time comes after it. */
function laterBy(pauses: readonly Pause[], time: Micros): Micros {
  return toMicros(pauses.reduce<number>((sum, { at, length }) => (at < time ? sum + length : sum), time))
}

/** The phases of a scenario, and in_progress after them. */
function phasesOf({ phases }: Scenario): Pick<UnfoldingPlan, 'phases'> {
  const planned: PlannedPhase[] = []
  let at = 0
  for (const { status, for: length } of [...phases, { status: IN_PROGRESS, for: 0 }]) {
    // A phase of no length is none, and neighbours with the same word are one.
    if (planned.at(-1)?.at === at) planned.pop()
    if (planned.at(-1)?.status !== status) planned.push({ at: toMicros(at), status })
    at += length
  }
  return phases.length === 0 ? {} : { phases: planned }
}

/**
 * The rule of each item: the first that applies. A rule with a fraction applies to a share of the items, one with a count
 * to so many, others to all that match. Counts take their items before fractions do, but not those of a rule that stands
 * before them.
 */
function rulesOfItems(
  rules: readonly ScenarioItemRule[],
  items: readonly string[],
  key: DrawKey,
): readonly (ScenarioItemRule | undefined)[] {
  const inOrder = items.map((id, index): ItemPosition => ({ id, index, count: items.length }))
  const isDrawn = rules.some(({ fraction, count }) => fraction !== undefined || count !== undefined)
  const order = { inOrder, inDrawnOrder: isDrawn ? drawnOrder(inOrder, key) : inOrder }
  const nothing = inOrder.map(() => undefined)
  if (rules.every(({ count }) => count === undefined)) return assigned(rules, order, nothing)
  const certain = assigned(
    rules.filter(({ fraction }) => fraction === undefined),
    order,
    nothing,
  )
  const counted = certain.map((rule) => (rule?.count === undefined ? undefined : rule))
  return assigned(
    rules.filter(({ count }) => count === undefined),
    order,
    counted,
  )
}

interface ItemOrder {
  readonly inOrder: readonly ItemPosition[]
  readonly inDrawnOrder: readonly ItemPosition[]
}

/** Lets the rules take items, one rule after the other; `before` are those that are taken already. */
function assigned(
  rules: readonly ScenarioItemRule[],
  { inOrder, inDrawnOrder }: ItemOrder,
  before: readonly (ScenarioItemRule | undefined)[],
): (ScenarioItemRule | undefined)[] {
  const taken = [...before]
  const { length } = inOrder
  let share = 0
  for (const rule of rules) {
    const { fraction, count } = rule
    const from = fraction === undefined && count === undefined ? inOrder : inDrawnOrder
    const free = from.filter((item) => taken[item.index] === undefined && matches(rule, item))
    const earlier = share
    share += fraction ?? 0
    const most = fraction === undefined ? count : shareOf(share, length) - shareOf(earlier, length)
    for (const { index } of free.slice(0, most)) taken[index] = rule
  }
  return taken
}

/** The items in an order that the random seed draws; equal draws keep their order. */
function drawnOrder(positions: readonly ItemPosition[], key: DrawKey): ItemPosition[] {
  const draws = positions.map((position) => ({ position, drawn: draw(key, `item ${position.index}`) }))
  return draws.sort((a, b) => a.drawn - b.drawn).map(({ position }) => position)
}

/** How many items are this share of all, half rounded up. Sums of decimals are inexact by about 1e-16: 0.1 + 0.2 is over 0.3. */
function shareOf(share: number, length: number): number {
  return Math.floor(length * share + 0.5 + FRACTION_TOLERANCE)
}

interface ItemPosition {
  readonly id: string
  readonly index: number
  readonly count: number
}

/** True if a rule matches an item, regardless of its fraction or count. */
function matches(rule: ScenarioItemRule, { id, index, count }: ItemPosition): boolean {
  if (rule.id !== undefined && !matchesGlob(rule.id, id)) return false
  if (rule.index !== undefined) {
    const [first, last] = rule.index
    if (index < fromStart(first, count) || index > fromStart(last, count)) return false
  }
  return rule.every === undefined || (index + 1) % rule.every === 0
}

function fromStart(position: number, count: number): number {
  return position < 0 ? count + position : position
}

/** The number of characters that the globs of a scenario compare for these items in the worst case. */
export function matchingCost({ items: rules }: Scenario, items: readonly string[]): number {
  const characters = items.reduce((sum, id) => sum + Math.min(id.length, MAX_MATCHED_LENGTH), 0)
  // A star may try each of its characters at each place of an id; without one a match stops at the first difference.
  return rules.reduce((sum, { id = '' }) => sum + id.length * (id.includes('*') ? characters : items.length), 0)
}

function timeOf(time: ItemTime | undefined, duration: Micros): PlannedItem['at'] | undefined {
  return time === undefined || time === 'never' ? time : spanOf(time, duration)
}

function spanOf(time: Exclude<ItemTime, 'never'>, duration: Micros): Micros {
  return 'micros' in time ? time.micros : toMicros(Math.round(duration * time.share))
}
