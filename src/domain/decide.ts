import { EmulatorError } from '../errors.ts'
import type { FamilyName } from '../model/family.ts'
import type { Job } from '../model/job.ts'
import type { Instant } from '../model/time.ts'
import type { Decision } from '../simulator/commands.ts'
import type { StoredJob } from '../store/job-store.ts'
import type { DomainState } from './state.ts'

/** A job that a client meant: by family, since a path of one does not show the other's jobs. */
export interface JobKey {
  readonly family: FamilyName
  readonly id: string
}

/** A refusal of the simulator, as clients are told. */
const REFUSALS = {
  'cancel-rejected': 'the job cannot be cancelled',
  'already-finished': 'the job is finished',
  'still-running': 'the job is in progress',
  'not-waiting': 'the job does not wait for that signal',
} as const

/** A job that is there for API clients now. */
export async function findJob(state: DomainState, { family, id }: JobKey): Promise<StoredJob> {
  const stored = await state.world.jobs.find(state.key, id)
  if (stored?.job.family !== family || state.viewAt(stored.job, state.now()).isDeleted)
    throw new EmulatorError('notFound', 'Resource not found')
  return stored
}

/** The way of every command: decide, append if nobody was faster, else look again. */
export async function decide(
  state: DomainState,
  { job, version }: StoredJob,
  command: (job: Job, at: Instant) => Decision,
): Promise<{ readonly job: Job; readonly at: Instant }> {
  const at = state.now()
  const decision = command(job, at)
  if ('refusal' in decision) throw new EmulatorError('conflict', REFUSALS[decision.refusal])
  if (decision.event === undefined) return { job, at }
  const changed = { ...job, events: [...job.events, decision.event] }
  const append = { id: job.id, event: decision.event, expectedVersion: version, ...state.derived(changed) }
  if (!(await state.world.jobs.append(state.key, append))) return decide(state, await findJob(state, job), command)
  await state.touch()
  return { job: changed, at }
}
