// The timeline of a job: the same as reading the job at each instant.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import type { ItemOutcome, JobTimeline } from '../../src/model/job-timeline.ts'
import { SECOND, toInstant } from '../../src/model/time.ts'
import { endOf, jobAt } from '../../src/simulator/job-at.ts'
import { MAX_STEPS, timelineOf } from '../../src/simulator/timeline-of.ts'
import { history, instant, START } from '../laws/histories.ts'
import { planOf } from './plans.ts'

/** Number of items with this outcome at an instant. */
const countOf = ({ steps }: JobTimeline, outcome: ItemOutcome, by: number): number =>
  steps.filter(({ at }) => at !== undefined && at <= by).reduce((sum, { counts }) => sum + (counts[outcome] ?? 0), 0)

const outcomesOf = ({ steps }: JobTimeline) =>
  steps.map(({ at, counts }) => [at === undefined ? undefined : (at - START) / SECOND, counts])

const seconds = (count: number) => toInstant(START + count * SECOND)

describe('a timeline', () => {
  it('agrees with the job at every instant', () => {
    fc.assert(
      fc.property(history, instant, ({ plan, events }, any) => {
        const at = toInstant(Math.max(START, any))
        const timeline = timelineOf({ plan, events }, at)
        const { results, isFinal, status } = jobAt(plan, events, at)
        const succeeded = results.filter((item) => item.status === 'Success').length
        const failed = countOf(timeline, 'failed', at)
        const cancelled = countOf(timeline, 'cancelled', at)
        expect(countOf(timeline, 'done', at)).toBe(succeeded)
        expect(failed + (isSilent(plan) ? 0 : cancelled)).toBe(results.length - succeeded)
        if (isFinal) expect(timeline.endStatus).toBe(status)
        if (plan.kind === 'unfolding')
          expect(timeline.endsAt).toBe(
            endOf(
              plan,
              events.filter((event) => event.at <= at),
            )?.at,
          )
      }),
      { numRuns: 500 },
    )
  })

  it('contains each item once, in order of time', () => {
    fc.assert(
      fc.property(history, instant, ({ plan, events }, at) => {
        const { steps } = timelineOf({ plan, events }, at)
        const sizes = steps.map(({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0))
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(plan.items.length)
        const instants = steps.map((step) => step.at ?? Infinity)
        expect(instants).toEqual([...instants].sort((a, b) => a - b))
      }),
    )
  })

  it('shows failures, and has no instant for items that never end', () => {
    const plan = planOf({ after: '4s', items: [{ index: 1, status: 'Error: no such key' }] })
    expect(outcomesOf(timelineOf({ plan, events: [] }, START))).toEqual([
      [2, { done: 1 }],
      [4, { failed: 1 }],
    ])
    const stuck = planOf({ never: true })
    expect(timelineOf({ plan: stuck, events: [] }, START)).toMatchObject({ endsAt: undefined, endStatus: undefined })
    expect(outcomesOf(timelineOf({ plan: stuck, events: [] }, START))).toEqual([
      [undefined, { none: 1 }],
      [undefined, { none: 1 }],
    ])
  })

  it('distinguishes cancelled from failed items, and ignores a cancel in the future', () => {
    const plan = planOf({ after: '4s' })
    const events = [{ kind: 'cancel', at: seconds(3) }] as const
    const before = timelineOf({ plan, events }, seconds(1))
    expect([before.cancelledAt, outcomesOf(before)[1]]).toEqual([undefined, [4, { done: 1 }]])
    const after = timelineOf({ plan, events }, seconds(3))
    expect([after.cancelledAt, outcomesOf(after)[1]]).toEqual([seconds(3), [3, { cancelled: 1 }]])
  })

  it('does not count items as cancelled if the job ended by itself before or at the instant of the cancel', () => {
    const never = [{ index: 1, at: 'never' }]
    const cancel = { kind: 'cancel', at: seconds(2) } as const
    const plans = [
      planOf({ after: '4s', items: never, cancel: { effective: '2s' } }),
      planOf({ after: '3s', items: never, cancel: { effective: '2s' }, overall_status: 'aborted' }),
    ]
    for (const plan of plans)
      expect(outcomesOf(timelineOf({ plan, events: [cancel] }, seconds(9)))[1]![1]).toEqual({ none: 1 })
  })

  it('shows when a cancel takes effect, and which items it ends', () => {
    const plan = planOf({ after: '9s', items: [{ every: 1, at: 'never' }], cancel: { effective: '2s' } })
    const timeline = timelineOf({ plan, events: [{ kind: 'cancel', at: seconds(1) }] }, seconds(1))
    expect([timeline.cancelledAt, timeline.endsAt]).toEqual([seconds(1), seconds(3)])
    expect(outcomesOf(timeline)).toEqual([
      [3, { cancelled: 1 }],
      [3, { cancelled: 1 }],
    ])
  })

  it('shows no outcome for an item that the end omits', () => {
    const plan = planOf({ after: '4s', items: [{ index: 1, at: 'never' }] })
    const silent = { ...plan, endings: plan.endings.map((ending) => ({ ...ending, unfinished: '' })) }
    expect(outcomesOf(timelineOf({ plan: silent, events: [] }, START))).toEqual([
      [2, { done: 1 }],
      [4, { none: 1 }],
    ])
    expect(jobAt(silent, [], seconds(4)).results).toHaveLength(1)
  })

  it('shows no outcome for an item that never has a result', () => {
    const plan = planOf({ after: '4s', items: [{ index: 1, at: 'never' }] })
    expect(outcomesOf(timelineOf({ plan, events: [] }, START))[1]).toEqual([4, { none: 1 }])
  })

  it('shows no outcome for items of a job that never ends and shows results at its end', () => {
    const plan = planOf({ never: true, results: 'final', items: [{ every: 1, at: '1s' }] })
    expect(outcomesOf(timelineOf({ plan, events: [] }, START))).toEqual([
      [undefined, { none: 1 }],
      [undefined, { none: 1 }],
    ])
  })

  it('shows a cancel only if there was one, not for a poll or a deletion', () => {
    const plan = planOf({ polls: 1 })
    const events = [
      { kind: 'poll', at: seconds(1) },
      { kind: 'delete', at: seconds(2) },
    ] as const
    expect(timelineOf({ plan, events }, seconds(3))).toMatchObject({
      ...{ cancelledAt: undefined, endsAt: seconds(1), endStatus: 'completed' },
    })
  })

  it('shows a captured item that was aborted as cancelled', () => {
    const plan = planOf({ after: '10s' }, { items: ['k2'], done: [{ id: 'k1', status: 'Aborted' }] })
    expect(outcomesOf(timelineOf({ plan, events: [] }, START))).toEqual([
      [0, { cancelled: 1 }],
      [10, { done: 1 }],
    ])
  })

  it('groups very many items into steps', () => {
    const plan = planOf({ after: '1h' }, { items: Array.from({ length: 1000 }, (_each, index) => `k${index}`) })
    const { steps } = timelineOf({ plan, events: [] }, START)
    expect(steps.length).toBeLessThanOrEqual(MAX_STEPS)
    expect(countOf(timelineOf({ plan, events: [] }, START), 'done', Infinity)).toBe(1000)
  })
})

/** Whether items that a cancel ends have no text. */
function isSilent(plan: Parameters<typeof timelineOf>[0]['plan']): boolean {
  return plan.kind === 'unfolding' && plan.cancel.kind === 'effective' && plan.cancel.unfinished === ''
}
