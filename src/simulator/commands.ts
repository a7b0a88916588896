import type { Job, JobEvent } from '../model/job.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import { jobAt } from './job-at.ts'

/** What a command comes to: an event to append, nothing to do, or a refusal. */
export type Decision =
  | { readonly event: JobEvent }
  | { readonly event: undefined }
  | { readonly refusal: 'cancel-rejected' | 'already-finished' | 'still-running' | 'not-waiting' }

type Subject = Pick<Job, 'plan' | 'events'>

/** Cancel: sets `abort`; what else it does is the plan's. Of a finished job it changes the flag alone. */
export function cancel({ plan, events }: Subject, now: Instant, settings: Pick<Settings, 'cancelFinished'>): Decision {
  const view = jobAt(plan, events, now)
  if (view.isFinal && settings.cancelFinished === 'refuse') return { refusal: 'already-finished' }
  if (view.abort) return { event: undefined }
  if (!view.isFinal && plan.kind === 'unfolding' && plan.cancel.kind === 'rejected')
    return { refusal: 'cancel-rejected' }
  return { event: { kind: 'cancel', at: now } }
}

/** Signal: ends a job that waits for this name. */
export function signal({ plan, events }: Subject, now: Instant, name: string): Decision {
  if (plan.kind === 'finished' || jobAt(plan, events, now).isFinal) return { refusal: 'not-waiting' }
  const isAwaited = plan.endings.some(({ trigger }) => trigger.kind === 'signal' && trigger.name === name)
  return isAwaited ? { event: { kind: 'signal', at: now, name } } : { refusal: 'not-waiting' }
}

/** A GET by id of the API client: counts only where the plan waits for it. */
export function poll({ plan, events }: Subject, now: Instant): Decision {
  const isAwaited = plan.kind === 'unfolding' && plan.endings.some(({ trigger }) => trigger.kind === 'polls')
  if (!isAwaited || jobAt(plan, events, now).isFinal) return { event: undefined }
  return { event: { kind: 'poll', at: now } }
}

/** Delete: the job is gone for API clients from now on. */
export function remove({ plan, events }: Subject, now: Instant, settings: Pick<Settings, 'deleteRunning'>): Decision {
  const { isFinal } = jobAt(plan, events, now)
  if (!isFinal && settings.deleteRunning === 'refuse') return { refusal: 'still-running' }
  return { event: { kind: 'delete', at: now } }
}
