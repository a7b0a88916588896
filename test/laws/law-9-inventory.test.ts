// A key is what its seed, the calls on it and the jobs that named it make of it: compared with a fold in the test.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseInstant } from '../../src/wire/timestamps.ts'
import { enable, JOBS, NOON, start } from '../control/enter.ts'
import { PATIENTLY } from './cases.ts'

const KEYS = ['k1', 'k2', 'k3']
const SECOND = 1_000_000
/** Of the default scenario. */
const DURATION = 5 * SECOND

const state = fc.constantFrom('Enabled', 'Disabled')
const step = fc.oneof(
  fc.record({ job: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1 }), state }),
  fc.record({ call: fc.constantFrom(...KEYS), state }),
  fc.record({ seconds: fc.integer({ min: 1, max: 4 }) }),
)

interface Effect {
  readonly at: number
  readonly key: string
  readonly state: string
}

/** In order of time; what was asked for first comes first at the same instant. */
function stateAt(effects: readonly Effect[], key: string, at: number): string {
  const past = effects.filter((each) => each.key === key && each.at <= at)
  return past.toSorted((a, b) => a.at - b.at).at(-1)?.state ?? 'Enabled'
}

it(
  'at any instant keys are what calls and items made of them by then, in lists and by id, also after a copy',
  PATIENTLY,
  async () => {
    const { enter } = await start()
    let domains = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        domains += 1
        const { world, client } = await enter(`t-${domains}`)
        const resources = KEYS.map((id) => ({ kind: 'aws.key', record: { id, kms: 'kms', region: 'eu-west-1' } }))
        await world.seed({ resources: [...resources, { kind: 'aws.kms', record: { name: 'kms' } }], jobs: [] })
        const begin = parseInstant(NOON) ?? 0
        const effects: Effect[] = []
        let now = begin
        for (const each of steps) {
          if ('seconds' in each) {
            now += each.seconds * SECOND
            await world.clock.advance(`${each.seconds}s`)
          } else if ('job' in each) {
            const operation = each.state === 'Enabled' ? 'enablekey' : 'disablekey'
            expect((await client('POST', JOBS, { ...enable(...each.job), operation })).status).toBe(201)
            const share = DURATION / each.job.length
            for (const [index, key] of each.job.entries())
              effects.push({ at: now + Math.round(share * (index + 1)), key, state: each.state })
          } else {
            const verb = each.state === 'Enabled' ? 'enable' : 'disable'
            expect((await client('POST', `/cckm/aws/keys/${each.call}/${verb}`)).status).toBe(200)
            effects.push({ at: now, key: each.call, state: each.state })
          }
        }
        await world.fork(`t-${domains}-copy`)
        const copy = await enter(`t-${domains}-copy`)
        for (let at = begin; at <= now + 6 * SECOND; at += SECOND) {
          const instant = new Date(at / 1000).toISOString()
          const expected = KEYS.map((key) => [key, stateAt(effects, key, at)])
          for (const each of [world, copy.world]) {
            const listed = await each.resources.list({ kind: 'aws.key', at: instant })
            expect(listed.resources.map(({ id, record }) => [id, keyState(record)])).toEqual(expected)
          }
          const looked = await Promise.all(KEYS.map((key) => world.resources.get(key, instant)))
          expect(looked.map(({ id, record }) => [id, keyState(record)])).toEqual(expected)
        }
        await world.drop()
        await copy.world.drop()
      }),
      { numRuns: 15 },
    )
  },
)

function keyState({ aws_param }: Readonly<Record<string, unknown>>): unknown {
  return (aws_param as Readonly<Record<string, unknown>>).KeyState
}
