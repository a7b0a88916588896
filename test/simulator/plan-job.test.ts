import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import type { ItemRule } from '../../src/model/scenario.ts'
import { DEFAULT_SETTINGS } from '../../src/model/settings.ts'
import { SECOND, toInstant } from '../../src/model/time.ts'
import { FAILED_ITEM } from '../../src/simulator/plan-job.ts'
import { START } from '../laws/histories.ts'
import { planOf } from './plans.ts'

const FIVE = Array.from({ length: 5 }, (_, index) => `k${index + 1}`)
const failing = (match: object, items = FIVE) =>
  planOf({ after: '10s', items: [{ ...match, status: 'bad' }] }, { items })
    .items.filter(({ status }) => status === 'bad')
    .map(({ id }) => id)

describe('items', () => {
  it('succeed at equal intervals, the last one with the job', () => {
    expect(planOf({ after: '10s' }, { items: FIVE }).items.map(({ at }) => at)).toEqual(
      [2, 4, 6, 8, 10].map((seconds) => seconds * SECOND),
    )
  })

  it('end with the job if there is no duration', () => {
    expect(planOf({ polls: 3 }).items.map(({ at }) => at)).toEqual(['end', 'end'])
  })

  it.each([
    ['a glob', { id: 'k[1' }, []],
    ['a glob with a star', { id: '*3' }, ['k3']],
    ['an index', { index: 1 }, ['k2']],
    ['an index from the end', { index: -1 }, ['k5']],
    ['an index past the end', { index: 9 }, []],
    ['a range', { index: [1, 3] }, ['k2', 'k3', 'k4']],
    ['a range from the end', { index: [-2, -1] }, ['k4', 'k5']],
    ['a range between both ends', { index: [3, -1] }, ['k4', 'k5']],
    ['a range that begins before the first', { index: [-9, -5] }, ['k1']],
    ['a range past the end', { index: [4, 99] }, ['k5']],
    ['a range whose ends have crossed', { index: [3, -4] }, []],
    ['a count beyond the number of items', { count: 9 }, FIVE],
    ['a count of a range', { count: 2, index: [0, 1] }, ['k1', 'k2']],
    ['every second', { every: 2 }, ['k2', 'k4']],
    ['several conditions together', { every: 2, id: 'k4' }, ['k4']],
    ['a fraction of 1', { fraction: 1 }, FIVE],
  ])('are matched by %s', (_name, match, expected) => {
    expect(failing(match)).toEqual(expected)
  })

  it('follow the first matching rule', () => {
    const items = [
      { index: 0, status: 'first' },
      { every: 1, status: 'second' },
    ]
    expect(planOf({ after: '5s', items }).items.map(({ status }) => status)).toEqual(['first', 'second'])
  })

  it('have their result at the time of their rule', () => {
    const items = [
      { index: 0, at: '25%' },
      { index: 1, at: '3s' },
      { index: 2, at: 'never' },
    ]
    expect(planOf({ after: '8s', items }, { items: FIVE }).items.map(({ at }) => at)).toEqual([
      ...[2 * SECOND, 3 * SECOND, 'never', 6_400_000, 8 * SECOND],
    ])
  })

  it('that were done before come first and stay unchanged', () => {
    const done = [{ id: 'old', status: 'Failed before' }]
    expect(planOf({ after: '4s' }, { done }).items).toEqual([
      { id: 'old', status: 'Failed before', at: 'before' },
      { id: 'k1', status: 'Success', at: 2 * SECOND },
      { id: 'k2', status: 'Success', at: 4 * SECOND },
    ])
  })
})

describe('fractions', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`)
  const statusesOf = (rules: ItemRule[], items: readonly string[], seed = 1) =>
    planOf({ after: '10s', items: rules }, { items, key: { seed, content: 'test', occurrence: 0 } }).items.map(
      ({ status }) => status,
    )
  const countsOf = (statuses: readonly string[], words: readonly string[]) =>
    words.map((word) => statuses.filter((status) => status === word).length)

  it('match exactly their share of the items for any random seed, and add up', () => {
    const rules = [
      { fraction: 0.2, status: 'A' },
      { fraction: 0.1, status: 'B' },
    ]
    for (let seed = 1; seed <= 40; seed += 1)
      expect(countsOf(statusesOf(rules, keys(100), seed), ['A', 'B'])).toEqual([20, 10])
  })

  it('match the same items for the same random seed, and others for another one', () => {
    const rules = [{ fraction: 0.3, status: 'bad' }]
    expect(statusesOf(rules, keys(200))).toEqual(statusesOf(rules, keys(200)))
    expect(statusesOf(rules, keys(200))).not.toEqual(statusesOf(rules, keys(200), 2))
  })

  it.each([
    ['half an item as one', [0.25, 0.25], 10, [3, 2]],
    ['decimals as written', [0.145], 100, [15]],
    ['0.1 and 0.2 as 0.3', [0.1, 0.2, 0.7], 10, [1, 2, 7]],
    ['ten tenths as the whole', Array.from({ length: 10 }, () => 0.1), 10, Array.from({ length: 10 }, () => 1)],
    ['three thirds as the whole', [1 / 3, 1 / 3, 1 / 3], 7, [2, 3, 2]],
    ['a share that rounds to zero as zero', [0.1], 4, [0]],
    ['shares below one item together', [0.1, 0.1, 0.1, 0.1, 0.1], 4, [0, 1, 0, 1, 0]],
  ])('count %s', (_what, fractions, count, expected) => {
    const rules = fractions.map((fraction, index) => ({ fraction, status: `rule ${index}` }))
    const words = rules.map(({ status }) => status)
    expect(countsOf(statusesOf(rules, keys(count)), words)).toEqual(expected)
  })

  it('are shares of all items, taken from those that no earlier rule matches', () => {
    const rules = [
      { index: 0, status: 'first' },
      { fraction: 0.5, status: 'half' },
      { every: 2, status: 'even' },
    ]
    for (let seed = 1; seed <= 20; seed += 1) {
      const statuses = statusesOf(rules, keys(10), seed)
      expect(statuses[0]).toBe('first')
      expect(countsOf(statuses, ['half'])).toEqual([5])
    }
  })

  it('match at most the items of their own rule', () => {
    const rules = [{ id: 'p*', fraction: 0.5, status: 'bad' }]
    expect(statusesOf(rules, ['p1', 'k1', 'k2', 'k3', 'p2', 'k4', 'k5', 'k6'])).toEqual(
      ['bad', 'Success', 'Success', 'Success', 'bad', 'Success', 'Success', 'Success'],
    ) // prettier-ignore
    expect(countsOf(statusesOf(rules, ['p1', 'p2', 'p3', 'k1']), ['bad'])).toEqual([2])
  })

  it('give each rule its rounded share of any number of items', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 120 }), fc.integer(), fc.nat(50), (sizes, count, seed, rest) => {
        const whole = sizes.reduce((sum, size) => sum + size, rest)
        const rules = sizes.map((size, index) => ({ fraction: size / whole, status: `rule ${index}` }))
        // Whole numbers, so that the expected result is exact.
        const upTo = (last: number) => {
          const size = sizes.slice(0, last).reduce((sum, each) => sum + each, 0)
          return Math.floor((2 * count * size + whole) / (2 * whole))
        }
        const statuses = statusesOf(rules, keys(count), seed)
        const words = rules.map(({ status }) => status)
        expect(countsOf(statuses, words)).toEqual(sizes.map((_, index) => upTo(index + 1) - upTo(index)))
      }),
    )
  })

  it('do not change the items of earlier rules when a rule is added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer(), (count, seed) => {
        const first = { fraction: 0.3, status: 'A' }
        const alone = statusesOf([first], keys(count), seed)
        const both = statusesOf([first, { fraction: 0.4, status: 'B' }], keys(count), seed)
        expect(both.map((status) => status === 'A')).toEqual(alone.map((status) => status === 'A'))
      }),
    )
  })
})

describe('counts', () => {
  const keys = Array.from({ length: 20 }, (_, index) => `k${index}`)
  const statusesOf = (rules: ItemRule[], seed = 1) =>
    planOf({ after: '10s', items: rules }, { items: keys, key: { seed, content: 'test', occurrence: 0 } }).items.map(
      ({ status }) => status,
    )
  const countOf = (statuses: readonly string[], word: string) => statuses.filter((status) => status === word).length

  it('take exactly their number for any random seed, each of other items', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const statuses = statusesOf([{ count: 3, status: 'A' }, { count: 4, status: 'B' }], seed) // prettier-ignore
      expect(['A', 'B'].map((word) => countOf(statuses, word))).toEqual([3, 4])
    }
  })

  it('take the same items for the same random seed, and others for another one', () => {
    const rules = [{ count: 5, status: 'A' }]
    expect(statusesOf(rules)).toEqual(statusesOf(rules))
    expect(statusesOf(rules)).not.toEqual(statusesOf(rules, 2))
  })

  it('take their items before fractions do, and fractions are still of all items', () => {
    const rules = [
      { fraction: 0.5, status: 'half' },
      { count: 4, index: [0, 4], status: 'few' },
      { fraction: 0.25, status: 'quarter' },
    ]
    for (let seed = 1; seed <= 20; seed += 1) {
      const statuses = statusesOf(rules, seed)
      expect(['half', 'few', 'quarter'].map((word) => countOf(statuses, word))).toEqual([10, 4, 5])
      expect(countOf(statuses.slice(0, 5), 'few')).toBe(4)
    }
  })

  it('leave the items of rules before them', () => {
    const rules = [
      { index: [0, 9], status: 'first' },
      { count: 10, status: 'counted' },
    ]
    expect(statusesOf(rules)).toEqual(keys.map((_, index) => (index < 10 ? 'first' : 'counted')))
  })
})

describe('pauses', () => {
  const scenario = {
    after: '10s',
    pauses: [
      { at: '80%', for: '5s' },
      { at: '4s', for: '2s' },
    ],
  }

  it('put off the end and the later items, but not those at that very time', () => {
    const { items, endings, pauses } = planOf(scenario, { items: FIVE })
    expect(items.map(({ at }) => at)).toEqual([2, 4, 8, 10, 17].map((seconds) => seconds * SECOND))
    expect(endings).toEqual([{ trigger: { kind: 'after', delay: 17 * SECOND }, status: 'completed' }])
    expect(pauses).toEqual([
      { at: 4 * SECOND, for: 2 * SECOND },
      { at: 10 * SECOND, for: 5 * SECOND },
    ])
  })

  it('put off items of a job without a duration', () => {
    const source = { never: true, pauses: [{ at: '1s', for: '1m' }], items: [{ index: 0, at: '2s' }] } as const
    expect(planOf(source).items.map(({ at }) => at)).toEqual([62 * SECOND, 'end'])
  })

  it('count in the question whether the cloud refuses an item', () => {
    const asked: number[] = []
    const refusalOf = (_item: string, at: number) => void asked.push((at - START) / SECOND)
    planOf(scenario, { refusalOf })
    planOf({ ...scenario, results: 'final' }, { refusalOf })
    expect(asked).toEqual([7, 17, 17, 17])
  })
})

describe('phases', () => {
  it.each<[string, [status: string, length: string][], unknown]>([
    ['follow one another and end in in_progress', [['queued', '2s'], ['paused', '1s']], [[0, 'queued'], [2, 'paused'], [3, 'in_progress']]],
    ['of no length are none', [['queued', '0s'], ['paused', '1s'], ['odd', '0s']], [[0, 'paused'], [1, 'in_progress']]],
    ['with the same word are one', [['queued', '1s'], ['queued', '1s']], [[0, 'queued'], [2, 'in_progress']]],
    ['may begin with in_progress', [['in_progress', '1s'], ['queued', '1s']], [[0, 'in_progress'], [1, 'queued'], [2, 'in_progress']]],
  ])('%s', (_name, phases, expected) => {
    const source = { after: '5s', phases: phases.map(([status, length]) => ({ status, for: length })) }
    expect(planOf(source).phases?.map(({ at, status }) => [at / SECOND, status])).toEqual(expected)
  }) // prettier-ignore
})

describe('endings', () => {
  const words = { ...DEFAULT_SETTINGS, failureWord: 'failed', abortedWord: 'cancelled', undoneItem: '' }

  it('exist for each trigger, with the words of the domain', () => {
    const plan = planOf({ after: '5s', polls: 2, signal: 'go', overall_status: 'failure' }, { settings: words })
    expect(plan.endings).toEqual([
      { trigger: { kind: 'after', delay: 5 * SECOND }, status: 'failed' },
      { trigger: { kind: 'polls', count: 2 }, status: 'failed' },
      { trigger: { kind: 'signal', name: 'go' }, status: 'failed' },
    ])
    expect(plan.cancel).toEqual({ kind: 'effective', after: 0, status: 'cancelled', unfinished: '' })
  })

  it('do not exist for a job that never ends', () => {
    expect(planOf({ never: true }).endings).toEqual([])
  })

  it('with a failure fail all unfinished items', () => {
    expect(planOf({ signal: { finish: 'completed', fail: 'failure' } }).endings).toEqual([
      { trigger: { kind: 'signal', name: 'finish' }, status: 'completed' },
      { trigger: { kind: 'signal', name: 'fail' }, status: 'error', unfinished: FAILED_ITEM },
    ])
  })

  it.each(['ignored', 'rejected'] as const)('contain the cancel of the scenario: %s', (kind) => {
    expect(planOf({ after: '5s', cancel: kind }).cancel).toEqual({ kind })
  })
})

describe('a plan', () => {
  it('records the source of its scenario and the instant of creation', () => {
    const { scenario, chosenBy, createdAt, updatedAt } = planOf(
      { after: '5s' },
      { chosenBy: 'rule', updatedAt: toInstant(7) },
    )
    expect({ scenario, chosenBy, createdAt, updatedAt }).toEqual({
      ...{ scenario: 'test', chosenBy: 'rule', createdAt: START, updatedAt: 7 },
    })
  })

  it.each(['3s', '60%'])('adds up to %s of jitter, drawn once and always the same', (jitter) => {
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

  it('draws the same jitter in every version, so that failing tests can be repeated', () => {
    const triggers = [0, 1, 2].map((occurrence) => {
      const input = { key: { seed: 1, content: 'test', occurrence } }
      return planOf({ after: '5s', jitter: '1s' }, input).endings[0]!.trigger
    })
    expect(triggers).toEqual([5_428_862, 5_759_780, 5_432_150].map((delay) => ({ kind: 'after', delay })))
  })

  it('asks the cloud about an item at the instant of its result, or at the start if that is not known', () => {
    const asked = (source: Parameters<typeof planOf>[0]) => {
      const instants: number[] = []
      const refusalOf = (_item: string, at: number) => {
        instants.push((at - START) / SECOND)
        return 'Denied'
      }
      const { items } = planOf(source, { refusalOf })
      return [instants, items.map(({ status, refused }) => [status, refused])]
    }
    const denied = [
      ['Denied', true],
      ['Denied', true],
    ]
    expect(asked({ after: '10s' })).toEqual([[5, 10], denied])
    expect(asked({ after: '10s', results: 'final' })).toEqual([[10, 10], denied])
    expect(asked({ polls: 1 })).toEqual([[0, 0], denied])
  })
})
