import { EmulatorError } from '../errors.ts'
import type { FamilyName } from '../model/family.ts'
import type { ItemTime, Job, Transition } from '../model/job.ts'
import type { Instant } from '../model/time.ts'
import type { Decision } from '../simulator/commands.ts'
import { itemTimes } from '../simulator/job-times.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import type { DomainState } from './state.ts'

/** A job that a client meant: by family, since a path of one does not show the other's jobs. */
export interface JobKey {
  readonly family: FamilyName
  readonly id: string
}

/** A refusal of the simulator, as clients read it. */
const REFUSALS = {
  'cancel-rejected': 'the job cannot be cancelled',
  'already-finished': 'the job is finished',
  'still-running': 'the job is in progress',
  'not-waiting': 'the job does not wait for that signal',
} as const

/** A job that is there for API clients now. */
export function findJob(state: DomainState, { family, id }: JobKey): Job {
  const job = state.world.store.jobs.find(state.scope, id)
  if (job?.family !== family || state.viewAt(job, state.now()).isDeleted)
    throw new EmulatorError('notFound', 'Resource not found')
  return job
}

/** Finds a job, decides a command on it and keeps the event that comes of it. */
export function applyCommand(
  state: DomainState,
  key: JobKey,
  command: (job: Job, at: Instant) => Decision,
): { readonly job: Job; readonly at: Instant } {
  return state.command(() => {
    const job = findJob(state, key)
    const at = state.now()
    const decision = command(job, at)
    if ('refusal' in decision) throw new EmulatorError('conflict', REFUSALS[decision.refusal])
    const { event } = decision
    if (event === undefined) return { job, at }
    const changed = { ...job, events: [...job.events, event] }
    const { items, ...derived } = state.derived(changed)
    const moved = movedItems(itemTimes(job.plan, job.events), items)
    state.world.store.jobs.append(state.scope, { id: job.id, event, ...derived, items: moved })
    state.publish(newTransitions(job, changed, at))
    state.touch()
    return { job: changed, at }
  })
}

function movedItems(before: readonly ItemTime[], after: readonly ItemTime[]): ItemTime[] {
  return after.filter(({ at }, index) => at !== before[index]?.at)
}

/** What a command changes at its own instant. What it changes later comes about with time. */
export function newTransitions(before: Job | undefined, after: Job, at: Instant): Transition[] {
  const span = { from: at - 1, to: at }
  const known = new Set(before === undefined ? [] : transitionsOf(before, span).map(keyOf))
  return transitionsOf(after, span).filter((transition) => !known.has(keyOf(transition)))
}

function keyOf({ item, to }: Transition): string {
  return JSON.stringify([item, to])
}
