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

describe('a cancel', () => {
  it('of a running job is an event', () => {
    expect(cancel(running, toInstant(NOW), settings())).toEqual({ event: { kind: 'cancel', at: NOW } })
  })

  it('that is ignored is an event too, since the flag shows', () => {
    const plan = planOf({ after: '5s', cancel: 'ignored' })
    expect(cancel(job(plan), toInstant(NOW), settings())).toEqual({ event: { kind: 'cancel', at: NOW } })
  })

  it('is refused where the scenario says so, while the job runs', () => {
    const plan = planOf({ after: '5s', cancel: 'rejected' })
    expect(cancel(job(plan), toInstant(NOW), settings())).toEqual({ refusal: 'cancel-rejected' })
    expect(cancel(job(plan), toInstant(LATE), settings())).toEqual({ event: { kind: 'cancel', at: LATE } })
  })

  it('of a cancelled job is nothing', () => {
    const plan = planOf({ after: '5s', cancel: { effective: '2s' } })
    expect(cancel(job(plan, { kind: 'cancel', at: toInstant(NOW) }), toInstant(NOW + 1), settings())).toEqual({
      event: undefined,
    })
  })

  it('of a finished job is its flag, or refused if so set', () => {
    for (const over of [running, finished]) {
      expect(cancel(over, toInstant(LATE), settings())).toEqual({ event: { kind: 'cancel', at: LATE } })
      expect(cancel(over, toInstant(LATE), settings({ cancelFinished: 'refuse' }))).toEqual({
        refusal: 'already-finished',
      })
    }
  })
})

describe('a signal', () => {
  const waiting = job(planOf({ signal: 'finish' }))

  it('ends a job that waits for it', () => {
    expect(signal(waiting, toInstant(NOW), 'finish')).toEqual({ event: { kind: 'signal', at: NOW, name: 'finish' } })
  })

  it('is refused by a job that waits for another, for none, or for nothing any more', () => {
    const over = job(planOf({ after: '5s', signal: 'finish' }))
    expect(signal(waiting, toInstant(NOW), 'fail')).toEqual({ refusal: 'not-waiting' })
    expect(signal(running, toInstant(NOW), 'finish')).toEqual({ refusal: 'not-waiting' })
    expect(signal(over, toInstant(LATE), 'finish')).toEqual({ refusal: 'not-waiting' })
    expect(signal(finished, toInstant(NOW), 'finish')).toEqual({ refusal: 'not-waiting' })
  })
})

describe('a poll', () => {
  it('counts only where the plan waits for polls, and only until the job is over', () => {
    const polled = job(planOf({ polls: 2, after: '5s' }))
    expect(poll(polled, toInstant(NOW))).toEqual({ event: { kind: 'poll', at: NOW } })
    expect(poll(polled, toInstant(LATE))).toEqual({ event: undefined })
    expect(poll(running, toInstant(NOW))).toEqual({ event: undefined })
    expect(poll(finished, toInstant(NOW))).toEqual({ event: undefined })
  })
})

describe('a deletion', () => {
  it('of a finished job is an event', () => {
    expect(remove(finished, toInstant(NOW), settings())).toEqual({ event: { kind: 'delete', at: NOW } })
  })

  it('of a running job is refused, or allowed if so set', () => {
    expect(remove(running, toInstant(NOW), settings())).toEqual({ refusal: 'still-running' })
    expect(remove(running, toInstant(NOW), settings({ deleteRunning: 'allow' }))).toEqual({
      event: { kind: 'delete', at: NOW },
    })
  })
})
