import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { fewEstates } from './estates.ts'
import { play } from './playing.ts'
import { changeOfEstate, enter, lists, look, OPTIONS } from './worlds.ts'

it('changes no byte of a domain by calls in another one', PATIENTLY, async () => {
  await using emulator = await createEmulator(OPTIONS)
  let worlds = 0
  const calls = fc.array(changeOfEstate, { minLength: 1, maxLength: 4 })
  const others = fc.array(fc.oneof(changeOfEstate, look), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fewEstates, calls, others, async (resources, here, there) => {
      worlds += 1
      const quiet = await enter(emulator, `quiet-${worlds}`, resources)
      const busy = await enter(emulator, `busy-${worlds}`, resources)
      await play(quiet, here)
      const before = await lists(quiet)
      // Equal requests too: equal ids in two domains are two jobs.
      await play(busy, [...here, ...there])
      expect(await lists(quiet)).toEqual(before)
    }),
    { numRuns: CASES },
  )
})
