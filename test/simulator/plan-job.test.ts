import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts'
import { SECOND } from '../../src/model/time.ts'
import { FAILED_ITEM } from '../../src/simulator/plan-job.ts'
import { START } from '../laws/histories.ts'
import { planOf } from './plans.ts'

const FIVE = Array.from({ length: 5 }, (_, index) => `k${index + 1}`)
const failing = (match: object, items = FIVE) =>
  planOf({ after: '10s', items: [{ ...match, status: 'bad' }] }, { items })
    .items.filter(({ status }) => status === 'bad')
    .map(({ id }) => id)

describe('items', () => {
  it('succeed in even steps, the last one with the job', () => {
    expect(planOf({ after: '10s' }, { items: FIVE }).items.map(({ at }) => at)).toEqual(
      [2, 4, 6, 8, 10].map((seconds) => seconds * SECOND),
    )
  })

  it('come with the end where no duration is known', () => {
    expect(planOf({ polls: 3 }).items.map(({ at }) => at)).toEqual(['end', 'end'])
  })

  it.each([
    ['a glob', { id: 'k[1' }, []],
    ['a glob with a star', { id: '*3' }, ['k3']],
    ['a place', { index: 1 }, ['k2']],
    ['a place from the end', { index: -1 }, ['k5']],
    ['a place that is not there', { index: 9 }, []],
    ['every second', { every: 2 }, ['k2', 'k4']],
    ['all that is given together', { every: 2, id: 'k4' }, ['k4']],
    ['the whole', { fraction: 1 }, FIVE],
  ])('are matched by %s', (_name, match, expected) => {
    expect(failing(match)).toEqual(expected)
  })

  it('are matched by a fraction that is drawn for each, about as often as it says', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `k${index}`)
    const share = failing({ fraction: 0.3 }, many).length / many.length
    expect(share).toBeCloseTo(0.3, 1)
    expect(failing({ fraction: 0.3 }, many)).toEqual(failing({ fraction: 0.3 }, many))
  })

  it('take the first rule that matches', () => {
    const items = [
      { index: 0, status: 'first' },
      { every: 1, status: 'second' },
    ]
    expect(planOf({ after: '5s', items }).items.map(({ status }) => status)).toEqual(['first', 'second'])
  })

  it('have their result when their rule says', () => {
    const items = [
      { index: 0, at: '25%' },
      { index: 1, at: '3s' },
      { index: 2, at: 'never' },
    ]
    expect(planOf({ after: '8s', items }, { items: FIVE }).items.map(({ at }) => at)).toEqual([
      ...[2 * SECOND, 3 * SECOND, 'never', 6_400_000, 8 * SECOND],
    ])
  })

  it('that were done before come first and stay as they were', () => {
    const done = [{ id: 'old', status: 'Failed before' }]
    expect(planOf({ after: '4s' }, { done }).items).toEqual([
      { id: 'old', status: 'Failed before', at: 'before' },
      { id: 'k1', status: 'Success', at: 2 * SECOND },
      { id: 'k2', status: 'Success', at: 4 * SECOND },
    ])
  })
})

describe('endings', () => {
  const words = { ...DEFAULT_SETTINGS, failureWord: 'failed', abortedWord: 'cancelled', undoneItem: '' }

  it('are one for each trigger, with the words of the domain', () => {
    const plan = planOf({ after: '5s', polls: 2, signal: 'go', overall_status: 'failure' }, { settings: words })
    expect(plan.endings).toEqual([
      { trigger: { kind: 'after', delay: 5 * SECOND }, status: 'failed' },
      { trigger: { kind: 'polls', count: 2 }, status: 'failed' },
      { trigger: { kind: 'signal', name: 'go' }, status: 'failed' },
    ])
    expect(plan.cancel).toEqual({ kind: 'effective', after: 0, status: 'cancelled', unfinished: '' })
  })

  it('are none for a job that never ends', () => {
    expect(planOf({ never: true }).endings).toEqual([])
  })

  it('that are told to fail take down what was not done', () => {
    expect(planOf({ signal: { finish: 'completed', fail: 'failure' } }).endings).toEqual([
      { trigger: { kind: 'signal', name: 'finish' }, status: 'completed' },
      { trigger: { kind: 'signal', name: 'fail' }, status: 'error', unfinished: FAILED_ITEM },
    ])
  })

  it.each(['ignored', 'rejected'] as const)('of a plan whose cancel is %s say so', (kind) => {
    expect(planOf({ after: '5s', cancel: kind }).cancel).toEqual({ kind })
  })
})

describe('a plan', () => {
  it('tells who chose its scenario and when the job was made', () => {
    const { scenario, chosenBy, createdAt, updatedAt } = planOf({ after: '5s' }, { chosenBy: 'rule', updatedAt: 7 })
    expect({ scenario, chosenBy, createdAt, updatedAt }).toEqual({
      ...{ scenario: 'test', chosenBy: 'rule', createdAt: START, updatedAt: 7 },
    })
  })

  it.each(['3s', '60%'])('adds up to %s of jitter, drawn once and the same each time', (jitter) => {
    fc.assert(
      fc.property(fc.nat(), (occurrence) => {
        const input = { key: { seed: 1, content: 'test', occurrence } }
        const [ending] = planOf({ after: '5s', jitter }, input).endings
        const { delay } = ending!.trigger as { delay: number }
        expect(delay).toBeGreaterThanOrEqual(5 * SECOND)
        expect(delay).toBeLessThan(8 * SECOND)
        expect(Number.isInteger(delay)).toBe(true)
        expect(planOf({ after: '5s', jitter }, input).endings).toEqual([ending])
      }),
    )
  })

  it('draws the same jitter in every version: a test that found something finds it again', () => {
    const triggers = [0, 1, 2].map((occurrence) => {
      const input = { key: { seed: 1, content: 'test', occurrence } }
      return planOf({ after: '5s', jitter: '1s' }, input).endings[0]!.trigger
    })
    expect(triggers).toEqual([5_428_862, 5_759_780, 5_432_150].map((delay) => ({ kind: 'after', delay })))
  })
})
