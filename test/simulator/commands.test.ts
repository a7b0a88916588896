import { describe, expect, it } from 'vitest'
import type { JobEvent } from '../../src/model/job.ts'
import type { Plan } from '../../src/model/plan.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../src/model/settings.ts'
import { SECOND, toInstant } from '../../src/model/time.ts'
import { cancel, poll, remove, signal } from '../../src/simulator/commands.ts'
import { START } from '../laws/histories.ts'
import { planOf } from './plans.ts'

const NOW = START + SECOND
const LATE = START + 100 * SECOND
const settings = (changed: Partial<Settings> = {}) => ({ ...DEFAULT_SETTINGS, ...changed })
const job = (plan: Plan, ...events: JobEvent[]) => ({ plan, events })
const running = job(planOf({ after: '5s' }))
const finished = job({
  ...{ kind: 'finished', createdAt: START, updatedAt: START, completedAt: START },
  ...{ status: 'completed', abort: false, items: [] },
} as const)

describe('cancelling', () => {
  it('appends an event for a running job', () => {
    expect(cancel(running, toInstant(NOW), settings())).toEqual({ event: { kind: 'cancel', at: NOW } })
  })

  it('appends an event even if the cancel is ignored, since the flag changes', () => {
    const plan = planOf({ after: '5s', cancel: 'ignored' })
    expect(cancel(job(plan), toInstant(NOW), settings())).toEqual({ event: { kind: 'cancel', at: NOW } })
  })

  it('refuses a cancel of a running job if the scenario rejects it', () => {
    const plan = planOf({ after: '5s', cancel: 'rejected' })
    expect(cancel(job(plan), toInstant(NOW), settings())).toEqual({ refusal: 'cancel-rejected' })
    expect(cancel(job(plan), toInstant(LATE), settings())).toEqual({ event: { kind: 'cancel', at: LATE } })
  })

  it('does nothing for a cancelled job', () => {
    const plan = planOf({ after: '5s', cancel: { effective: '2s' } })
    expect(cancel(job(plan, { kind: 'cancel', at: toInstant(NOW) }), toInstant(NOW + 1), settings())).toEqual({
      event: undefined,
    })
  })

  it('sets the flag of a finished job, or refuses if so configured', () => {
    for (const over of [running, finished]) {
      expect(cancel(over, toInstant(LATE), settings())).toEqual({ event: { kind: 'cancel', at: LATE } })
      expect(cancel(over, toInstant(LATE), settings({ cancelFinished: 'refuse' }))).toEqual({
        refusal: 'already-finished',
      })
    }
  })
})

describe('signalling', () => {
  const waiting = job(planOf({ signal: 'finish' }))

  it('completes a job that waits for the signal', () => {
    expect(signal(waiting, toInstant(NOW), 'finish')).toEqual({ event: { kind: 'signal', at: NOW, name: 'finish' } })
  })

  it('refuses a signal for a job that waits for another one, for none, or is final', () => {
    const over = job(planOf({ after: '5s', signal: 'finish' }))
    expect(signal(waiting, toInstant(NOW), 'fail')).toEqual({ refusal: 'not-waiting' })
    expect(signal(running, toInstant(NOW), 'finish')).toEqual({ refusal: 'not-waiting' })
    expect(signal(over, toInstant(LATE), 'finish')).toEqual({ refusal: 'not-waiting' })
    expect(signal(finished, toInstant(NOW), 'finish')).toEqual({ refusal: 'not-waiting' })
  })
})

describe('polling', () => {
  it('counts a poll only while the plan waits for polls', () => {
    const polled = job(planOf({ polls: 2, after: '5s' }))
    expect(poll(polled, toInstant(NOW))).toEqual({ event: { kind: 'poll', at: NOW } })
    expect(poll(polled, toInstant(LATE))).toEqual({ event: undefined })
    expect(poll(running, toInstant(NOW))).toEqual({ event: undefined })
    expect(poll(finished, toInstant(NOW))).toEqual({ event: undefined })
  })
})

describe('deleting', () => {
  it('appends an event for a finished job', () => {
    expect(remove(finished, toInstant(NOW), settings())).toEqual({ event: { kind: 'delete', at: NOW } })
  })

  it('refuses to delete a running job, or deletes it if so configured', () => {
    expect(remove(running, toInstant(NOW), settings())).toEqual({ refusal: 'still-running' })
    expect(remove(running, toInstant(NOW), settings({ deleteRunning: 'allow' }))).toEqual({
      event: { kind: 'delete', at: NOW },
    })
  })
})
