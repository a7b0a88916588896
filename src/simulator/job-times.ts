import type { ItemTime, JobEvent, JobTimes } from '../model/job.ts'
import type { FinishedPlan, Plan, PlannedPhase, UnfoldingPlan } from '../model/plan.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { effectiveCancel, endOf, phaseChanges } from './job-at.ts'
import { transitionsOf } from './transitions.ts'

/** The instants and statuses from which a list derives the job at any instant. */
export function jobTimes(plan: Plan, events: readonly JobEvent[]): JobTimes {
  const deletedAt = deletionOf(events)
  return plan.kind === 'finished' ? finishedTimes(plan, deletedAt) : unfoldingTimes(plan, events, deletedAt)
}

/**
 * The items and the phases of a job, each with the instant of its transition. Those of a deleted job have none, since they
 * are hidden.
 */
export function itemTimes(plan: Plan, events: readonly JobEvent[]): ItemTime[] {
  const isDeleted = deletionOf(events) !== undefined
  const ends = new Map<string, Instant>()
  if (!isDeleted)
    for (const { item, at } of transitionsOf(
      { id: '', plan, events },
      { from: toInstant(-Infinity), to: toInstant(Infinity) },
    ))
      if (item !== undefined) ends.set(item, at)
  const items = plan.items.map(({ id }) => ({ id, at: ends.get(id) }))
  return plan.kind === 'finished' || plan.phases === undefined
    ? items
    : [...items, ...phaseTimes(plan.phases, isDeleted ? [] : phaseChanges(plan, endOf(plan, events)))]
}

/** Begins the ids of phases, which share a table with items. No item has an id that begins with it. */
const PHASE = '\u0001phase '

function phaseTimes(phases: readonly PlannedPhase[], changes: readonly { readonly at: Instant }[]): ItemTime[] {
  return phases.slice(1).map((_, index) => ({ id: `${PHASE}${index}`, at: changes[index]?.at }))
}

function deletionOf(events: readonly JobEvent[]): Instant | undefined {
  return events.find(({ kind }) => kind === 'delete')?.at
}

function finishedTimes(plan: FinishedPlan, deletedAt: Instant | undefined): JobTimes {
  return {
    createdAt: plan.createdAt,
    firstUpdatedAt: plan.updatedAt,
    cancelledAt: undefined,
    // It was final before the emulator knew it, so it is final at every instant.
    endsAt: toInstant(-Infinity),
    endStatus: plan.status,
    lastUpdatedAt: plan.updatedAt,
    completedAt: plan.completedAt,
    deletedAt,
  }
}

function unfoldingTimes(plan: UnfoldingPlan, events: readonly JobEvent[], deletedAt: Instant | undefined): JobTimes {
  const end = endOf(plan, events)
  return {
    createdAt: plan.createdAt,
    firstUpdatedAt: plan.updatedAt,
    cancelledAt: effectiveCancel(plan, events)?.at,
    endsAt: end?.at,
    endStatus: end?.status,
    lastUpdatedAt: end?.at,
    completedAt: end?.at,
    deletedAt,
    ...phasesOf(plan),
  }
}

/** The first phase has no beginning: it is the status before the plan starts too. */
function phasesOf({ phases, startedAt }: UnfoldingPlan): Pick<JobTimes, 'phases'> {
  if (phases === undefined) return {}
  return {
    phases: phases.map(({ at, status }, index) => ({
      at: toInstant(index === 0 ? -Infinity : startedAt + at),
      status,
    })),
  }
}
