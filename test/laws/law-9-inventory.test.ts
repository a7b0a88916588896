// A key is what its seed, the calls on it and the jobs that named it make of it: compared with a fold in the test.

import { fc } from '../support/fast-check.ts'
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

const SYNC = '/cckm/aws/synchronization-jobs'
const life = fc.oneof(
  fc.constant({ start: true } as const),
  fc.constant({ cancel: true } as const),
  fc.constantFrom('k1', 'k2').map((call) => ({ call })),
  fc.record({ seconds: fc.integer({ min: 1, max: 4 }) }),
)

it(
  'at any instant keys are shown, lost and seen as the synchronizations that succeeded by then have found them',
  PATIENTLY,
  async () => {
    const { enter } = await start()
    let domains = 0
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 8 }), async (steps) => {
        domains += 1
        const { world, client } = await enter(`s-${domains}`)
        const key = (id: string, more: object = {}) => ({ kind: 'aws.key', record: { id, kms: 'kms' }, ...more })
        const onSync = [key('hidden', { appears: 'on-sync' }), key('lost', { vanishes: 'on-sync' })]
        const kms = { kind: 'aws.kms', record: { name: 'kms', regions: ['eu-west-1'] } }
        await world.seed({ resources: [kms, key('k1'), key('k2'), ...onSync], jobs: [] })
        const begin = parseInstant(NOON) ?? 0
        let now = begin
        let running: { readonly id: unknown; readonly end: number } | undefined
        const sightings: number[] = []
        const pass = () => {
          if (running === undefined || running.end > now) return
          sightings.push(running.end)
          running = undefined
        }
        for (const each of steps) {
          if ('seconds' in each) {
            now += each.seconds * SECOND
            await world.clock.advance(`${each.seconds}s`)
            pass()
          } else if ('call' in each) {
            expect((await client('POST', `/cckm/aws/keys/${each.call}/disable`)).status).toBe(200)
          } else if ('start' in each && running === undefined) {
            // A cancelled one is under way for another second.
            const { status, json } = await client('POST', SYNC, { kms: ['kms'] })
            if (status === 201) running = { id: json.id, end: now + DURATION }
          } else if ('cancel' in each && running !== undefined) {
            const { id, end } = running
            expect((await client('POST', `${SYNC}/${String(id)}/cancel`)).status).toBe(200)
            running = end <= now + SECOND ? running : undefined
          }
        }
        if (running !== undefined) sightings.push(running.end)
        await world.fork(`s-${domains}-copy`)
        const copy = await enter(`s-${domains}-copy`)
        for (let at = begin; at <= now + 6 * SECOND; at += SECOND) {
          const instant = new Date(at / 1000).toISOString()
          const seen = sightings.filter((each) => each <= at)
          const text = (micros = begin) => new Date(micros / 1000).toISOString().replace('.000Z', 'Z')
          const expected = [
            ...['k1', 'k2'].map((id) => [id, false, text(seen.at(-1))]),
            ...(seen.length === 0 ? [] : [['hidden', false, text(seen.at(-1))]]),
            ['lost', seen.length > 0, text(seen[0])],
          ]
          for (const each of [world, copy.world]) {
            const { resources } = await each.resources.list({ kind: 'aws.key', at: instant })
            expect(resources.map(({ id, record }) => [id, record.gone, record.synced_at])).toEqual(expected)
            for (const { id, record } of resources)
              expect((await each.resources.get(id, instant)).record).toEqual(record)
          }
        }
        await world.drop()
        await copy.world.drop()
      }),
      { numRuns: 10 },
    )
  },
)
