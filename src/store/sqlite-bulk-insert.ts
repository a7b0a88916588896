import type { Database } from 'better-sqlite3'
import type { DomainKey, JobWrite } from './job-store.ts'
import { INSERT, insertValues } from './rows.ts'

type Insertion = (domain: DomainKey, writes: Iterable<JobWrite>) => { readonly taken: string | undefined }

/** Inserts all jobs or none. */
export function createBulkInsert(database: Database): Insertion {
  const insert = database.prepare(INSERT)
  const insertAll = database.transaction((domain: DomainKey, writes: Iterable<JobWrite>) => {
    for (const write of writes)
      if (insert.run(insertValues(domain, write)).changes === 0) throw new TakenError(write.job.id)
  })
  return (domain, writes) => {
    try {
      insertAll(domain, writes)
      return { taken: undefined }
    } catch (error) {
      if (error instanceof TakenError) return { taken: error.id }
      throw error
    }
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
