import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { temporaryFolder } from './backends.ts'
import { writeOldData } from './old-data.ts'

interface Format2 {
  /** The id that version 0.1 would have given to one more job of the request below, in either domain. */
  readonly next: string
  /** The response of `GET /__admin/jobs` then. */
  readonly listing: object
  readonly domain: Parameters<typeof writeOldData>[2][string]
  readonly job: Parameters<typeof writeOldData>[2][string]
}

/**
 * Rows that version 0.1 wrote, with random seed 7 and a frozen clock: three equal jobs, one of them cancelled, another
 * one, a captured one with the id of the fourth equal job, and one more equal job, which has the fifth id; then a fork
 * of them.
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

it('reads data of the second format and continues with its ids', async () => {
  using folder = temporaryFolder()
  writeOldData(folder.path, 2, { domain: OLD.domain, job: OLD.job })
  for (let opened = 0; opened < 2; opened += 1) {
    await using emulator = await createEmulator({ data: folder.path, seed: 'none', randomSeed: 7 })
    expect((await emulator.inject('/__admin/jobs')).json()).toEqual(OLD.listing)
  }
  await using emulator = await createEmulator({ data: folder.path, seed: 'none', randomSeed: 7 })
  for (const domain of ['root', 'forked']) expect(await create(emulator, domain)).toBe(OLD.next)
})
