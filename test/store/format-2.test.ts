import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { MIGRATIONS } from '../../src/store/schema.ts'
import { temporaryFolder } from './backends.ts'

type Row = Readonly<Record<string, string | number | null>>

interface Format2 {
  /** The id that the emulator of then would have given to one more job of the request below, in either domain. */
  readonly next: string
  /** What `GET /__admin/jobs` answered. */
  readonly listing: object
  readonly domain: readonly Row[]
  readonly job: readonly Row[]
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

function keep(folder: string): void {
  const database = new Database(join(folder, 'emulator.db'))
  for (const step of MIGRATIONS.slice(0, 2)) database.exec(step)
  database.pragma('user_version = 2')
  for (const table of ['domain', 'job'] as const)
    for (const row of OLD[table]) {
      const names = Object.keys(row)
      database
        .prepare(`insert into ${table} (${names.join()}) values (${names.map(() => '?').join()})`)
        .run(Object.values(row))
    }
  database.close()
}

async function create(emulator: Emulator, domain: string): Promise<string> {
  const headers = { authorization: `Bearer ${await emulator.token({ domain })}` }
  const answer = await emulator.inject({ method: 'POST', url: AZURE, headers, payload: REQUEST })
  expect(answer.statusCode).toBe(201)
  return answer.json<{ id: string }>().id
}

it('data of the second format is as it was, and goes on with the ids that it would have had', async () => {
  using folder = temporaryFolder()
  keep(folder.path)
  for (let opened = 0; opened < 2; opened += 1) {
    await using emulator = await createEmulator({ data: folder.path, seed: 'none', randomSeed: 7 })
    expect((await emulator.inject('/__admin/jobs')).json()).toEqual(OLD.listing)
  }
  await using emulator = await createEmulator({ data: folder.path, seed: 'none', randomSeed: 7 })
  for (const domain of ['root', 'forked']) expect(await create(emulator, domain)).toBe(OLD.next)
})
