import { isSuccess, type Job, type JobEvent } from '../model/job.ts'
import type { ItemOutcome, JobTimeline, TimelineStep } from '../model/job-timeline.ts'
import type { FinishedPlan, Plan, PlannedItem, UnfoldingPlan } from '../model/plan.ts'
import { LAST_INSTANT, toInstant, type Instant } from '../model/time.ts'
import { endOf, isDone, type JobEnd } from './job-at.ts'

/** A chart could not show more, and a page of jobs must stay small. */
export const MAX_STEPS = 60

interface Mark {
  readonly at: Instant | undefined
  readonly outcome: ItemOutcome
}

/** The timeline of a job as it is known at an instant: later events are ignored. */
export function timelineOf({ plan, events }: Pick<Job, 'plan' | 'events'>, now: Instant): JobTimeline {
  const past = events.filter(({ at }) => at <= now)
  const cancelledAt = past.find(({ kind }) => kind === 'cancel')?.at
  return plan.kind === 'finished' ? finished(plan, cancelledAt) : unfolding(plan, past, cancelledAt)
}

function finished(plan: FinishedPlan, cancelledAt: Instant | undefined): JobTimeline {
  const endsAt = plan.completedAt ?? plan.updatedAt
  const marks = plan.items.map(({ status }): Mark => ({ at: endsAt, outcome: outcomeOf(plan, status) }))
  return { startedAt: plan.createdAt, endsAt, endStatus: plan.status, cancelledAt, steps: stepsOf(marks) }
}

function unfolding(plan: UnfoldingPlan, events: readonly JobEvent[], cancelledAt: Instant | undefined): JobTimeline {
  const end = endOf(plan, events)
  const marks = plan.items.map((item) => markOf(item, plan, { end, isCancelled: isByCancel(plan, end, cancelledAt) }))
  const { startedAt } = plan
  return { startedAt, endsAt: end?.at, endStatus: end?.status, cancelledAt, steps: stepsOf(marks) }
}

function isByCancel({ cancel }: UnfoldingPlan, end: JobEnd | undefined, cancelledAt: Instant | undefined): boolean {
  if (cancelledAt === undefined || cancel.kind !== 'effective') return false
  return end?.at === cancelledAt + cancel.after && end.status === cancel.status
}

interface MarkContext {
  readonly end: JobEnd | undefined
  readonly isCancelled: boolean
}

function markOf(item: PlannedItem, plan: UnfoldingPlan, { end, isCancelled }: MarkContext): Mark {
  const { startedAt, results } = plan
  if (item.at === 'before') return { at: startedAt, outcome: outcomeOf(plan, item.status) }
  if (isDone(item, startedAt, toInstant(end?.at ?? Infinity))) {
    const at = results === 'final' ? end?.at : toInstant(startedAt + Number(item.at))
    return at === undefined ? { at, outcome: 'none' } : { at, outcome: outcomeOf(plan, item.status) }
  }
  if (end === undefined) return { at: undefined, outcome: 'none' }
  return { at: end.at, outcome: isCancelled ? 'cancelled' : leftOver(plan, item, end) }
}

/** Agrees with `resultsOnceOver`. */
function leftOver(plan: UnfoldingPlan, { at, status }: PlannedItem, { unfinished }: JobEnd): ItemOutcome {
  if (unfinished === '') return 'none'
  if (unfinished !== undefined) return outcomeOf(plan, unfinished)
  return at === 'never' ? 'none' : outcomeOf(plan, status)
}

/** Applies to captured documents too: the vendor writes "Aborted" for an item that a cancel left undone. */
const CANCELLED = /^(abort|cancel)/i

function outcomeOf(plan: Pick<Plan, 'done'>, status: string): ItemOutcome {
  if (isSuccess(plan, status)) return 'done'
  return CANCELLED.test(status) ? 'cancelled' : 'failed'
}

function stepsOf(marks: readonly Mark[]): TimelineStep[] {
  const ordered = [...marks].sort((a, b) => (a.at ?? LAST_INSTANT) - (b.at ?? LAST_INSTANT))
  const size = Math.ceil(ordered.length / MAX_STEPS)
  const count = Math.ceil(ordered.length / Math.max(1, size))
  return Array.from({ length: count }, (_each, index) => stepOf(ordered.slice(index * size, (index + 1) * size)))
}

function stepOf(marks: readonly Mark[]): TimelineStep {
  const counts: Partial<Record<ItemOutcome, number>> = {}
  for (const { outcome } of marks) counts[outcome] = (counts[outcome] ?? 0) + 1
  return { at: marks.at(-1)?.at, counts }
}
