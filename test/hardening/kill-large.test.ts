import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { launch, temporaryFolder } from '../cli/run-cli.ts'
import { writeOldData } from '../store/old-data.ts'
import { halfSeeded, startOnDisk, unnamedRows } from '../support/on-disk.ts'
import { after, AWS, callerOf, chance, expectWhole, kill, startOn, stop, tokenOf } from './support.ts'
import { SEED } from '../support/fast-check.ts'
import type { Caller } from './support.ts'

const KILLS = Number(process.env.HARDENING_KILLS ?? 50)
const UPGRADE_KILLS = 10
const LONGEST = { timeout: 900_000 }
const SEED_JOBS = 2_000
const CLIENTS = 3

/** What there is: of each domain, and of its snapshot, the seeds of 2,000 jobs that it has, in order. */
interface World {
  readonly domains: Readonly<Record<string, readonly string[]>>
  readonly snapshot: readonly string[] | undefined
}

interface LargeCall {
  readonly method: 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
  readonly status: number
  readonly then: World
}

const BIG = '/__admin/domains/big'
let seeds = 0

function seedOf(name: string): object {
  const over = { createdAt: '2025-01-01T00:00:00Z', overall_status: 'completed', operation: 'enablekey' }
  const jobs = Array.from({ length: SEED_JOBS }, (_, n) => ({
    family: 'aws.bulkjob',
    job: { ...over, id: `${name}.${n}`, uri: `${name}.${n}`, detailed_status: { a: 'Success', b: 'Success' } },
  }))
  return { jobs }
}

/** A large call that is possible in this world. */
function largeCall(world: World, random: () => number): LargeCall {
  const { big = [], ...others } = world.domains
  const [other] = Object.keys(others)
  const withBig = (jobs: readonly string[]): World => ({ ...world, domains: { ...world.domains, big: jobs } })
  const dice = random()
  if (big.length === 0 || (dice < 0.3 && big.length < 3)) {
    const name = `s${(seeds += 1)}`
    return { method: 'POST', path: `${BIG}/seed`, body: seedOf(name), status: 201, then: withBig([...big, name]) }
  }
  if (other !== undefined) {
    const { [other]: _gone, ...left } = world.domains
    return { method: 'DELETE', path: `/__admin/domains/${other}`, status: 204, then: { ...world, domains: left } }
  }
  const named = `d${(seeds += 1)}`
  const withNew = (jobs: readonly string[]): World => ({ ...world, domains: { ...world.domains, [named]: jobs } })
  if (dice < 0.45) return { method: 'POST', path: `${BIG}/fork`, body: { to: named }, status: 201, then: withNew(big) }
  if (dice < 0.6) {
    const body = { seed: seedOf(named) }
    return { method: 'PUT', path: `/__admin/domains/${named}`, body, status: 201, then: withNew([named]) }
  }
  if (dice < 0.75 || world.snapshot === undefined)
    return { method: 'PUT', path: `${BIG}/snapshots/one`, status: 200, then: { ...world, snapshot: big } }
  if (dice < 0.9)
    return { method: 'POST', path: `${BIG}/snapshots/one/load`, status: 200, then: withBig(world.snapshot) }
  return { method: 'POST', path: `${BIG}/reset`, status: 200, then: withBig([]) }
}

/** Confirmed changes, and the calls since. */
interface Books {
  world: World
  doubt: World | undefined
  readonly created: Set<string>
  /** Creates without an answer. */
  doubtful: number
  answered: number
  onCall: () => void
}

async function workOnWorld({ call }: Caller, books: Books, random: () => number): Promise<void> {
  for (;;) {
    const { method, path, body, status, then } = largeCall(books.world, random)
    books.doubt = then
    books.onCall()
    const answer = await call(method, path, body)
    if (answer === undefined) return
    expect(answer.status, answer.text).toBe(status)
    Object.assign(books, { world: then, doubt: undefined, answered: books.answered + 1 })
  }
}

async function create({ call }: Caller, books: Books): Promise<void> {
  for (;;) {
    books.doubtful += 1
    const answer = await call('POST', AWS, { keys: ['a', 'b', 'c'], operation: 'enablekey' })
    if (answer === undefined) return
    expect(answer.status, answer.text).toBe(201)
    books.doubtful -= 1
    books.created.add((JSON.parse(answer.text) as { id: string }).id)
  }
}

/**
 * Compares a copy of the data, after a start, with the books: each call is done or not done. Returns whether the large
 * one is.
 */
async function audit(data: string, books: Books): Promise<boolean> {
  const copy = temporaryFolder()
  cpSync(data, copy, { recursive: true })
  await using started = await startOnDisk({ data: copy, seed: 'none' })
  const { disk, emulator } = started
  await expect.poll(() => unnamedRows(disk)).toEqual([])
  expect(halfSeeded(disk)).toEqual([])
  const world = worldOf(disk.read(COUNTS) as unknown as Counted[])
  expect([books.world, books.doubt ?? books.world]).toContainEqual(world)
  const isDone = isDeepStrictEqual(world, books.doubt)
  Object.assign(books, { world, doubt: undefined })
  const { domains } = (await emulator.inject('/__admin/domains')).json<{ domains: { name: string; jobs: number }[] }>()
  for (const { name, jobs } of domains)
    if (name !== 'root') expect(jobs, name).toBe((world.domains[name]?.length ?? -1) * SEED_JOBS)
  const ids = disk.read(`select job.id from domain join job using (content) where name = 'root'`).map(({ id }) => id)
  expect([...books.created].filter((id) => !new Set(ids).has(id))).toEqual([])
  const unknown = ids.filter((id) => !books.created.has(id as string)) as string[]
  expect(unknown.length).toBeLessThanOrEqual(books.doubtful)
  for (const id of unknown) books.created.add(id)
  books.doubtful = 0
  return isDone
}

interface Counted {
  readonly name: string
  readonly seed: string | null
  readonly jobs: number
  readonly items: number
}

const COUNTS = `select domain.name, substr(job.id, 1, instr(job.id, '.') - 1) as seed, count(job.id) as jobs,
    sum((select count(*) from item where item.content = job.content and item.job = job.seq)) as items
  from domain left join job using (content) where domain.name != 'root' group by domain.key, seed order by min(seq)`

/** Throws if only a part of a seed exists. */
function worldOf(rows: readonly Counted[]): World {
  const found: Record<string, string[]> = {}
  for (const { name, seed: part, jobs, items } of rows) {
    found[name] ??= []
    if (part === null) continue
    expect([jobs, items], `${part} in ${name}`).toEqual([SEED_JOBS, 2 * SEED_JOBS])
    found[name].push(part)
  }
  const hidden = Object.keys(found).find((name) => name.startsWith('.snapshot/'))
  const snapshot = hidden === undefined ? undefined : found[hidden]
  return { domains: Object.fromEntries(Object.entries(found).filter(([name]) => name !== hidden)), snapshot }
}

it(`leaves each large call done or not done after ${KILLS} kills`, LONGEST, async () => {
  const random = chance(SEED)
  const data = temporaryFolder()
  const args = ['--seed', 'none', '--scenario', 'stuck']
  let running = await startOn(data, ...args)
  const token = await tokenOf(running)
  await callerOf(running.ready.url, token).ask('PUT', BIG, { clock: 'frozen' }, 201)
  const empty: World = { domains: { big: [] }, snapshot: undefined }
  const books: Books = {
    ...{ world: empty, doubt: undefined, created: new Set<string>(), doubtful: 0, answered: 0 },
    onCall: () => undefined,
  }
  const amid = { calls: 0, done: 0 }
  for (let n = 0; n < KILLS; n += 1) {
    const caller = callerOf(running.ready.url, token)
    const [first, wait] = [Math.floor(random() * 4), random() * 300]
    const reached = new Promise<void>((resolve) => {
      let calls = 0
      books.onCall = () => {
        if (calls === first) resolve()
        calls += 1
      }
    })
    const working = Promise.all([
      workOnWorld(caller, books, random),
      ...Array.from({ length: CLIENTS }, () => create(caller, books)),
    ])
    await Promise.race([reached, working])
    await after(wait)
    const killed = kill(running)
    await working
    await killed
    expectWhole(data)
    const { doubt } = books
    if (await audit(data, books)) amid.done += 1
    if (doubt !== undefined) amid.calls += 1
    running = await startOn(data, ...args)
  }
  expect(await stop(running)).toEqual({ code: 0, complaints: [] })
  console.info(`${books.answered} large calls and ${books.created.size} creates; ${JSON.stringify(amid)} at a kill`)
  // Without any confirmed call the test would show nothing.
  expect(Math.min(books.answered, books.created.size, amid.calls)).toBeGreaterThan(KILLS / 10)
})

type Tables = Record<string, Readonly<Record<string, string | number | null>>[]>

/** The format 3 data of the store's tests, with its jobs repeated this often. */
function oldTables(times: number): Tables {
  const file = new URL('../store/fixtures/format-3.json', import.meta.url)
  const { calls: _calls, ...tables } = JSON.parse(readFileSync(file, 'utf8')) as Tables & { calls: unknown }
  const jobs = tables.job ?? []
  const last = Math.max(...jobs.map(({ seq }) => Number(seq)))
  const more = Array.from({ length: times - 1 }, (_, index) =>
    jobs.map((job) => ({ ...job, seq: Number(job.seq) + (index + 1) * last, id: `${job.id}-${index}` })),
  )
  return { ...tables, job: [...jobs, ...more.flat()] }
}

function upgraded(data: string): { jobs: unknown[]; items: unknown[]; old: unknown[] } {
  const database = new Database(join(data, 'emulator.db'), { readonly: true })
  const all = (sql: string): unknown[] => database.prepare(sql).all()
  const result = {
    jobs: all('select * from job order by content, seq'),
    items: all('select * from item order by content, job, item'),
    old: all(`select name from sqlite_schema where name like '%format%'`),
  }
  database.close()
  return result
}

it(`finishes an upgrade of older data after ${UPGRADE_KILLS} kills`, LONGEST, async () => {
  const random = chance(SEED)
  const old = temporaryFolder()
  const jobs = oldTables(1).job?.length ?? 0
  writeOldData(old, 3, oldTables(Math.ceil(3_000 / jobs)))
  const options = { seed: 'none' } as const
  const whole = temporaryFolder()
  cpSync(old, whole, { recursive: true })
  const began = performance.now()
  await (await startOnDisk({ data: whole, ...options })).emulator.close()
  const took = performance.now() - began
  const expected = upgraded(whole)
  expect([expected.jobs.length >= 3_000, expected.old]).toEqual([true, []])
  let halfway = 0
  for (let n = 0; n < UPGRADE_KILLS; n += 1) {
    const data = temporaryFolder()
    cpSync(old, data, { recursive: true })
    const { child, ended } = launch(['--port', '0', '--data', data, '--seed', 'none', '--log-level', 'silent'], {})
    // Its first write.
    while (!existsSync(join(data, 'emulator.db-wal')) && child.exitCode === null) await after(1)
    await after(random() * took)
    child.kill('SIGKILL')
    await ended
    expectWhole(data)
    if (isHalfway(data)) halfway += 1
    await (await startOnDisk({ data, ...options })).emulator.close()
    expect(upgraded(data)).toEqual(expected)
  }
  console.info(`${halfway} of ${UPGRADE_KILLS} kills came halfway`)
  expect(halfway).toBeGreaterThan(0)
})

/** True if some, but not all, of the old jobs are moved. */
function isHalfway(data: string): boolean {
  const copy = temporaryFolder()
  cpSync(data, copy, { recursive: true })
  const database = new Database(join(copy, 'emulator.db'))
  const count = (sql: string): number => database.prepare(sql).pluck().get() as number
  const has = (table: string): boolean => count(`select count(*) from sqlite_schema where name = '${table}'`) === 1
  const isSo = has('job_format_3') && count('select count(*) from job') > 0
  database.close()
  return isSo
}
