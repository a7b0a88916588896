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

/** The one thing that is wrong. */
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

describe('a scenario is refused that', () => {
  it.each<[string, unknown, RegExp]>([
    ['does not say how it ends', {}, /^ does not say how the job ends/],
    ['never ends and ends', { never: true, after: '5s' }, /^\/never never ends, so after can never apply/],
    ['jitters without a duration', { polls: 3, jitter: '1s' }, /^\/jitter can never apply/],
    ['ends as it begins', { after: '5s', overall_status: 'in_progress' }, /^\/overall_status in_progress is how/],
    ['is told to begin', { signal: { go: 'in_progress' } }, /^\/signal\/go in_progress is how/],
    ['lasts no time', { after: '5' }, /^\/after "5" is not a duration .*a bare number has no unit/],
    ['jitters by a word', { after: '5s', jitter: 'much' }, /^\/jitter "much" is not a duration/],
    ['may outlast the calendar', { after: '9s', jitter: '99999999999999%' }, /^\/jitter may end the job after the end/],
    ['cancels after a word', { after: '5s', cancel: { effective: 'soon' } }, /^\/cancel\/effective "soon" is not/],
    ['extends nobody', { extends: 'nobody' }, /^\/extends names no scenario: nobody/],
    ['extends one that extends nobody', { extends: 'orphan' }, /^\/extends names no scenario: nobody/],
    ['extends in a circle', { extends: 'circle' }, /^\/extends extends itself, directly or through others/],
    ['has an unknown field', { after: '5s', afterwards: '6s' }, /^\/afterwards is not a known field/],
    ['has an unknown field in a rule', items({ index: 0, state: 'x' }), /^\/items\/0\/state is not a known field/],
    ['polls no times', { polls: 0 }, /^\/polls must be >= 1/],
    ['is no object', 'default', /^ must be object/],
  ])('%s', (_name, source, message) => {
    expect(refusalOf(source)).toMatch(message)
  })
})

describe('an item rule is refused that', () => {
  it.each<[string, unknown, RegExp]>([
    ['matches by nothing', items({ status: 'x' }), /^\/items\/0 does not say which items/],
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
    ['is hidden at its place by a step', items({ every: 2 }, { index: 3 }), /^\/items\/1 can never apply/],
    [
      'is hidden by a later one too',
      items({ index: 0 }, { id: 'k1' }, { id: 'k1', index: 4 }),
      /^\/items\/2 can never/,
    ],
    ['is at a place that its step leaves out', items({ index: 1, every: 3 }), /^\/items\/0 can never apply/],
    ['comes after the end', items({ index: 0, at: '6s' }), /^\/items\/0\/at comes after the end of the job \(5s\)/],
    ['comes after all of it', items({ index: 0, at: '101%' }), /^\/items\/0\/at comes after the end of the job/],
    ['comes at no time', items({ index: 0, at: 'later' }), /^\/items\/0\/at "later" is not a duration/],
    ['is a share of no duration', { polls: 2, items: [{ index: 0, at: '5%' }] }, /^\/items\/0\/at is a share of a dur/],
    ['comes after the end of an heir', { extends: 'base', after: '7s' }, /^\/items\/0\/at comes after the end/],
  ])('%s', (_name, source, message) => {
    expect(refusalOf(source)).toMatch(message)
  })
})

describe('an item rule is taken that', () => {
  it.each<[string, object[]]>([
    ['is more general than the one before', [{ id: 'k1' }, { id: 'k*' }]],
    ['is for another step', [{ every: 2 }, { every: 3 }]],
    ['is at a place that another step leaves out', [{ every: 2 }, { index: 2 }]],
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
    ['comes never', [{ index: 0, at: 'never' }]],
    [
      'comes with the end',
      [
        { index: 0, at: '100%' },
        { index: 1, at: '5s' },
      ],
    ],
  ])('%s', (_name, rules) => {
    expect(read(items(...rules))).toHaveProperty('scenario')
  })
})

describe('a scenario that is read', () => {
  it('has everything that it did not say', () => {
    expect(read1({ never: true })).toEqual({
      ...{ name: 'test', description: '', after: undefined, jitter: undefined, polls: undefined, signals: [] },
      ...{ items: [], itemCount: undefined, status: 'completed', cancel: { kind: 'effective', after: 0 } },
      results: 'progressive',
    })
  })

  it('has what it extends where it is silent, and its own name', () => {
    expect(read1({ extends: 'child', name: 'mine', polls: 2, items: [] })).toMatchObject({
      ...{ name: 'mine', description: 'ten seconds', status: 'partial' },
      // Another trigger replaces all of them, and the jitter with them.
      ...{ after: undefined, jitter: undefined, polls: 2, items: [] },
    })
    expect(read1({ extends: 'child' })).toMatchObject({ after: 10_000_000, jitter: { share: 0.1 } })
  })

  it.each<[ScenarioSource['cancel'], object]>([
    ['effective', { kind: 'effective', after: 0 }],
    [{ effective: '2s' }, { kind: 'effective', after: 2_000_000 }],
    ['ignored', { kind: 'ignored' }],
    ['rejected', { kind: 'rejected' }],
  ])('has the cancel %j', (cancel, expected) => {
    expect(read1({ never: true, cancel }).cancel).toEqual(expected)
  })

  it('ends as itself when it waits for one signal, and as it says for each of several', () => {
    expect(read1({ signal: 'go' }).signals).toEqual([{ name: 'go', status: 'completed' }])
    expect(read1({ signal: 'go', overall_status: 'failure' }).signals).toEqual([{ name: 'go', status: 'failure' }])
    expect(read1({ signal: { a: 'completed', b: 'odd' } }).signals).toEqual([
      { name: 'a', status: 'completed' },
      { name: 'b', status: 'odd' },
    ])
  })

  it('has rules with their times in one unit', () => {
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
