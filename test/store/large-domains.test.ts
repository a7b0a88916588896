import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../src/model/time.ts'
import { INSERT_COLUMNS, insertValues } from '../../src/store/rows.ts'
import { MIGRATIONS } from '../../src/store/schema.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import type { JobQuery, JobStore, JobWrite } from '../../src/store/job-store.ts'
import { PATIENTLY } from '../laws/cases.ts'
import { START } from '../laws/histories.ts'
import { BACKENDS, temporaryFolder } from './backends.ts'
import { pageByHand } from './by-hand.ts'
import { appendOf, PLAN, writeOf } from './job-writes.ts'

const MANY = 6_000
const LAST = START + 20 * SECOND

/** Jobs that begin over ten seconds, so that most instants find some that run, some that are over and some to come. */
const all: readonly JobWrite[] = Array.from({ length: MANY }, (_, n) => {
  const begin = START + Math.floor((n * 10 * SECOND) / MANY)
  const plan = {
    ...PLAN,
    createdAt: begin,
    updatedAt: begin,
    startedAt: begin,
    endings: n % 7 === 0 ? [] : PLAN.endings,
  }
  const family = n % 3 === 0 ? 'aws.bulkjob' : 'azure.bulkjobs'
  const operation = n % 1_000 === 5 ? 'rare' : 'enablekey'
  return writeOf(`job-${n}`, { plan, job: { family, operation, existsFrom: begin } })
})

const query: fc.Arbitrary<JobQuery> = fc.record({
  at: fc.oneof(fc.integer({ min: START - 1, max: LAST }), fc.constant(LAST)),
  family: fc.constantFrom(undefined, 'azure.bulkjobs', 'aws.bulkjob'),
  ids: fc.constantFrom([], [], ['job-7', 'job-5999']),
  statuses: fc.constantFrom([], ['in_progress'], ['completed'], ['aborted'], ['completed', 'in_progress']),
  clouds: fc.constantFrom([], ['AzureCloud'], ['nothing']),
  operations: fc.constantFrom([], ['rare'], ['enablekey']),
  sort: fc.constantFrom([], [], [{ field: 'createdAt', descending: true } as const]),
  skip: fc.oneof(fc.nat({ max: MANY + 1 }), fc.constant(0)),
  limit: fc.constantFrom(1, 10, 3_000, undefined),
  asText: fc.constant(true),
})

async function agree(jobs: JobStore, domain: number, expected: readonly JobWrite[], numRuns = 40): Promise<void> {
  await fc.assert(
    fc.asyncProperty(query, async (asked) => {
      expect(await jobs.page(domain, asked)).toEqual(pageByHand(expected, asked))
    }),
    { numRuns },
  )
}

/** Cancels, deletes and signals here and there. */
async function disturb(jobs: JobStore, domain: number): Promise<JobWrite[]> {
  const changed = [...all]
  for (let n = 3; n < MANY; n += 37) {
    const { job } = all[n]!
    const at = job.existsFrom + SECOND
    const append = appendOf(all[n]!, { kind: n % 2 === 0 ? 'cancel' : 'delete', at })
    expect(await jobs.append(domain, append)).toBe(true)
    const { times, finalText } = append
    changed[n] = { ...all[n]!, job: { ...job, events: [append.event] }, times, finalText }
  }
  return changed
}

describe.each(BACKENDS)('a large domain kept in a $name', ({ open }) => {
  it('is listed as counting and cutting by hand would, whatever happens to its jobs', PATIENTLY, async () => {
    using kept = open()
    const { jobs } = kept.store
    expect(await jobs.insertAll(1, all)).toEqual({ taken: undefined })
    await agree(jobs, 1, all)
    const changed = await disturb(jobs, 1)
    const late = writeOf('late', { job: { existsFrom: LAST } })
    expect(await jobs.insert(1, late)).toBe(true)
    await agree(jobs, 1, [...changed, late])
    expect(await jobs.count(1)).toBe(MANY + 1)
    await jobs.copyDomain({ from: 1, to: 2, keepTexts: true })
    await agree(jobs, 2, [...changed, late], 10)
    await jobs.dropDomain(2)
    expect(await jobs.page(2, { ...ALL })).toEqual({ total: 0, entries: [] })
  })

  it('may grow to that size job by job', PATIENTLY, async () => {
    using kept = open()
    const { jobs } = kept.store
    for (const write of all) await jobs.insert(1, write)
    await agree(jobs, 1, all, 20)
    await agree(jobs, 1, await disturb(jobs, 1), 20)
  })

  it('comes in not at all when two of its jobs have one id, and can be tried again', async () => {
    using kept = open()
    const { jobs } = kept.store
    expect(await jobs.insertAll(1, [...all, writeOf('job-8'), writeOf('job-9')])).toEqual({ taken: 'job-8' })
    expect(await jobs.count(1)).toBe(0)
    expect(await jobs.insertAll(1, all)).toEqual({ taken: undefined })
    expect(await jobs.insert(1, writeOf('job-8'))).toBe(false)
    expect(await jobs.insertAll(1, [...all.slice(0, 200)])).toEqual({ taken: 'job-0' })
    expect(await jobs.count(1)).toBe(MANY)
  })

  it('comes in not at all when the reading of it fails late', async () => {
    using kept = open()
    function* failing(): Iterable<JobWrite> {
      yield* all
      throw new Error('line 6001')
    }
    await expect(async () => kept.store.jobs.insertAll(1, failing())).rejects.toThrow('line 6001')
    expect(await kept.store.jobs.count(1)).toBe(0)
    expect(await kept.store.jobs.insertAll(1, all)).toEqual({ taken: undefined })
  })
})

const ALL: JobQuery = {
  ...{ at: LAST, family: undefined, ids: [], statuses: [], clouds: [], operations: [] },
  ...{ sort: [], skip: 0, limit: undefined, asText: true },
}

/** What jobs had in the first two formats. */
const OLD_COLUMNS = INSERT_COLUMNS.filter((column) => column !== 'occurrence')
const OLD_INSERT = `insert into job (${OLD_COLUMNS.join(', ')}) values (${OLD_COLUMNS.map(() => '?').join(', ')})`

function oldValues(write: JobWrite) {
  const values = insertValues(1, write)
  return values.filter((_, index) => INSERT_COLUMNS[index] !== 'occurrence')
}

it.each([10, MANY])('data of the first format, %i jobs, is taken over', PATIENTLY, async (count) => {
  using folder = temporaryFolder()
  const old = new Database(join(folder.path, 'emulator.db'))
  old.exec(MIGRATIONS[0]!)
  old.pragma('user_version = 1')
  const insert = old.prepare(OLD_INSERT)
  const some = all.slice(0, count)
  old.transaction(() => {
    for (const write of some) insert.run(oldValues(write))
  })()
  old
    .prepare('insert into domain (id, name, state) values (?, ?, ?)')
    .run('id', 'root', JSON.stringify({ isSeeded: true, origin: { settings: {}, users: [], scenario: 'slow' } }))
  old.close()
  for (let opened = 0; opened < 2; opened += 1) {
    const store = openSqliteStore(folder.path)
    await agree(store.jobs, 1, some, 15)
    expect(await store.jobs.count(1)).toBe(count)
    const [domain] = await store.domains.all()
    expect(domain).toMatchObject({ isSeeded: true, origin: { settings: {}, users: [], scenario: 'slow' } })
    await store.domains.save({ ...domain!, isTouched: true })
    await store.close()
  }
})
