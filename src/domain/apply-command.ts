import { EmulatorError } from '../errors.ts'
import type { FamilyName } from '../model/family.ts'
import type { ItemTime, Job, Transition } from '../model/job.ts'
import { toInstant, type Instant } from '../model/time.ts'
import type { Decision } from '../simulator/commands.ts'
import { itemTimes } from '../simulator/job-times.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import { rewriteCovered } from './covered.ts'
import { withEffects } from './passage.ts'
import { rewriteTargets } from './job-inventory.ts'
import type { DomainState } from './state.ts'

/** Identifies a job as API clients do: the path of one family does not show jobs of another. */
export interface JobKey {
  readonly family: FamilyName
  readonly id: string
}

/** Messages for the refusals of the simulator. */
const REFUSALS = {
  'cancel-rejected': 'the job cannot be cancelled',
  'already-finished': 'the job is finished',
  'still-running': 'the job is in progress',
  'not-waiting': 'the job does not wait for that signal',
} as const

/** A job that API clients can see now. */
export function findJob(state: DomainState, { family, id }: JobKey): Job {
  const job = state.services.store.jobs.find(state.scope, id)
  const now = state.now()
  if (job?.family !== family || job.existsFrom > now || state.viewAt(job, now).isDeleted)
    throw new EmulatorError('notFound', 'Resource not found')
  return job
}

/** A job of any family, deleted ones too. */
export function findJobById(state: DomainState, id: string): Job {
  if (state.isGone) throw new EmulatorError('notFound', `the domain ${state.name} was deleted`)
  const job = state.services.store.jobs.find(state.scope, id)
  if (job === undefined)
    throw new EmulatorError('notFound', `there is no job ${id.slice(0, 100)} in the domain ${state.name}`)
  return job
}

/** Finds a job, decides a command on it and appends the event. Returns the changed job. */
export function applyCommand(state: DomainState, key: JobKey, decide: (job: Job, at: Instant) => Decision): Job {
  return state.command(() => {
    const job = findJob(state, key)
    const at = state.now()
    const decision = decide(job, at)
    if ('refusal' in decision) throw new EmulatorError('conflict', REFUSALS[decision.refusal])
    const { event } = decision
    if (event === undefined) return job
    const changed = { ...job, events: [...job.events, event] }
    const { items, targets, ...derived } = state.derived(changed)
    const moved = movedItems(itemTimes(job.plan, job.events), items)
    state.services.store.jobs.append(state.scope, { id: job.id, event, ...derived, items: moved })
    if (moved.length > 0) {
      rewriteTargets(state, targets, at)
      rewriteCovered(state, changed, at)
    }
    state.publish(withEffects(state, changed, newTransitions(job, changed, at)))
    state.markDirty()
    return changed
  })
}

function movedItems(before: readonly ItemTime[], after: readonly ItemTime[]): ItemTime[] {
  return after.filter(({ at }, index) => at !== before[index]?.at)
}

/** The transitions that a command causes at its own instant; later ones are caused by time. */
export function newTransitions(before: Job | undefined, after: Job, at: Instant): Transition[] {
  const span = { from: toInstant(at - 1), to: at }
  const known = new Set(before === undefined ? [] : transitionsOf(before, span).map(keyOf))
  return transitionsOf(after, span).filter((transition) => !known.has(keyOf(transition)))
}

function keyOf({ item, to }: Transition): string {
  return JSON.stringify([item, to])
}
