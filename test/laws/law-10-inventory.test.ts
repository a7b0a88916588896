// The law on random calls that change jobs and resources; law-10-whole.test.ts tries each call by itself.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import type { Failure } from '../support/failing-database.ts'
import { startOnDisk } from '../support/on-disk.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { estate } from './estates.ts'
import { comparable, neutral, play, type Made } from './playing.ts'
import { changeOfEstate, enter, lists, OPTIONS } from './worlds.ts'

it(
  'leaves nothing of calls that a full disk ends, so that their repetition does what they would have',
  PATIENTLY,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cckm-law-10-'))
    try {
      await using steady = await createEmulator(OPTIONS)
      await using running = await startOnDisk({ ...OPTIONS, data: folder })
      const { emulator, disk } = running
      const failure = fc.record({
        at: fc.integer({ min: 1, max: 12 }),
        mode: fc.constantFrom<Failure>('once', 'until room'),
      })
      const steps = fc.array(fc.tuple(changeOfEstate, failure), { minLength: 3, maxLength: 8 })
      let worlds = 0
      let failures = 0
      await fc.assert(
        fc.asyncProperty(estate, steps, async (resources, calls) => {
          worlds += 1
          const full = await enter(emulator, `w${worlds}`, resources)
          const empty = await enter(steady, `w${worlds}`, resources)
          const [made, madeThere]: [Made, Made] = [[], []]
          for (const [call, { at, mode }] of calls) {
            const before = await lists(full)
            const madeBefore = [...made]
            disk.fail(at, mode)
            let answers = await play(full, [call], made)
            disk.makeRoom()
            if (answers.some(({ status }) => status === 507)) {
              failures += 1
              expect(await lists(full)).toEqual(before)
              made.splice(0, made.length, ...madeBefore)
              answers = await play(full, [call], made)
            }
            expect(comparable(answers)).toEqual(comparable(await play(empty, [call], madeThere)))
          }
          expect((await lists(full)).map(neutral)).toEqual((await lists(empty)).map(neutral))
        }),
        { numRuns: CASES / 25 },
      )
      expect(failures).toBeGreaterThan(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
