import { IN_PROGRESS, type JobEvent, type JobView } from '../model/job.ts'
import type { CancelPlan, Ending, FinishedPlan, ItemResult, Plan, PlannedItem, UnfoldingPlan } from '../model/plan.ts'
import { toInstant, type Instant } from '../model/time.ts'

/** How a job ended, and when. */
export interface JobEnd {
  readonly at: Instant
  readonly status: string
  /** Text for items without a result; undefined: the planned one. */
  readonly unfinished: string | undefined
}

/**
 * The state of a job at an instant, past or future; everything else is derived from it. Later events are ignored.
 *
 * At the same instant a plan's own endings come before a cancel (`after`, then `polls`, then `signal`, then cancel):
 * a job that is done at the moment it is cancelled is done.
 */
export function jobAt(plan: Plan, events: readonly JobEvent[], now: Instant): JobView {
  const past = events.filter(({ at }) => at <= now)
  return plan.kind === 'finished' ? finishedView(plan, past) : unfoldingView(plan, past, now)
}

function finishedView(plan: FinishedPlan, past: readonly JobEvent[]): JobView {
  const isCancelled = past.some(({ kind }) => kind === 'cancel')
  return {
    status: plan.status,
    isFinal: true,
    results: plan.items,
    createdAt: plan.createdAt,
    updatedAt: plan.updatedAt,
    completedAt: plan.completedAt,
    abort: plan.abort || isCancelled,
    isDeleted: past.some(({ kind }) => kind === 'delete'),
    nextTransitionAt: undefined,
    isAsCaptured: plan.abort || !isCancelled,
  }
}

function unfoldingView(plan: UnfoldingPlan, past: readonly JobEvent[], now: Instant): JobView {
  const end = endOf(plan, past)
  const over = end !== undefined && end.at <= now ? end : undefined
  const results = resultsAt(plan, over, now)
  const cancel = past.find(({ kind }) => kind === 'cancel')
  const status = over?.status ?? phaseAt(plan, now)
  return {
    status,
    isFinal: over !== undefined,
    results,
    createdAt: plan.createdAt,
    updatedAt: over?.at ?? effectiveCancel(plan, past)?.at ?? plan.updatedAt,
    completedAt: over?.at,
    abort: cancel !== undefined,
    isDeleted: past.some(({ kind }) => kind === 'delete'),
    nextTransitionAt: over === undefined ? nextTransition(plan, end, now) : undefined,
    isAsCaptured: status === IN_PROGRESS && cancel === undefined && results.length === givenItems(plan).length,
  }
}

/** The status of a job before its end. */
function phaseAt({ phases = [], startedAt }: UnfoldingPlan, now: Instant): string {
  return (phases.findLast(({ at }) => startedAt + at <= now) ?? phases[0])?.status ?? IN_PROGRESS
}

/** The instants at which time changes the status of a job before its end. */
export function phaseChanges({ phases = [], startedAt }: UnfoldingPlan, end: JobEnd | undefined): PhaseChange[] {
  return phases.flatMap(({ at, status }, index): PhaseChange[] => {
    const before = phases[index - 1]
    const instant = toInstant(startedAt + at)
    if (before === undefined || (end !== undefined && instant >= end.at)) return []
    return [{ from: before.status, to: status, at: instant }]
  })
}

interface PhaseChange {
  readonly from: string
  readonly to: string
  readonly at: Instant
}

/** The end of a job according to its plan and events, if no further event happens; undefined if there is none. */
export function endOf(plan: UnfoldingPlan, events: readonly JobEvent[]): JobEnd | undefined {
  let first: JobEnd | undefined
  for (const candidate of candidateEnds(plan, events))
    if (first === undefined || candidate.at < first.at) first = candidate
  return first
}

/** In the order in which ties are resolved. */
function candidateEnds(plan: UnfoldingPlan, events: readonly JobEvent[]): JobEnd[] {
  const ends = TRIGGER_RANK.flatMap((kind) =>
    plan.endings.filter(({ trigger }) => trigger.kind === kind).flatMap((ending) => endingAt(ending, plan, events)),
  )
  const cancel = events.find(({ kind }) => kind === 'cancel')
  if (cancel !== undefined && plan.cancel.kind === 'effective') ends.push(cancelledEnd(plan.cancel, cancel.at))
  return ends
}

const TRIGGER_RANK = ['after', 'polls', 'signal'] as const

function endingAt({ trigger, status, unfinished }: Ending, plan: UnfoldingPlan, events: readonly JobEvent[]): JobEnd[] {
  const at = triggeredAt(trigger, plan, events)
  return at === undefined ? [] : [{ at, status, unfinished }]
}

function triggeredAt(
  trigger: Ending['trigger'],
  plan: UnfoldingPlan,
  events: readonly JobEvent[],
): Instant | undefined {
  if (trigger.kind === 'after') return toInstant(plan.startedAt + trigger.delay)
  if (trigger.kind === 'polls') return events.filter(({ kind }) => kind === 'poll')[trigger.count - 1]?.at
  return events.find((event) => event.kind === 'signal' && event.name === trigger.name)?.at
}

function cancelledEnd(cancel: CancelPlan & { kind: 'effective' }, at: Instant): JobEnd {
  return { at: toInstant(at + cancel.after), status: cancel.status, unfinished: cancel.unfinished }
}

/** The cancel that changes `updatedAt`: one that has taken effect or will, and came before the end. */
export function effectiveCancel(plan: UnfoldingPlan, events: readonly JobEvent[]): JobEvent | undefined {
  return plan.cancel.kind === 'effective' ? events.find(({ kind }) => kind === 'cancel') : undefined
}

function resultsAt(plan: UnfoldingPlan, over: JobEnd | undefined, now: Instant): ItemResult[] {
  if (over !== undefined) return resultsOnceOver(plan, over)
  const shown = plan.results === 'final' ? givenItems(plan) : plan.items
  return shown.filter((item) => isDone(item, plan.startedAt, now)).map(({ id, status }) => ({ id, status }))
}

/** The results of a final job: those before its end, and what the end gives the other items. */
export function resultsOnceOver(plan: UnfoldingPlan, over: JobEnd): ItemResult[] {
  return plan.items.flatMap((item) =>
    isDone(item, plan.startedAt, over.at) ? [{ id: item.id, status: item.status }] : leftOver(item, over),
  )
}

/** The items that had a result before the emulator knew the job. */
function givenItems({ items }: UnfoldingPlan): readonly PlannedItem[] {
  return items.filter(({ at }) => at === 'before')
}

/** True if an item has its own result at an instant. */
export function isDone({ at }: PlannedItem, startedAt: Instant, until: Instant): boolean {
  return at === 'before' || (typeof at === 'number' && startedAt + at <= until)
}

/** The result that the end of a job gives an unfinished item: the planned one, the text of the end, or none. */
function leftOver({ id, status, at }: PlannedItem, { unfinished }: JobEnd): ItemResult[] {
  if (unfinished !== undefined) return unfinished === '' ? [] : [{ id, status: unfinished }]
  return at === 'never' ? [] : [{ id, status }]
}

function nextTransition(plan: UnfoldingPlan, end: JobEnd | undefined, now: Instant): Instant | undefined {
  const item = plan.results === 'final' ? Infinity : nextItemAt(plan, now)
  const phase = phaseChanges(plan, end).find(({ at }) => at > now)?.at
  const earliest = Math.min(item, phase ?? Infinity, end?.at ?? Infinity)
  return earliest === Infinity ? undefined : toInstant(earliest)
}

function nextItemAt({ items, startedAt }: UnfoldingPlan, now: Instant): number {
  let next = Infinity
  for (const { at } of items) if (typeof at === 'number' && startedAt + at > now) next = Math.min(next, startedAt + at)
  return next
}
