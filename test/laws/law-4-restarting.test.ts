import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/emulator.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { fewEstates } from './estates.ts'
import { comparable, neutral, play, type Made } from './playing.ts'
import { changeOfEstate, creation, enter, enterWith, lists, OPTIONS } from './worlds.ts'

const byDefault = creation.map((made) => ({ kind: 'create', creation: { ...made, scenario: undefined } }) as const)
const calls = fc.array(fc.oneof(changeOfEstate, byDefault), { maxLength: 3 })

/** Worlds that share each restart, since a start takes longer than a world. */
const TOGETHER = 100

it('changes neither the past nor the future by a restart', PATIENTLY, async () => {
  const life = fc.record({ owned: fewEstates, before: calls, after: calls })
  await using steady = await createEmulator(OPTIONS)
  let worlds = 0
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: TOGETHER, maxLength: TOGETHER }), async (lives) => {
      using data = temporaryFolder()
      const tokens: string[] = []
      const made: Made[] = lives.map(() => [])
      const bytes: string[][] = []
      {
        await using first = await createEmulator({ ...OPTIONS, data: data.path })
        for (const [index, { owned: resources, before }] of lives.entries()) {
          const world = await enter(first, `w${index}`, resources)
          await play(world, before, made[index])
          tokens.push(world.token)
          bytes.push(await lists(world))
        }
      }
      await using second = await createEmulator({ ...OPTIONS, data: data.path })
      for (const [index, { owned: resources, before, after }] of lives.entries()) {
        const world = enterWith(second, `w${index}`, tokens[index]!)
        expect(await lists(world)).toEqual(bytes[index])
        const answers = await play(world, after, made[index])
        const control = await enter(steady, `w${(worlds += 1)}`, resources)
        const madeThere: Made = []
        await play(control, before, madeThere)
        expect(comparable(answers)).toEqual(comparable(await play(control, after, madeThere)))
        expect((await lists(world)).map(neutral)).toEqual((await lists(control)).map(neutral))
      }
    }),
    { numRuns: CASES / TOGETHER },
  )
})

it('restores a snapshot after a restart as without one', PATIENTLY, async () => {
  const life = fc.record({
    owned: fewEstates,
    before: calls,
    meanwhile: calls,
    after: calls,
    scenarios: fc.record({ before: setUp, meanwhile: setUp }),
  })
  await using steady = await createEmulator(OPTIONS)
  let worlds = 0
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: TOGETHER, maxLength: TOGETHER }), async (lives) => {
      using data = temporaryFolder()
      const tokens: string[] = []
      const saved: { made: Made; bytes: string[]; state: string[] }[] = []
      {
        await using first = await createEmulator({ ...OPTIONS, data: data.path })
        for (const [index, { owned: resources, before, meanwhile, scenarios }] of lives.entries()) {
          const name = `w${index}`
          const world = await enter(first, name, resources)
          const made: Made = []
          await control(first, name, scenarios.before)
          await play(world, before, made)
          saved.push({ made: [...made], bytes: await lists(world), state: await stateOf(first, name) })
          await control(first, name, [['PUT', '/snapshots/one']])
          await control(first, name, scenarios.meanwhile)
          await play(world, meanwhile, made)
          tokens.push(world.token)
        }
      }
      await using second = await createEmulator({ ...OPTIONS, data: data.path })
      for (const [index, { owned: resources, before, after, scenarios }] of lives.entries()) {
        const { made, bytes, state } = saved[index]!
        const name = `w${index}`
        const world = enterWith(second, name, tokens[index]!)
        await control(second, name, [['POST', '/snapshots/one/load']])
        expect(await lists(world)).toEqual(bytes)
        expect(await stateOf(second, name)).toEqual(state)
        const answers = await play(world, after, made)
        const name2 = `w${(worlds += 1)}`
        const other = await enter(steady, name2, resources)
        const madeThere: Made = []
        await control(steady, name2, scenarios.before)
        await play(other, before, madeThere)
        expect(comparable(answers)).toEqual(comparable(await play(other, after, madeThere)))
        expect((await lists(world)).map(neutral)).toEqual((await lists(other)).map(neutral))
      }
    }),
    { numRuns: CASES / TOGETHER },
  )
})

/** A call of the control API below a domain. */
type ControlCall = readonly [method: 'PUT' | 'POST', path: string, body?: object]

/** The setup of a domain, each part optional. */
const setUp: fc.Arbitrary<ControlCall[]> = fc
  .record({
    byDefault: fc.option(fc.constantFrom('slow', 'mine', 's1', 's2', 's3')),
    after: fc.constantFrom('1s', '2s', '3s'),
    failureWord: fc.option(fc.constantFrom('error', 'failed')),
    rule: fc.option(fc.constantFrom('stuck', 'mine', 's4')),
  })
  .map(({ byDefault, after, failureWord, rule }) => [
    ['PUT', '/scenarios/mine', { after }],
    ...(byDefault === null ? [] : [['PUT', '/scenarios', { default: byDefault }] as const]),
    ...(failureWord === null ? [] : [['PUT', '/settings', { failureWord }] as const]),
    ...(rule === null ? [] : [['POST', '/rules', { scenario: rule }] as const]),
  ])

async function control(emulator: Emulator, domain: string, sent: readonly ControlCall[]): Promise<void> {
  for (const [method, path, payload] of sent) {
    const url = `/__admin/domains/${domain}${path}`
    const answer = await emulator.inject({ method, url, ...(payload !== undefined && { payload }) })
    expect([200, 201], answer.body).toContain(answer.statusCode)
  }
}

/** The state of a domain without its jobs. */
function stateOf(emulator: Emulator, domain: string): Promise<string[]> {
  const paths = ['clock', 'settings', 'scenarios', 'scenarios/mine', 'rules', 'faults']
  return Promise.all(paths.map(async (path) => (await emulator.inject(`/__admin/domains/${domain}/${path}`)).body))
}

function temporaryFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'cckm-law-4-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}
