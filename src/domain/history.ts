import type { Job, JobEvent, Transition } from '../model/job.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import { explain, type Explanation } from './explain.ts'
import { withEffects } from './passage.ts'
import type { DomainState } from './state.ts'

/** All changes of a job: past ones, and future ones that time alone causes. */
export interface JobHistory {
  readonly id: string
  readonly family: string
  readonly operation: string
  /** The present vendor document, as JSON text. */
  readonly text: string
  readonly status: string
  readonly isFinal: boolean
  readonly isDeleted: boolean
  readonly existsFrom: Instant
  readonly events: readonly JobEvent[]
  readonly transitions: readonly Transition[]
  readonly explanation: Explanation
}

export function historyOf(state: DomainState, job: Job): JobHistory {
  const { id, family, operation, existsFrom, events } = job
  const { status, isFinal, isDeleted } = state.viewAt(job, state.now())
  return {
    id,
    family,
    operation,
    text: state.textAt(job, state.now()),
    status,
    isFinal,
    isDeleted,
    existsFrom,
    events,
    transitions: withEffects(
      state,
      job,
      transitionsOf(job, { from: toInstant(existsFrom - 1), to: toInstant(Infinity) }),
    ),
    explanation: explain(state, job),
  }
}
