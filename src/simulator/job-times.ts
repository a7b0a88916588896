import type { JobEvent, JobTimes } from '../model/job.ts'
import type { FinishedPlan, Plan, UnfoldingPlan } from '../model/plan.ts'
import type { Instant } from '../model/time.ts'
import { effectiveCancel, endOf } from './job-at.ts'
import { transitionsOf } from './transitions.ts'

/** What a list must know of a job at any instant, as its plan and events stand. */
export function jobTimes(plan: Plan, events: readonly JobEvent[]): JobTimes {
  const deletedAt = events.find(({ kind }) => kind === 'delete')?.at
  return plan.kind === 'finished' ? finishedTimes(plan, deletedAt) : unfoldingTimes(plan, events, deletedAt)
}

function finishedTimes(plan: FinishedPlan, deletedAt: Instant | undefined): JobTimes {
  return {
    createdAt: plan.createdAt,
    firstUpdatedAt: plan.updatedAt,
    cancelledAt: undefined,
    // It was over before anything here began: no instant is early enough to see it running.
    endsAt: -Infinity,
    endStatus: plan.status,
    lastUpdatedAt: plan.updatedAt,
    completedAt: plan.completedAt,
    deletedAt,
    firstTransitionAt: undefined,
    lastTransitionAt: undefined,
    transitionCount: 0,
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
    ...transitionBounds(plan, events),
  }
}

function transitionBounds(
  plan: UnfoldingPlan,
  events: readonly JobEvent[],
): Pick<JobTimes, 'firstTransitionAt' | 'lastTransitionAt' | 'transitionCount'> {
  const changes = transitionsOf({ id: '', plan, events }, { from: -Infinity, to: Infinity })
  return {
    firstTransitionAt: changes[0]?.at,
    lastTransitionAt: changes.at(-1)?.at,
    transitionCount: changes.length,
  }
}
