import { accessSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Database, RunResult, Statement } from 'better-sqlite3'
import type { DomainKey, JobWrite } from './job-store.ts'
import { INSERT_OVER, INSERT_PLAIN, insertValues, ON_TAKEN, overValues } from './rows.ts'

type Insertion = (domain: DomainKey, writes: Iterable<JobWrite>) => { readonly taken: string | undefined }

/** How rows go in: whole ones, and the narrow ones of jobs that were over when they were seeded. */
interface Insertions {
  readonly whole: Statement
  readonly over: Statement
}

/** So many jobs are a seed worth going the fast way for. */
const MANY = 100

/** Inserts all jobs or none. */
export function createBulkInsert(database: Database): Insertion {
  const isEmpty = database.prepare('select not exists (select 1 from job)').pluck()
  const insertions = (conflict: string): Insertions => ({
    whole: database.prepare(INSERT_PLAIN + conflict),
    over: database.prepare(INSERT_OVER + conflict),
  })
  let careful: Insertions | undefined

  /** Sorting all ids at the end is cheaper than finding the place of each, and needs far less memory. */
  function dropIds(): string {
    const index = database.prepare(`select sql from sqlite_schema where name = 'job_id'`).pluck().get() as string
    database.exec('drop index job_id')
    return index
  }

  function sortIds(index: string): void {
    try {
      database.exec(index)
    } catch (error) {
      const twice = database.prepare('select id from job group by id having count(*) > 1 order by max(seq)').pluck()
      const id = twice.get() as string | undefined
      throw id === undefined ? error : new TakenError(id)
    }
  }

  const insertAll = database.transaction((domain: DomainKey, writes: Iterable<JobWrite>) => {
    const isFirst = isEmpty.get() === 1
    let insertion = (careful ??= insertions(ON_TAKEN))
    let index: string | undefined
    let jobs = 0
    for (const write of writes) {
      if (isFirst && jobs === MANY && canSort()) {
        index = dropIds()
        insertion = insertions('')
      }
      jobs += 1
      if (insert(insertion, domain, write).changes === 0) throw new TakenError(write.job.id)
    }
    if (index !== undefined) sortIds(index)
  })

  return (domain, writes) =>
    takenBy(() => {
      insertAll(domain, writes)
    })
}

function insert({ whole, over }: Insertions, domain: DomainKey, write: JobWrite): RunResult {
  const values = overValues(domain, write)
  // Spread: of an array the binding asks for each element anew, which is a twentieth of a seed.
  return values === undefined ? whole.run(...insertValues(domain, write)) : over.run(...values)
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
