import type { Job, JobEvent } from '../model/job.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import { jobAt } from './job-at.ts'

/** The result of a command: an event to append, nothing to do, or a refusal. */
export type Decision =
  | { readonly event: JobEvent }
  | { readonly event: undefined }
  | { readonly refusal: 'cancel-rejected' | 'already-finished' | 'still-running' | 'not-waiting' }

type Subject = Pick<Job, 'plan' | 'events'>

/** Sets `abort`; the plan says what else a cancel does. For a finished job only the flag changes, unless that is refused. */
export function cancel({ plan, events }: Subject, now: Instant, settings: Pick<Settings, 'cancelFinished'>): Decision {
  const view = jobAt(plan, events, now)
  if (view.isFinal && settings.cancelFinished === 'refuse') return { refusal: 'already-finished' }
  if (view.abort) return { event: undefined }
  if (!view.isFinal && plan.kind === 'unfolding' && plan.cancel.kind === 'rejected')
    return { refusal: 'cancel-rejected' }
  return { event: { kind: 'cancel', at: now } }
}

/** Ends a job that waits for this signal. */
export function signal({ plan, events }: Subject, now: Instant, name: string): Decision {
  if (plan.kind === 'finished' || jobAt(plan, events, now).isFinal) return { refusal: 'not-waiting' }
  const isAwaited = plan.endings.some(({ trigger }) => trigger.kind === 'signal' && trigger.name === name)
  return isAwaited ? { event: { kind: 'signal', at: now, name } } : { refusal: 'not-waiting' }
}

/** A GET by id of the API client: counts only if the plan waits for polls. */
export function poll({ plan, events }: Subject, now: Instant): Decision {
  const isAwaited = plan.kind === 'unfolding' && plan.endings.some(({ trigger }) => trigger.kind === 'polls')
  if (!isAwaited || jobAt(plan, events, now).isFinal) return { event: undefined }
  return { event: { kind: 'poll', at: now } }
}

/** Hides the job from API clients from now on. */
export function remove({ plan, events }: Subject, now: Instant, settings: Pick<Settings, 'deleteRunning'>): Decision {
  const { isFinal } = jobAt(plan, events, now)
  if (!isFinal && settings.deleteRunning === 'refuse') return { refusal: 'still-running' }
  return { event: { kind: 'delete', at: now } }
}
