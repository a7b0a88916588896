import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { fewEstates } from './estates.ts'
import { comparable, create, neutral, play } from './playing.ts'
import { changeOfEstate, creation, enter, lists, look, OPTIONS, type Creation } from './worlds.ts'

it("gives the same bytes for the same random seed and calls, whatever the domain's name", PATIENTLY, async () => {
  await using one = await createEmulator({ ...OPTIONS, randomSeed: 7 })
  await using other = await createEmulator({ ...OPTIONS, randomSeed: 7 })
  let worlds = 0
  const wanted = fc.array(fc.oneof(changeOfEstate, look), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fewEstates, wanted, async (resources, calls) => {
      worlds += 1
      const here = await enter(one, `here-${worlds}`, resources)
      const there = await enter(other, `elsewhere-${worlds * 3}`, resources)
      expect(comparable(await play(here, calls))).toEqual(comparable(await play(there, calls)))
      expect((await lists(here)).map(neutral)).toEqual((await lists(there)).map(neutral))
    }),
    { numRuns: CASES },
  )
})

it('gives the same bytes in any order of unrelated jobs, and with jobs in between', PATIENTLY, async () => {
  await using emulator = await createEmulator({ ...OPTIONS, clock: 'frozen@2024-02-06T09:22:54Z' })
  let worlds = 0
  const wanted = fc.array(creation, { minLength: 1, maxLength: 4 }).map(sameScenarioForSameRequest)
  await fc.assert(
    fc.asyncProperty(wanted, fc.infiniteStream(fc.nat()), async (creations, chance) => {
      worlds += 1
      const plain = await enter(emulator, `plain-${worlds}`)
      const mixed = await enter(emulator, `mixed-${worlds}`)
      const bodies = await bodiesOf(creations, async (each) => (await create(plain, each)).body)
      const others = await bodiesOf(shuffled([...creations, UNRELATED], chance), async (each) => {
        const { body } = await create(mixed, each)
        return each === UNRELATED ? undefined : body
      })
      expect(others.map(neutral).sort()).toEqual(bodies.map(neutral).sort())
    }),
    { numRuns: CASES },
  )
})

it('gives other ids for another random seed', PATIENTLY, async () => {
  await using one = await createEmulator({ ...OPTIONS, randomSeed: 1 })
  await using other = await createEmulator({ ...OPTIONS, randomSeed: 2 })
  const [here, there] = await Promise.all(
    [one, other].map(async (emulator) => create(await enter(emulator, 'd'), UNRELATED)),
  )
  expect(comparable([here!])).not.toEqual(comparable([there!]))
})

const UNRELATED: Creation = { path: 'aws/bulkjob', body: { keys: ['other'], operation: 'enablekey' }, scenario: 's0' }

/** Gives equal requests equal scenarios: they are numbered, so their order would matter otherwise. */
function sameScenarioForSameRequest(creations: readonly Creation[]): Creation[] {
  const first = (wanted: Creation) => creations.find(({ body }) => JSON.stringify(body) === JSON.stringify(wanted.body))
  return creations.map((each) => ({ ...each, scenario: first(each)?.scenario ?? each.scenario }))
}

async function bodiesOf(
  creations: readonly Creation[],
  make: (each: Creation) => Promise<string | undefined>,
): Promise<string[]> {
  const bodies: string[] = []
  for (const each of creations) bodies.push((await make(each)) ?? '')
  return bodies.filter((body) => body !== '')
}

function shuffled<T>(values: readonly T[], chance: Iterable<number>): T[] {
  const ranks = chance[Symbol.iterator]()
  return values
    .map((value) => ({ value, rank: Number(ranks.next().value) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value)
}
