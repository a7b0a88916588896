import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { launch, temporaryFolder } from '../cli/run-cli.ts'
import { createBooks, type Books } from './books.ts'
import { after, AWS, callerOf, chance, expectWhole, kill, startOn, stop, tokenOf } from './support.ts'
import { SEED } from '../support/fast-check.ts'

const KILLS = Number(process.env.HARDENING_KILLS ?? 50)
const KILLS_AT_START = 10
/** Maximum of responses in a round before its kill. */
const MAX_ANSWERS = 80
/** Takes a minute on an idle machine. */
const LONGEST = { timeout: 900_000 }

it(`loses no confirmed change and leaves no partial one after ${KILLS} kills under load`, LONGEST, async () => {
  const random = chance(SEED)
  const data = temporaryFolder()
  const args = ['--seed', 'none', '--scenario', 'stuck']
  let running = await startOn(data, ...args)
  const token = await tokenOf(running)
  const books: Books = await createBooks(callerOf(running.ready.url, token))
  for (let n = 0; n < KILLS; n += 1) {
    const working = books.work(callerOf(running.ready.url, token), random)
    await Promise.race([books.answers(Math.floor(random() * MAX_ANSWERS)), working])
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
  // Without any confirmed call the test would show nothing.
  for (const count of Object.values(totals)) expect(count).toBeGreaterThan(0)
})

it(`loads the whole seed once after ${KILLS_AT_START} kills during a start`, LONGEST, async () => {
  const random = chance(SEED)
  const file = join(temporaryFolder(), 'seed.ndjson')
  // More than SQLite's cache holds, so parts of it reach the file before the commit.
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
