import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { temporaryFolder } from './backends.ts'
import { writeOldData } from './old-data.ts'

/** A data folder of format 4, which had no inventory: two jobs and a snapshot, with what its lists answered. */
const { calls, ...tables } = JSON.parse(
  readFileSync(new URL('fixtures/format-4.json', import.meta.url), 'utf8'),
) as Parameters<typeof writeOldData>[2] & { readonly calls: readonly { url: string; body: unknown }[] }

it('answers with data of the fourth format as before, and takes resources from then on', async () => {
  using folder = temporaryFolder()
  writeOldData(folder.path, 4, tables)
  await using emulator = await createEmulator({ data: folder.path, seed: 'none', randomSeed: 7 })
  const authorization = `Bearer ${await emulator.token()}`
  for (const { url, body } of calls) {
    const answer = await emulator.inject({ url, headers: { authorization } })
    expect([answer.statusCode, JSON.parse(answer.body)], url).toEqual([200, body])
  }
  const root = emulator.domain('root')
  expect((await root.resources.list()).total).toBe(0)
  await root.resources.add({ kind: 'aws.key', record: { id: 'k1' } })
  await root.snapshots.load('old')
  expect((await root.resources.list()).total).toBe(0)
})
