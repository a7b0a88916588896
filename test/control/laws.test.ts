// Laws 2, 4 and 5 for a whole emulator, over its control API.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { createEmulator, type DomainHandle, type Emulator, type TransitionAnswer } from '../../src/index.ts'
import { folderOf } from '../files/folder.ts'
import { CASES } from '../laws/cases.ts'
import { scenarioSource } from '../laws/scenarios.ts'
import { NOON, seeded } from './enter.ts'

const numRuns = CASES / 8

const span = fc.integer({ min: 0, max: 20_000 }).map((milliseconds) => `${milliseconds}ms`)
const world = fc.array(scenarioSource, { minLength: 1, maxLength: 4 })
const clock = fc.constantFrom('frozen', 'step').map((mode) => `${mode}@${NOON}`)

interface Made {
  readonly clock: string
  readonly scenarios: readonly unknown[]
}

let entered = 0

/** Creates the jobs of a case in a separate domain; equal cases have equal jobs, whatever the domain's name. */
async function enter(emulator: Emulator, { clock: start, scenarios }: Made) {
  const domain = emulator.domain(`case-${(entered += 1)}`)
  await domain.access({ clock: start })
  for (const scenario of scenarios) await domain.jobs.create(seeded(scenario, 'k1', 'k2', 'k3'))
  return domain
}

/** The state of a domain, without its id, which its jobs' documents contain. */
async function ends(domain: DomainHandle): Promise<unknown> {
  const { id } = await domain.access()
  const state = [await domain.clock.read(), await domain.jobs.list({ limit: -1 })]
  return JSON.parse(JSON.stringify(state).replaceAll(id, 'ID'))
}

/** As a set: at one instant, jobs of one domain come in the order of their first changes. */
const sorted = (transitions: readonly TransitionAnswer[]) => transitions.map((each) => JSON.stringify(each)).sort()

async function withEmulator<T>(use: (emulator: Emulator) => Promise<T>): Promise<T> {
  await using emulator = await createEmulator({ seed: 'none' })
  return await use(emulator)
}

describe('law 2', () => {
  it('advances by a and then b as by a + b', { timeout: 120_000 }, () =>
    withEmulator(async (emulator) => {
      const cases = fc.record({ scenarios: world, clock, a: fc.nat(20_000), b: fc.nat(20_000) })
      await fc.assert(
        fc.asyncProperty(cases, async ({ a, b, ...made }) => {
          const twice = await enter(emulator, made)
          const once = await enter(emulator, made)
          const parts = [await twice.clock.advance(`${a}ms`), await twice.clock.advance(`${b}ms`)]
          const whole = await once.clock.advance(`${a + b}ms`)
          expect(sorted(parts.flatMap(({ transitions }) => transitions))).toEqual(sorted(whole.transitions))
          expect(parts.reduce((sum, { total }) => sum + total, 0)).toBe(whole.total)
          const instants = whole.transitions.map(({ at }) => Date.parse(at))
          expect(instants).toEqual([...instants].sort((one, other) => one - other))
          expect(await ends(twice)).toEqual(await ends(once))
          await Promise.all([twice.drop(), once.drop()])
        }),
        { numRuns },
      )
    }),
  )
})

describe('law 4', () => {
  it('changes nothing at a restart between two advances', { timeout: 120_000 }, async () => {
    const cases = fc.record({ scenarios: world, clock, a: span, b: span })
    const property = fc.asyncProperty(cases, async ({ a, b, ...made }) => {
      const data = folderOf({})
      const before = await withEmulator(async (emulator) => {
        const domain = await enter(emulator, made)
        await domain.clock.advance(a)
        return [await ends(domain), (await domain.clock.advance(b)).transitions, await ends(domain)]
      })
      const open = () => createEmulator({ seed: 'none', data })
      const first = await open()
      const domain = await enter(first, made)
      await domain.clock.advance(a)
      await first.close()
      await using second = await open()
      const again = second.domain(domain.name)
      expect([await ends(again), (await again.clock.advance(b)).transitions, await ends(again)]).toEqual(before)
    })
    await fc.assert(property, { numRuns: Math.ceil(numRuns / 5) })
  })
})

describe('law 5', () => {
  it('does not change a domain by calls in another one', { timeout: 120_000 }, () =>
    withEmulator(async (emulator) => {
      const cases = fc.record({ mine: world, others: world, clock, a: span, b: span })
      await fc.assert(
        fc.asyncProperty(cases, async ({ mine, others, clock: start, a, b }) => {
          const alone = await enter(emulator, { clock: start, scenarios: mine })
          const expected = [await alone.clock.advance(a), await ends(alone)]
          const domain = await enter(emulator, { clock: start, scenarios: mine })
          const neighbour = await enter(emulator, { clock: start, scenarios: others })
          const [moved] = await Promise.all([domain.clock.advance(a), neighbour.clock.advance(b)])
          await neighbour.reset()
          expect([moved, await ends(domain)]).toEqual(expected)
          await Promise.all([alone.drop(), domain.drop(), neighbour.drop()])
        }),
        { numRuns },
      )
    }),
  )
})
