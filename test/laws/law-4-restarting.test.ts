import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { comparable, neutral, play, type Made } from './playing.ts'
import { change, enter, enterWith, lists, OPTIONS } from './worlds.ts'

/** Worlds that live through each restart together: a start costs more than a world. */
const TOGETHER = 100

it('a restart in the middle changes nothing, neither what was nor what follows', PATIENTLY, async () => {
  const calls = fc.array(change, { maxLength: 3 })
  const life = fc.record({ before: calls, after: calls })
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
        for (const [index, { before }] of lives.entries()) {
          const world = await enter(first, `w${index}`)
          await play(world, before, made[index])
          tokens.push(world.token)
          bytes.push(await lists(world))
        }
      }
      await using second = await createEmulator({ ...OPTIONS, data: data.path })
      for (const [index, { before, after }] of lives.entries()) {
        const world = enterWith(second, tokens[index]!)
        expect(await lists(world)).toEqual(bytes[index])
        const answers = await play(world, after, made[index])
        const control = await enter(steady, `w${(worlds += 1)}`)
        const madeThere: Made = []
        await play(control, before, madeThere)
        expect(comparable(answers)).toEqual(comparable(await play(control, after, madeThere)))
        expect((await lists(world)).map(neutral)).toEqual((await lists(control)).map(neutral))
      }
    }),
    { numRuns: CASES / TOGETHER },
  )
})

function temporaryFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'cckm-law-4-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}
