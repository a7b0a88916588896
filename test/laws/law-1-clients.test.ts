import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { comparable, neutral, play, type Made } from './playing.ts'
import { change, enter, lists, look, OPTIONS } from './worlds.ts'

it('shows a client the same with and without lists and HEAD requests in between', PATIENTLY, async () => {
  await using emulator = await createEmulator(OPTIONS)
  let worlds = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(change, fc.array(look, { maxLength: 1 })), { maxLength: 4 }), async (steps) => {
      worlds += 1
      const watched = await enter(emulator, `watched-${worlds}`)
      const unwatched = await enter(emulator, `unwatched-${worlds}`)
      const [madeHere, madeThere]: [Made, Made] = [[], []]
      for (const [call, looks] of steps) {
        const seen = await play(watched, [call], madeHere)
        await play(watched, looks, madeHere)
        expect(comparable(seen)).toEqual(comparable(await play(unwatched, [call], madeThere)))
      }
      expect((await lists(watched)).map(neutral)).toEqual((await lists(unwatched)).map(neutral))
    }),
    { numRuns: CASES },
  )
})
