import { describe, expect, it } from 'vitest'
import { readScenario } from '../../src/model/read-scenario.ts'
import type { ScenarioSource } from '../../src/model/scenario.ts'

const OTHERS: Readonly<Record<string, ScenarioSource>> = {
  base: { after: '10s', jitter: '10%', description: 'ten seconds', items: [{ index: 0, at: '8s' }] },
  child: { extends: 'base', overall_status: 'partial' },
  circle: { extends: 'square' },
  square: { extends: 'circle' },
  orphan: { extends: 'nobody' },
}

const read = (source: unknown) => readScenario(source, 'test', (name) => OTHERS[name])

/** The message of the only issue. */
function refusalOf(source: unknown): string {
  const reading = read(source)
  if ('scenario' in reading) return 'nothing'
  expect(reading.issues).toHaveLength(1)
  const [{ pointer, message }] = reading.issues as [{ pointer: string; message: string }]
  return `${pointer} ${message}`
}

function read1(source: unknown) {
  const reading = read(source)
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues))
  return reading.scenario
}

const items = (...rules: object[]) => ({ after: '5s', items: rules })

const queued = (time: string) => ({ status: 'queued', for: time })
const phased = (...phases: object[]) => ({ after: '5s', phases })
const paused = (at: string, time = '1s') => ({ after: '5s', pauses: [{ at, for: time }] })

describe('an invalid scenario', () => {
  it.each<[string, unknown, RegExp]>([
    ['does not say how it ends', {}, /^ does not say how the job ends/],
    ['never ends and ends', { never: true, after: '5s' }, /^\/never never ends, so after can never apply/],
    ['jitters without a duration', { polls: 3, jitter: '1s' }, /^\/jitter can never apply/],
    ['ends as it begins', { after: '5s', overall_status: 'in_progress' }, /^\/overall_status in_progress is how/],
    ['has a signal to the initial status', { signal: { go: 'in_progress' } }, /^\/signal\/go in_progress is how/],
    ['has a duration without a unit', { after: '5' }, /^\/after "5" is not a duration .*a bare number has no unit/],
    ['has a word as jitter', { after: '5s', jitter: 'much' }, /^\/jitter "much" is not a duration/],
    ['has a word as duration', { after: 'never' }, /^\/after "never" is not a duration/],
    ['has a share as duration', { after: '50%' }, /^\/after "50%" is not a duration/],
    ['has a phase without a length', { after: '5s', phases: [{ status: 'queued' }] }, /^\/phases\/0\/for is required/],
    ['has a word as the length of a phase', phased({ status: 'q', for: 'long' }), /^\/phases\/0\/for "long" is not/],
    [
      'has phases longer than the job',
      phased(queued('3s'), queued('3s')),
      /^\/phases\/1\/for lasts until after the end/,
    ],
    ['has a word as the time of a pause', paused('never'), /^\/pauses\/0\/at "never" is not a duration/],
    ['has a word as the length of a pause', paused('1s', 'x'), /^\/pauses\/0\/for "x" is not a duration/],
    ['pauses after its end', paused('6s'), /^\/pauses\/0\/at comes after the end of the job \(5s\)/],
    ['pauses at its end', paused('5s'), /^\/pauses\/0\/at is the end of the job/],
    ['pauses at the whole of its duration', paused('100%'), /^\/pauses\/0\/at is the end of the job/],
    ['pauses beyond the calendar', paused('1s', '2498256h'), /^\/pauses may end the job after the end of the cal/],
    ['may outlast the calendar', { after: '9s', jitter: '99999999999999%' }, /^\/jitter may end the job after the end/],
    [
      'has a word as delay of a cancel',
      { after: '5s', cancel: { effective: 'soon' } },
      /^\/cancel\/effective "soon" is not/,
    ],
    ['extends an unknown scenario', { extends: 'nobody' }, /^\/extends names no scenario: nobody/],
    ['extends one that extends an unknown scenario', { extends: 'orphan' }, /^\/extends names no scenario: nobody/],
    ['extends in a circle', { extends: 'circle' }, /^\/extends extends itself, directly or through others/],
    ['has an unknown field', { after: '5s', afterwards: '6s' }, /^\/afterwards is not a known field/],
    ['has an unknown field in a rule', items({ index: 0, state: 'x' }), /^\/items\/0\/state is not a known field/],
    ['waits for zero polls', { polls: 0 }, /^\/polls must be >= 1/],
    ['is not an object', 'default', /^ must be object/],
  ])('refuses a scenario that %s', (_name, source, message) => {
    expect(refusalOf(source)).toMatch(message)
  })
})

describe('an invalid item rule', () => {
  it.each<[string, unknown, RegExp]>([
    ['has no matcher', items({ status: 'x' }), /^\/items\/0 does not say which items/],
    ['is hidden by an equal one', items({ index: 1 }, { index: 1 }), /^\/items\/1 can never apply: rule 0 takes/],
    ['is hidden by one for all', items({ id: '*' }, { index: 1 }), /^\/items\/1 can never apply/],
    ['is hidden by every first', items({ every: 1 }, { id: 'k1' }), /^\/items\/1 can never apply/],
    ['is hidden by the whole', items({ fraction: 1 }, { fraction: 0.5 }), /^\/items\/1 can never apply/],
    [
      'makes the fractions more than the whole',
      items({ fraction: 0.8 }, { id: 'a*', fraction: 0.3 }, { fraction: 0.5 }),
      /^\/items\/1\/fraction makes the fractions of the rules add up to 1.1/,
    ],
    [
      'follows fractions that are the whole together',
      items({ fraction: 0.7 }, { fraction: 0.3 }, { index: 0 }),
      /^\/items\/2 can never apply: the fractions before it take each/,
    ],
    [
      'follows fractions that take all of its own',
      items({ id: 'k*', fraction: 0.5 }, { fraction: 0.5 }, { id: 'k1' }),
      /^\/items\/2 can never apply/,
    ],
    ['is hidden by a wider glob', items({ id: 'k*' }, { id: 'k1?*' }), /^\/items\/1 can never apply/],
    ['is hidden by a wider step', items({ every: 2 }, { every: 4 }), /^\/items\/1 can never apply/],
    ['has an index that an earlier step matches', items({ every: 2 }, { index: 3 }), /^\/items\/1 can never apply/],
    [
      'is hidden by one that is not the first',
      items({ index: 0 }, { id: 'k1' }, { id: 'k1', index: 4 }),
      /^\/items\/2 can never/,
    ],
    ['ends before it begins', items({ index: [3, 1] }), /^\/items\/0\/index ends at 1, before it begins at 3/],
    ['ends before it begins, from the end', items({ index: [-1, -3] }), /^\/items\/0\/index ends at -3, before it/],
    ['has one end of a range', items({ index: [1] }), /^\/items\/0\/index must /],
    ['has three ends of a range', items({ index: [1, 2, 3] }), /^\/items\/0\/index must /],
    ['has a count of none', items({ count: 0 }), /^\/items\/0\/count must be >= 1/],
    ['has a count and a fraction', items({ count: 1, fraction: 0.5 }), /^\/items\/0\/count excludes fraction/],
    ['is a range within an earlier one', items({ index: [0, 4] }, { index: [1, 3] }), /^\/items\/1 can never apply/],
    ['follows the range of all', items({ index: [0, -1] }, { count: 2 }), /^\/items\/1 can never apply: rule 0/],
    [
      'has a range without a step',
      items({ index: [3, 4], every: 3 }),
      /can never apply: no item from 3 to 4 is a 3-th/,
    ],
    ['has an index that its own step excludes', items({ index: 1, every: 3 }), /^\/items\/0 can never apply/],
    ['ends after the job', items({ index: 0, at: '6s' }), /^\/items\/0\/at comes after the end of the job \(5s\)/],
    ['ends after 100 % of the job', items({ index: 0, at: '101%' }), /^\/items\/0\/at comes after the end of the job/],
    ['has a word as its instant', items({ index: 0, at: 'later' }), /^\/items\/0\/at "later" is not a duration/],
    [
      'has a share of a job without a duration',
      { polls: 2, items: [{ index: 0, at: '5%' }] },
      /^\/items\/0\/at is a share of a dur/,
    ],
    ['ends after a job that extends it', { extends: 'base', after: '7s' }, /^\/items\/0\/at comes after the end/],
  ])('refuses an item rule that %s', (_name, source, message) => {
    expect(refusalOf(source)).toMatch(message)
  })
})

describe('a valid item rule', () => {
  it.each<[string, object[]]>([
    ['is more general than the one before', [{ id: 'k1' }, { id: 'k*' }]],
    ['is for another step', [{ every: 2 }, { every: 3 }]],
    ['has an index that an earlier step excludes', [{ every: 2 }, { index: 2 }]],
    ['counts from the end', [{ every: 2 }, { index: -1 }]],
    ['follows a fraction', [{ fraction: 0.5 }, { every: 1 }]],
    [
      'has fractions that are the whole, with other rules between',
      [{ index: 0 }, { fraction: 0.5 }, { every: 2, fraction: 0.5 }],
    ],
    ['is one of ten tenths', Array.from({ length: 10 }, () => ({ fraction: 0.1 }))],
    ['follows fractions of other items', [{ id: 'a*', fraction: 0.5 }, { fraction: 0.5 }, { id: 'k1' }]],
    ['is for a glob that only looks narrower', [{ id: 'k?' }, { id: 'k*' }]],
    ['is for names of another length', [{ id: '?' }, { id: '??' }]],
    ['follows one that is narrower in one way', [{ id: '*', index: 1 }, { id: 'k1' }]],
    ['never applies', [{ index: 0, at: 'never' }]],
    ['is a range up to the last', [{ index: [3, -1] }, { index: [-2, 1] }]],
    ['is wider than an earlier range', [{ index: [1, 3] }, { index: [1, 4] }, { index: [-3, -1] }, { every: 2 }]],
    ['follows a step with a range', [{ every: 2 }, { index: [1, 3] }]],
    [
      'has a range with a step',
      [
        { index: [3, 5], every: 3 },
        { index: [-3, -1], every: 3 },
      ],
    ],
    ['follows a count', [{ count: 3 }, { count: 3 }, { every: 1 }]],
    ['is a count after fractions that are the whole', [{ fraction: 1 }, { count: 2 }]],
    [
      'ends with the job',
      [
        { index: 0, at: '100%' },
        { index: 1, at: '5s' },
      ],
    ],
  ])('accepts an item rule that %s', (_name, rules) => {
    expect(read(items(...rules))).toHaveProperty('scenario')
  })
})

describe('a scenario after reading', () => {
  it('has defaults for all missing fields', () => {
    expect(read1({ never: true })).toEqual({
      ...{ name: 'test', description: '', after: undefined, jitter: undefined, polls: undefined, signals: [] },
      ...{ phases: [], pauses: [] },
      ...{ items: [], itemCount: undefined, status: 'completed', cancel: { kind: 'effective', after: 0 } },
      results: 'progressive',
    })
  })

  it('inherits missing fields from the scenario it extends, and has its own name', () => {
    expect(read1({ extends: 'child', name: 'mine', polls: 2, items: [] })).toMatchObject({
      ...{ name: 'mine', description: 'ten seconds', status: 'partial' },
      // Another trigger replaces all inherited ones, and the jitter with them.
      ...{ after: undefined, jitter: undefined, polls: 2, items: [] },
    })
    expect(read1({ extends: 'child' })).toMatchObject({ after: 10_000_000, jitter: { share: 0.1 } })
  })

  it.each<[ScenarioSource['cancel'], object]>([
    ['effective', { kind: 'effective', after: 0 }],
    [{ effective: '2s' }, { kind: 'effective', after: 2_000_000 }],
    ['ignored', { kind: 'ignored' }],
    ['rejected', { kind: 'rejected' }],
  ])('reads the cancel %j', (cancel, expected) => {
    expect(read1({ never: true, cancel }).cancel).toEqual(expected)
  })

  it('names one ending for a single signal, and one for each of several', () => {
    expect(read1({ signal: 'go' }).signals).toEqual([{ name: 'go', status: 'completed' }])
    expect(read1({ signal: 'go', overall_status: 'failure' }).signals).toEqual([{ name: 'go', status: 'failure' }])
    expect(read1({ signal: { a: 'completed', b: 'odd' } }).signals).toEqual([
      { name: 'a', status: 'completed' },
      { name: 'b', status: 'odd' },
    ])
  })

  it('has all times of its rules in microseconds', () => {
    const rules = [
      { index: 0, at: '25%' },
      { index: 1, at: '1s', status: 'x' },
      { index: 2, at: 'never' },
    ]
    expect(read1({ after: '5s', items: rules }).items.map(({ at, status }) => ({ at, status }))).toEqual([
      { at: { share: 0.25 }, status: 'Success' },
      { at: { micros: 1_000_000 }, status: 'x' },
      { at: 'never', status: 'Success' },
    ])
  })
})
