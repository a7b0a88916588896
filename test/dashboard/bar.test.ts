import { describe, expect, it } from 'vitest'
import type { TimelineAnswer } from '../../src/client/answers/jobs.ts'
import { barOf, barText, share, toneOf, within } from '../../src/dashboard/bar.ts'
import { chartRange, levelsOf, stackOf } from '../../src/dashboard/chart.ts'
import { instantOf, SECOND } from '../../src/dashboard/instants.ts'

const at = (seconds: number): string => `2026-01-01T12:00:0${seconds}Z`
const START = instantOf(at(0))
const timeline: TimelineAnswer = {
  startedAt: at(0),
  endsAt: at(8),
  endStatus: 'completed',
  cancelledAt: null,
  steps: [
    { at: at(2), done: 1 },
    { at: at(4), done: 1, failed: 1 },
    { at: null, none: 1 },
  ],
}
const stuck: TimelineAnswer = { ...timeline, endsAt: null, endStatus: null, steps: [] }

describe('The bar of a job', () => {
  it('gives each item the same room, and fills with time', () => {
    const { parts, counts, total, progress } = barOf(timeline, START + 3 * SECOND)
    expect(parts).toEqual([
      { outcome: 'done', x: 0, width: 0.25, fill: 1 },
      { outcome: 'done', x: 0.25, width: 0.25, fill: 0.5 },
      { outcome: 'failed', x: 0.5, width: 0.25, fill: 0.5 },
      { outcome: 'none', x: 0.75, width: 0.25, fill: 0 },
    ])
    expect([counts.done, counts.failed, total, progress]).toEqual([1, 0, 4, 3 / 8])
  })

  it('is one stretch where a job has no items', () => {
    const whole = { ...timeline, steps: [] }
    expect(barOf(whole, START + 4 * SECOND)).toMatchObject({ parts: [{ outcome: 'done', fill: 0.5 }], total: 0 })
    const outcomes = [{}, { endStatus: 'error' }, { endStatus: 'aborted', cancelledAt: at(8) }].map(
      (change) => barOf({ ...whole, ...change }, START + 9 * SECOND).parts[0]?.outcome,
    )
    expect(outcomes).toEqual(['done', 'failed', 'cancelled'])
    expect(barOf(stuck, START)).toMatchObject({ parts: [{ outcome: 'none', fill: 0 }], progress: undefined })
  })

  it('says in words what it shows', () => {
    expect(barText(barOf(timeline, START + 4 * SECOND))).toBe('2 of 4 items done, 1 failed, 50 % of its time over')
    expect(barText(barOf(stuck, START))).toBe('no end in sight')
    const cancelled = { ...timeline, steps: [{ at: at(1), cancelled: 2 }] }
    expect(barText(barOf(cancelled, START + 9 * SECOND))).toBe('0 of 2 items done, 2 cancelled, 100 % of its time over')
  })

  it('stays as it is before the start and after the end', () => {
    expect([-5, 3, 20].map((second) => within(timeline, START + second * SECOND))).toEqual([
      START,
      START + 3 * SECOND,
      START + 8 * SECOND,
    ])
    expect(within(stuck, START + 9 * SECOND)).toBe(START)
    expect([share(1, 2, 4), share(3, 2, 4), share(4, 2, 4), share(2, 2, 2)]).toEqual([0, 0.5, 1, 1])
  })

  it('has its tone by the word of the status, wherever the job comes from', () => {
    const tone = (overall_status: string, change: Partial<TimelineAnswer> = {}) =>
      toneOf({ job: { id: 'j1', overall_status }, timeline: { ...timeline, ...change } })
    const cancelled = { cancelledAt: at(1) }
    expect([tone('in_progress'), tone('completed', cancelled)]).toEqual(['running', 'done'])
    expect([tone('aborted'), tone('aborted', cancelled), tone('Cancelled')]).toEqual(Array(3).fill('cancelled'))
    expect([tone('error'), tone('error', cancelled), tone('failed')]).toEqual(Array(3).fill('failed'))
  })

  it('has its tone by a cancel where a domain chose a word of its own', () => {
    const tone = (abort: boolean, cancelledAt: string | null) =>
      toneOf({ job: { id: 'j1', overall_status: 'gone', abort }, timeline: { ...timeline, cancelledAt } })
    expect([tone(false, at(1)), tone(true, null), tone(false, null)]).toEqual(['cancelled', 'cancelled', 'failed'])
    expect(toneOf({ job: { id: 'j1', overall_status: 'gone', abort: true } })).toBe('cancelled')
  })
})

describe('The chart of a job', () => {
  it('counts results up in steps, stacked', () => {
    const levels = levelsOf(timeline)
    expect(levels.map(({ at: instant, counts }) => [(instant - START) / SECOND, counts.done, counts.failed])).toEqual([
      [0, 0, 0],
      [2, 1, 0],
      [4, 2, 1],
    ])
    expect(stackOf(levels, START + 5 * SECOND)).toEqual([
      { outcome: 'done', from: START + 2 * SECOND, to: START + 4 * SECOND, below: 0, count: 1 },
      { outcome: 'done', from: START + 4 * SECOND, to: START + 5 * SECOND, below: 0, count: 2 },
      { outcome: 'failed', from: START + 4 * SECOND, to: START + 5 * SECOND, below: 2, count: 1 },
    ])
    expect(stackOf(levels, START)).toEqual([])
  })

  it('ends shortly after the job, however late it is looked at', () => {
    const seconds = (others: number[], of = timeline): number => {
      const { from, to } = chartRange(
        of,
        others.map((second) => START + second * SECOND),
      )
      return (to - from) / SECOND
    }
    expect([seconds([]), seconds([3600]), seconds([-5])]).toEqual([9, 9, 9])
    expect(seconds([], { ...timeline, endsAt: '2026-01-01T12:01:40Z' })).toBe(108)
  })

  it('goes on to now, or to what happened last, where a job has no end', () => {
    const { from, to } = chartRange(stuck, [START + 5 * SECOND, START + 100 * SECOND])
    expect((to - from) / SECOND).toBe(108)
    expect(chartRange(stuck, [])).toEqual({ from: START, to: START + SECOND })
  })
})
