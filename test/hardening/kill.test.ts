import { cpSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { launch, temporaryFolder, type Running } from '../cli/run-cli.ts'
import { createBooks, type Books } from './books.ts'
import { AWS, callerOf, chance, chosenSeed, startOn, stop, tokenOf } from './support.ts'

const seed = chosenSeed()
const KILLS = Number(process.env.HARDENING_KILLS ?? 50)
const KILLS_AT_START = 10
/** A round has up to so many answers before its kill. */
const MOST_ANSWERS = 80
/** A minute where nothing else runs. */
const LONGEST = { timeout: 900_000 }

/** Milliseconds that are over when a process is killed. */
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What a killed process left: a database in which every page and index is right, and nothing beside it. */
function expectWhole(data: string): void {
  const files = readdirSync(data)
  expect(['emulator.db', 'emulator.db-wal', 'emulator.db-journal']).toEqual(expect.arrayContaining(files))
  const copy = temporaryFolder()
  cpSync(data, copy, { recursive: true })
  const database = new Database(join(copy, 'emulator.db'))
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
}

async function kill({ child, ended, readyFile }: Running): Promise<void> {
  child.kill('SIGKILL')
  expect((await ended).signal).toBe('SIGKILL')
  expect(['ready.json']).toEqual(expect.arrayContaining(readdirSync(dirname(readyFile))))
}

it(`${KILLS} kills under load lose nothing that was answered, and leave nothing by halves`, LONGEST, async () => {
  const random = chance(seed)
  const data = temporaryFolder()
  const args = ['--seed', 'none', '--scenario', 'stuck']
  let running = await startOn(data, ...args)
  const token = await tokenOf(running)
  const books: Books = await createBooks(callerOf(running.ready.url, token))
  for (let n = 0; n < KILLS; n += 1) {
    const working = books.work(callerOf(running.ready.url, token), random)
    await Promise.race([books.answers(Math.floor(random() * MOST_ANSWERS)), working])
    await after(random() * 5)
    const killed = kill(running)
    await working
    await killed
    expectWhole(data)
    running = await startOn(data, ...args)
    await books.audit(callerOf(running.ready.url, token))
  }
  const totals = await books.auditAll(callerOf(running.ready.url, token))
  expect(await stop(running)).toEqual({ code: 0, complaints: [] })
  console.info(`answered before ${KILLS} kills: ${JSON.stringify(totals)}`)
  // A load that did nothing would have shown nothing.
  for (const count of Object.values(totals)) expect(count).toBeGreaterThan(0)
})

it(`${KILLS_AT_START} kills during a start that seeds: the next one has the whole seed, once`, LONGEST, async () => {
  const random = chance(seed)
  const file = join(temporaryFolder(), 'seed.ndjson')
  // More than fits into SQLite's cache: it is half in the file before it is in.
  const jobs = Array.from({ length: 60_000 }, (_, index) => ({
    ...{ id: `job-${index}`, uri: `kylo:kylo:cckm:bulkjob:job-${index}`, createdAt: '2025-01-01T00:00:00Z' },
    ...{ operation: 'enablekey', cloud: 'AWS', overall_status: 'completed' },
  }))
  writeFileSync(file, jobs.map((job) => JSON.stringify(job)).join('\n'))
  const began = performance.now()
  await kill(await startOn(temporaryFolder(), '--seed', file))
  const whole = performance.now() - began
  for (let n = 0; n < KILLS_AT_START; n += 1) {
    const data = temporaryFolder()
    const { child, ended } = launch(['--port', '0', '--data', data, '--seed', file], {})
    await after((0.2 + random()) * whole)
    child.kill('SIGKILL')
    await ended
    if (readdirSync(data).length > 0) expectWhole(data)
    const again = await startOn(data, '--seed', file)
    const { ask } = callerOf(again.ready.url, await tokenOf(again))
    expect(await ask('GET', `${AWS}?limit=1`)).toMatchObject({ total: jobs.length })
    await kill(again)
  }
})
