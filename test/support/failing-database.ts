// A database whose disk is full at the n-th write from now: for `startEmulator(config, { Database })`.

import Database from 'better-sqlite3'
import type { Surroundings } from '../../src/emulator.ts'

/**
 * `once`: only that write fails. `until room`: every later one fails too, and SQLite rolls the transaction back, as it
 * may.
 */
export type Failure = 'once' | 'until room'

export interface Disk {
  /** The class of the database. */
  readonly Database: NonNullable<Surroundings['Database']>
  /**
   * Makes the n-th write from now fail. Each statement that writes counts, and each end of a transaction that has
   * written.
   */
  readonly fail: (at: number, failure: Failure) => void
  /** Makes all writes succeed again. */
  readonly makeRoom: () => void
  /** Number of writes since `fail`, failed ones included. */
  readonly writes: () => number
  /** The rows of a query on the newest database. */
  readonly read: (sql: string) => Record<string, unknown>[]
}

export function createDisk(): Disk {
  let failsAt = Infinity
  let failure: Failure = 'once'
  let writes = 0
  const opened: Database.Database[] = []

  function write(database: FailingDatabase): void {
    writes += 1
    if (writes < failsAt || (writes > failsAt && failure === 'once')) return
    if (failure === 'until room') database.undo()
    throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
  }

  class FailingDatabase extends Database {
    constructor(...given: ConstructorParameters<typeof Database>) {
      super(...given)
      opened.push(this)
    }

    undo(): void {
      if (this.inTransaction) super.exec('rollback')
    }

    override prepare(sql: string): never {
      const statement = super.prepare(sql)
      if (!statement.readonly)
        for (const way of ['run', 'get', 'all'] as const) {
          const execute: (...values: unknown[]) => unknown = statement[way].bind(statement)
          const checked = (...values: unknown[]): unknown => {
            write(this)
            return execute(...values)
          }
          Object.assign(statement, { [way]: checked })
        }
      return statement as never
    }

    override exec(sql: string): this {
      write(this)
      return super.exec(sql)
    }

    override transaction(work: (...given: never[]) => unknown): never {
      return super.transaction((...given: never[]) => {
        const before = writes
        const result = work(...given)
        if (writes > before) write(this)
        return result
      }) as never
    }
  }

  return {
    Database: FailingDatabase as never,
    fail: (at, how) => {
      failsAt = at
      failure = how
      writes = 0
    },
    makeRoom: () => {
      failsAt = Infinity
    },
    writes: () => writes,
    read: (sql) => opened.at(-1)!.prepare(sql).all() as Record<string, unknown>[],
  }
}
