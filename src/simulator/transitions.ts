import { IN_PROGRESS, type Job, type Transition } from '../model/job.ts'
import type { PlannedItem, UnfoldingPlan } from '../model/plan.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { endOf, isDone, phaseChanges, resultsOnceOver, type JobEnd } from './job-at.ts'

/** A range of time that excludes its first instant and includes its last. */
interface Span {
  readonly from: Instant
  readonly to: Instant
}

/** Every transition of a job and its items in a span, in order: items come first if they end together with the job. */
export function transitionsOf(
  { id, plan, events }: Pick<Job, 'id' | 'plan' | 'events'>,
  { from, to }: Span,
): Transition[] {
  if (plan.kind === 'finished') return []
  const end = endOf(plan, events)
  const phases = phaseChanges(plan, end).map((change): Transition => ({ job: id, ...change }))
  const last = phases.at(-1)?.to ?? plan.phases?.[0]?.status ?? IN_PROGRESS
  const ending =
    end === undefined ? [] : [...itemsAtEnd(id, plan, end), { job: id, from: last, to: end.status, at: end.at }]
  const changes = [...itemsInTime(id, plan, end), ...phases, ...ending]
  return changes.filter(({ at }) => at > from && at <= to).sort((a, b) => a.at - b.at)
}

function itemsInTime(job: string, plan: UnfoldingPlan, end: JobEnd | undefined): Transition[] {
  if (plan.results === 'final') return []
  return plan.items.flatMap((item) => {
    if (typeof item.at !== 'number' || !isDone(item, plan.startedAt, toInstant(end?.at ?? Infinity))) return []
    return [itemChange(job, item, toInstant(plan.startedAt + item.at))]
  })
}

function itemsAtEnd(job: string, plan: UnfoldingPlan, end: JobEnd): Transition[] {
  const shown = new Set(plan.items.filter((item) => isShownBefore(plan, item, end)).map(({ id }) => id))
  const late = resultsOnceOver(plan, end).filter(({ id }) => !shown.has(id))
  return late.map((item) => itemChange(job, item, end.at))
}

function isShownBefore({ results, startedAt }: UnfoldingPlan, item: PlannedItem, end: JobEnd): boolean {
  return item.at === 'before' || (results === 'progressive' && isDone(item, startedAt, end.at))
}

function itemChange(job: string, { id, status }: Pick<PlannedItem, 'id' | 'status'>, at: Instant): Transition {
  return { job, item: id, from: undefined, to: status, at }
}
