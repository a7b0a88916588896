import { accessSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Database, Statement } from 'better-sqlite3'
import type { DomainKey, JobWrite } from './job-store.ts'
import { INSERT_PLAIN, insertValues } from './rows.ts'
import type { Tally } from './tally.ts'

type Insertion = (domain: DomainKey, writes: Iterable<JobWrite>) => { readonly taken: string | undefined }

export interface BulkOptions {
  /** Does nothing where the id is taken. */
  readonly insert: Statement
  readonly tally: Tally
}

/** So many jobs are a seed worth going the fast way for. */
const MANY = 100

/** Inserts all jobs or none. */
export function createBulkInsert(database: Database, { insert, tally }: BulkOptions): Insertion {
  const isEmpty = database.prepare('select not exists (select 1 from job)').pluck()
  const hasJobs = database.prepare('select exists (select 1 from job where domain = ?)').pluck()

  const insertEach = database.transaction((domain: DomainKey, writes: Iterable<JobWrite>, statement: Statement) => {
    const wasCounted = tally.has(domain)
    const filling = wasCounted || hasJobs.get(domain) === 0 ? tally.fill(domain, wasCounted) : undefined
    for (const write of writes) {
      const { changes, lastInsertRowid } = statement.run(insertValues(domain, write))
      if (changes === 0) throw new TakenError(write.job.id)
      filling?.add(Number(lastInsertRowid), write)
    }
    filling?.end()
  })

  /** Sorting all ids at the end is cheaper than finding the place of each, and needs far less memory. */
  const insertFirst = database.transaction((domain: DomainKey, writes: Iterable<JobWrite>) => {
    const index = database.prepare(`select sql from sqlite_schema where name = 'job_id'`).pluck().get() as string
    database.exec('drop index job_id')
    insertEach(domain, writes, database.prepare(INSERT_PLAIN))
    try {
      database.exec(index)
    } catch (error) {
      const twice = database.prepare('select id from job group by id having count(*) > 1 order by max(seq)').pluck()
      const id = twice.get() as string | undefined
      throw id === undefined ? error : new TakenError(id)
    }
  })

  return (domain, writes) => {
    const { first, rest } = split(writes)
    const isFirst = rest !== undefined && isEmpty.get() === 1 && canSort()
    return takenBy(() => {
      if (isFirst) insertFirst(domain, chain(first, rest))
      else insertEach(domain, chain(first, rest), insert)
    })
  }
}

/** SQLite sorts large sets in temporary files. */
function canSort(): boolean {
  try {
    accessSync(tmpdir(), constants.W_OK)
    return true
  } catch {
    return false
  }
}

function split<T>(values: Iterable<T>): { readonly first: readonly T[]; readonly rest: Iterator<T> | undefined } {
  const rest = values[Symbol.iterator]()
  const first: T[] = []
  while (first.length < MANY) {
    const next = rest.next()
    if (next.done === true) return { first, rest: undefined }
    first.push(next.value)
  }
  return { first, rest }
}

function* chain<T>(first: readonly T[], rest: Iterator<T> | undefined): Generator<T> {
  yield* first
  if (rest === undefined) return
  try {
    for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value
  } finally {
    rest.return?.()
  }
}

/** A conflict has to throw inside the transaction to undo it, and is an answer outside of it. */
class TakenError extends Error {
  readonly id: string

  constructor(id: string) {
    super(`taken: ${id}`)
    this.id = id
  }
}

function takenBy(insert: () => void): { taken: string | undefined } {
  try {
    insert()
    return { taken: undefined }
  } catch (error) {
    if (error instanceof TakenError) return { taken: error.id }
    throw error
  }
}
