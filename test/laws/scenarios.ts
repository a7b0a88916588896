import { fc } from '../support/fast-check.ts'
import { readScenario } from '../../src/model/read-scenario.ts'
import type { Scenario, ItemRule, ScenarioSource } from '../../src/model/scenario.ts'

// Few and small numbers, so that instants often coincide, which is where errors are likely.
const duration = fc.oneof(
  fc.integer({ min: 0, max: 8 }).map((seconds) => `${seconds}s`),
  fc.integer({ min: 0, max: 8_000_000 }).map((micros) => `${micros}us`),
)
const share = fc.integer({ min: 0, max: 4 }).map((quarters) => `${quarters * 25}%`)

const position = fc.integer({ min: -3, max: 4 })

const itemRule: fc.Arbitrary<ItemRule> = fc.record(
  {
    id: fc.constantFrom('*', 'k*', 'k1', '?2', 'nobody'),
    index: fc.oneof(position, fc.tuple(position, position)),
    every: fc.integer({ min: 1, max: 4 }),
    fraction: fc.constantFrom(0.2, 0.5, 1),
    count: fc.integer({ min: 1, max: 3 }),
    status: fc.constantFrom('Success', 'Error: locked', 'Error: gone'),
    at: fc.oneof(fc.constant('never'), share, duration),
  },
  { requiredKeys: [] },
)

const signal = fc.constantFrom<NonNullable<ScenarioSource['signal']>>('finish', {
  finish: 'completed',
  fail: 'failure',
})

const triggers: fc.Arbitrary<ScenarioSource> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<ScenarioSource>({ never: true }) },
  {
    weight: 9,
    arbitrary: fc
      .record({ after: duration, polls: fc.integer({ min: 1, max: 3 }), signal }, { requiredKeys: [] })
      .filter((source) => Object.keys(source).length > 0),
  },
)

const manners: fc.Arbitrary<ScenarioSource> = fc.record(
  {
    overall_status: fc.constantFrom('completed', 'failure', 'partial'),
    itemCount: fc.integer({ min: 0, max: 5 }),
    cancel: fc.oneof(
      fc.constantFrom<NonNullable<ScenarioSource['cancel']>>('effective', 'ignored', 'rejected'),
      duration.map((effective) => ({ effective })),
    ),
    results: fc.constantFrom('progressive', 'final'),
    phases: fc.array(fc.record({ status: fc.constantFrom('queued', 'paused', 'in_progress'), for: duration }), {
      maxLength: 3,
    }),
    pauses: fc.array(fc.record({ at: duration, for: duration }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
)

/** A scenario as a user may write it. */
export const scenarioSource: fc.Arbitrary<ScenarioSource> = fc
  .record({
    triggers,
    manners,
    jitter: fc.option(fc.oneof(share, duration), { nil: undefined }),
    items: fc.array(itemRule, { maxLength: 4 }),
  })
  .map(({ triggers: ends, manners: others, jitter, items }) =>
    withoutRefusedRules({
      ...ends,
      ...others,
      ...(jitter !== undefined && ends.after !== undefined && { jitter }),
      items,
    }),
  )

/** The same after reading. */
export const scenario: fc.Arbitrary<Scenario> = scenarioSource.map((source) => {
  const reading = readScenario(source, 'any', () => undefined)
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues))
  return reading.scenario
})

/** Rules, phases and pauses that can never apply or end after the job are refused at load, so a loaded scenario has none. */
function withoutRefusedRules(source: ScenarioSource): ScenarioSource {
  const reading = readScenario(source, 'any', () => undefined)
  if ('scenario' in reading) return source
  const [, list, refused] = /^\/(items|phases|pauses)\/(\d+)/.exec(reading.issues[0]?.pointer ?? '') ?? []
  if (list === undefined) throw new Error(JSON.stringify({ source, ...reading }))
  const left = source[list as 'items' | 'phases' | 'pauses']?.filter((_, index) => index !== Number(refused))
  return withoutRefusedRules({ ...source, [list]: left })
}
