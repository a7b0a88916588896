import { describe, expect, it } from 'vitest'
import type { JobEvent } from '../../src/model/job.ts'
import type { FinishedPlan } from '../../src/model/plan.ts'
import { SECOND, toInstant, toMicros } from '../../src/model/time.ts'
import { jobAt } from '../../src/simulator/job-at.ts'
import { itemTimes, jobTimes } from '../../src/simulator/job-times.ts'
import { transitionsOf } from '../../src/simulator/transitions.ts'
import { START } from '../laws/histories.ts'
import { planOf } from './plans.ts'

const seconds = (count: number) => toInstant(START + count * SECOND)
const done = [{ id: 'old', status: 'Success' }]

describe('a job that shows its results at its end', () => {
  const plan = planOf({ after: '4s', results: 'final' }, { done })

  it('shows no results before, and changes once', () => {
    const view = jobAt(plan, [], seconds(3))
    expect(view).toMatchObject({
      status: 'in_progress',
      results: done,
      nextTransitionAt: seconds(4),
      isAsCaptured: true,
    })
  })

  it("shows all results at its end, after the items' transitions", () => {
    expect(jobAt(plan, [], seconds(4)).results.map(({ id }) => id)).toEqual(['old', 'k1', 'k2'])
    expect(transitionsOf({ id: 'j', plan, events: [] }, { from: seconds(0), to: seconds(4) })).toEqual([
      { job: 'j', item: 'k1', from: undefined, to: 'Success', at: seconds(4) },
      { job: 'j', item: 'k2', from: undefined, to: 'Success', at: seconds(4) },
      { job: 'j', from: 'in_progress', to: 'completed', at: seconds(4) },
    ])
  })
})

describe('a job with phases', () => {
  const phases = [
    { status: 'queued', for: '2s' },
    { status: 'paused', for: '3s' },
  ]
  const plan = planOf({ after: '5s', phases, items: [{ index: [0, -1], at: '100%' }] }, { done })

  it('has the word of its phase until it ends', () => {
    const statuses = [-1, 0, 2, 4, 5].map((second) => jobAt(plan, [], seconds(second)).status)
    expect(statuses).toEqual(['queued', 'queued', 'paused', 'paused', 'completed'])
    expect(jobAt(plan, [], seconds(1))).toMatchObject({
      ...{ isFinal: false, nextTransitionAt: seconds(2), isAsCaptured: false, updatedAt: START },
    })
  })

  it('has a transition for each change of the word, from the word before', () => {
    const changes = (events: JobEvent[]) =>
      transitionsOf({ id: 'j', plan, events }, { from: toInstant(-Infinity), to: toInstant(Infinity) })
        .filter(({ item }) => item === undefined)
        .map(({ from, to, at }) => [from, to, (at - START) / SECOND])
    expect(changes([])).toEqual([['queued', 'paused', 2], ['paused', 'completed', 5]]) // prettier-ignore
    expect(changes([{ kind: 'cancel', at: seconds(2) }])).toEqual([['queued', 'aborted', 2]])
  })

  it('has times for its phases, of which no deleted job has any', () => {
    const { phases: times } = jobTimes(plan, [])
    expect(times).toEqual([
      { at: -Infinity, status: 'queued' },
      { at: seconds(2), status: 'paused' },
      { at: seconds(5), status: 'in_progress' },
    ])
    const phaseTimes = (events: JobEvent[]) => itemTimes(plan, events).slice(3).map(({ at }) => at) // prettier-ignore
    expect(phaseTimes([])).toEqual([seconds(2), undefined])
    expect(phaseTimes([{ kind: 'cancel', at: seconds(1) }])).toEqual([undefined, undefined])
    expect(phaseTimes([{ kind: 'delete', at: seconds(1) }])).toEqual([undefined, undefined])
  })
})

describe('a delayed cancel', () => {
  const plan = planOf({ after: '5s', cancel: { effective: '2s' } })
  const events = [{ kind: 'cancel', at: seconds(2) }] as const

  it('sets the flag and updatedAt at once, and the status later', () => {
    expect(jobAt(plan, events, seconds(1))).toMatchObject({ abort: false, updatedAt: START })
    expect(jobAt(plan, events, seconds(3))).toMatchObject({
      ...{ status: 'in_progress', abort: true, updatedAt: seconds(2), isAsCaptured: false },
    })
    expect(jobAt(plan, events, seconds(4))).toMatchObject({
      ...{ status: 'aborted', abort: true, updatedAt: seconds(4), completedAt: seconds(4) },
      results: [
        { id: 'k1', status: 'Success' },
        { id: 'k2', status: 'Aborted' },
      ],
    })
  })
})

describe('a job that never ends', () => {
  it('shows the results of its rules, and has no further transition', () => {
    const plan = planOf({ never: true, items: [{ index: 0, at: '2s' }] })
    expect(jobAt(plan, [], seconds(1)).nextTransitionAt).toBe(seconds(2))
    expect(jobAt(plan, [], seconds(2))).toMatchObject({ nextTransitionAt: undefined, isFinal: false })
    expect(jobAt(plan, [], toInstant(Infinity)).results).toEqual([{ id: 'k1', status: 'Success' }])
  })
})

describe('items without a result', () => {
  const plan = planOf({ after: '5s', items: [{ index: 0, at: 'never' }] })

  it('are omitted from a completed job', () => {
    expect(jobAt(plan, [], seconds(5)).results).toEqual([{ id: 'k2', status: 'Success' }])
  })

  it('are undone in a cancelled job, or omitted if undone items have no text', () => {
    const events = [{ kind: 'cancel', at: seconds(1) }] as const
    expect(jobAt(plan, events, seconds(1)).results.map(({ status }) => status)).toEqual(['Aborted', 'Aborted'])
    const silent = {
      ...plan,
      cancel: { kind: 'effective', after: toMicros(0), status: 'aborted', unfinished: '' },
    } as const
    expect(jobAt(silent, events, seconds(1)).results).toEqual([])
  })
})

describe('a job that was seeded half-way', () => {
  const plan = planOf(
    {
      after: '4s',
      cancel: 'ignored',
      items: [
        { index: 0, at: '2s' },
        { index: 1, at: 'never' },
      ],
    },
    { done },
  )
  const bare = planOf({ after: '4s' }, { done, items: [] })
  const cancelled = [{ kind: 'cancel', at: seconds(1) }] as const

  it('is the captured document until an item has a result', () => {
    expect(jobAt(plan, [], toInstant(seconds(2) - 1)).isAsCaptured).toBe(true)
    expect(jobAt(plan, [], seconds(2)).isAsCaptured).toBe(false)
  })

  it('is the captured document until a cancel, even an ignored one', () => {
    expect(jobAt(plan, cancelled, toInstant(seconds(1) - 1)).isAsCaptured).toBe(true)
    expect(jobAt(plan, cancelled, seconds(1)).isAsCaptured).toBe(false)
  })

  it('is the captured document until it ends, even without new results', () => {
    expect(jobAt(bare, [], toInstant(seconds(4) - 1)).isAsCaptured).toBe(true)
    expect(jobAt(bare, [], seconds(4))).toMatchObject({ isAsCaptured: false, isFinal: true, results: done })
  })
})

describe('a job that was final when it was seeded', () => {
  const plan: FinishedPlan = {
    ...{
      kind: 'finished',
      createdAt: toInstant(1),
      updatedAt: toInstant(2),
      completedAt: toInstant(3),
      status: 'completed',
      abort: false,
    },
    items: done,
  }

  it('is final at any instant, even before its seeding', () => {
    expect(jobAt(plan, [], toInstant(0))).toEqual({
      ...{ status: 'completed', isFinal: true, results: done, createdAt: 1, updatedAt: 2, completedAt: 3 },
      ...{ abort: false, isDeleted: false, nextTransitionAt: undefined, isAsCaptured: true },
    })
    expect(
      transitionsOf({ id: 'j', plan, events: [] }, { from: toInstant(-Infinity), to: toInstant(Infinity) }),
    ).toEqual([])
  })

  it('changes at a cancel unless its flag is already set', () => {
    const at = toInstant(5)
    const events = [{ kind: 'cancel', at }] as const
    expect(jobAt(plan, events, at)).toMatchObject({ abort: true, isAsCaptured: false, updatedAt: 2 })
    expect(jobAt({ ...plan, abort: true }, events, at)).toMatchObject({ abort: true, isAsCaptured: true })
  })

  it('can be deleted, which does not set its flag', () => {
    expect(jobAt(plan, [{ kind: 'delete', at: toInstant(5) }], toInstant(5))).toMatchObject({
      isDeleted: true,
      abort: false,
      isAsCaptured: true,
    })
  })
})
