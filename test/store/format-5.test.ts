import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { temporaryFolder } from './backends.ts'
import { writeOldData } from './old-data.ts'

/** A data folder of format 5, whose jobs had no phases: two jobs and a snapshot, with what its lists answered. */
const { calls, ...tables } = JSON.parse(
  readFileSync(new URL('fixtures/format-5.json', import.meta.url), 'utf8'),
) as Parameters<typeof writeOldData>[2] & { readonly calls: readonly { url: string; body: unknown }[] }

it('answers with data of the fifth format as before, and takes jobs with phases from then on', async () => {
  using folder = temporaryFolder()
  writeOldData(folder.path, 5, tables)
  await using emulator = await createEmulator({ data: folder.path, seed: 'none', randomSeed: 7 })
  const authorization = `Bearer ${await emulator.token()}`
  for (const { url, body } of calls) {
    const answer = await emulator.inject({ url, headers: { authorization } })
    expect([answer.statusCode, JSON.parse(answer.body)], url).toEqual([200, body])
  }
  const root = emulator.domain('root')
  const request = { keys: ['k9'], operation: 'enablekey' }
  const scenario = { after: '10s', phases: [{ status: 'queued', for: '5s' }] }
  const { id } = await root.jobs.create({ family: 'aws.bulkjob', request, scenario })
  expect((await root.jobs.list({ overall_status: 'queued' })).jobs.map((job) => job.id)).toEqual([id])
  await root.snapshots.load('old')
  expect((await root.jobs.list({ overall_status: 'in_progress' })).total).toBe(2)
})
