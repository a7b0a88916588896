import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { temporaryFolder } from './backends.ts'
import { writeOldData } from './old-data.ts'

interface Format2 {
  /** The id that the emulator of then would have given to one more job of the request below, in either domain. */
  readonly next: string
  /** What `GET /__admin/jobs` answered. */
  readonly listing: object
  readonly domain: Parameters<typeof writeOldData>[2][string]
  readonly job: Parameters<typeof writeOldData>[2][string]
}

/**
 * Rows that version 0.1 wrote, with random seed 7 and a clock that stood still: three equal jobs, one of them cancelled, another
 * one, a captured one that took the id of the fourth equal, and one more equal, which got the fifth; then a fork of it all.
 */
const OLD = JSON.parse(readFileSync(new URL('format-2.json', import.meta.url), 'utf8')) as Format2

const AZURE = '/api/v1/cckm/azure/bulkjobs'
const REQUEST = {
  operation: 'delete-key-backups',
  delete_key_backups_param: { backups: ['f60070f8-5ef8-4685-9121-9ca732cffcbd'] },
}

async function create(emulator: Emulator, domain: string): Promise<string> {
  const headers = { authorization: `Bearer ${await emulator.token({ domain })}` }
  const answer = await emulator.inject({ method: 'POST', url: AZURE, headers, payload: REQUEST })
  expect(answer.statusCode).toBe(201)
  return answer.json<{ id: string }>().id
}

it('data of the second format is as it was, and goes on with the ids that it would have had', async () => {
  using folder = temporaryFolder()
  writeOldData(folder.path, 2, { domain: OLD.domain, job: OLD.job })
  for (let opened = 0; opened < 2; opened += 1) {
    await using emulator = await createEmulator({ data: folder.path, seed: 'none', randomSeed: 7 })
    expect((await emulator.inject('/__admin/jobs')).json()).toEqual(OLD.listing)
  }
  await using emulator = await createEmulator({ data: folder.path, seed: 'none', randomSeed: 7 })
  for (const domain of ['root', 'forked']) expect(await create(emulator, domain)).toBe(OLD.next)
})
