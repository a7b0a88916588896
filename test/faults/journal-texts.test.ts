// Whatever the journal does to keep a thousand requests at little cost: what it gives back is what came.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AZURE } from '../support/emulator.ts'
import { startWorld, type World } from './support.ts'

/** Plain, not plain, short and long: words that no redaction takes for a secret. */
const word = fc
  .record({
    unit: fc.constantFrom('k-', 'é', '漢', '😀'),
    times: fc.oneof(fc.nat(6), fc.constantFrom(60, 120, 250, 340, 1030)),
    end: fc.constantFrom('', 'z', 'ÿ', '語'),
  })
  .map(({ unit, times, end }) => `a-${unit.repeat(times)}${end}`)

/** Asks for jobs of these ids, and is answered with these bodies. */
async function ask({ client, world }: World, asked: readonly (readonly [id: string, body: string])[]): Promise<void> {
  for (const [id, body] of asked) {
    await world.clearFaults()
    await world.fault({ on: { operation: 'azure.bulkjobs.get' }, do: { respond: { status: 503, body } } })
    await client.get(`${AZURE}/${encodeURIComponent(id)}`)
  }
}

/** What the trace shows of their answers. */
async function answersOf({ world }: World): Promise<(string | undefined)[]> {
  const found = (await world.trace()).matchAll(/>Answer<\/h3>\s*<pre tabindex="0">([^<]*)</g)
  return [...found].map(([, answer]) => answer)
}

it('The journal gives texts back as they came', async () => {
  const started = await startWorld()
  const { world } = started
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 8 }), async (asked) => {
      await world.clearRequests()
      await ask(started, asked)
      const requests = await world.requests()
      expect(requests.map(({ job, path }) => [job, decodeURIComponent(path)])).toEqual(
        asked.map(([id]) => [id, `/api/v1${AZURE}/${id}`]),
      )
      expect(await answersOf(started)).toEqual(asked.map(([, body]) => body))
    }),
    { numRuns: 25 },
  )
})

it('So it does with texts of any length that take more bytes than characters', async () => {
  const started = await startWorld()
  const bodies = Array.from({ length: 260 }, (_, length) => `é${'z'.repeat(length)}`)
  await ask(
    started,
    bodies.map((body) => ['x', body]),
  )
  expect(await answersOf(started)).toEqual(bodies)
})

it('A full journal has the newest thousand as they came, each in the place of another kind', async () => {
  const { client, world } = await startWorld()
  const ids = Array.from({ length: 1205 }, (_, index) => ['x', 'long-'.repeat(90), '漢'][index % 3]! + String(index))
  for (const id of ids) await client.get(`${AZURE}/${encodeURIComponent(id)}`)
  expect((await world.requests()).map(({ job, status }) => [job, status])).toEqual(
    ids.slice(-1000).map((id) => [id, 404]),
  )
})
