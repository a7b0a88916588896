import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { MIGRATIONS } from './schema.ts'
import { createSqliteDomainStore } from './sqlite-domain-store.ts'
import { createSqliteJobStore } from './sqlite-job-store.ts'
import { createSqliteTokenStore } from './sqlite-token-store.ts'
import type { KeyValueStore, Store } from './store.ts'

const NOT_OURS = 'emulator.db is not a database of this emulator'

/** The store cannot be opened; the message is one line for the user. */
export class StoreOpenError extends Error {}

/**
 * Opens the database: one file in the folder, or memory when there is none.
 *
 * @throws StoreOpenError when the folder or the file cannot be used; the data is left as it was.
 */
export function openSqliteStore(folder: string | undefined): Store {
  try {
    return storeOf(openDatabase(folder))
  } catch (error) {
    if (error instanceof StoreOpenError) throw error
    throw new StoreOpenError(`cannot use the data in ${folder ?? 'memory'}: ${reasonOf(error)}`)
  }
}

function openDatabase(folder: string | undefined): Database.Database {
  if (folder === undefined) return migrate(new Database(':memory:'))
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'emulator.db')
  const database = new Database(file, { timeout: 0 })
  try {
    // One process owns the folder; WAL makes an answered write outlive the process, however it ends.
    database.pragma('locking_mode = exclusive')
    refuseOthers(database)
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    // The file holds the signing key: nobody else's business.
    chmodSync(file, 0o600)
    return migrate(database)
  } catch (error) {
    database.close()
    throw error
  }
}

/** Before anything is changed: the file may be another program's, or of a later version of this one. */
function refuseOthers(database: Database.Database): void {
  const version = formatOf(database)
  if (version > MIGRATIONS.length)
    throw new StoreOpenError(
      `the data was written by a newer cckm-emulator (format ${version}, this one knows ${MIGRATIONS.length}): use that one, or another --data folder`,
    )
  const tables = database.prepare(`select name from sqlite_schema where type = 'table'`).pluck().all()
  const isOurs = version === 0 ? tables.length === 0 : tables.includes('job')
  if (!isOurs) throw new Error(NOT_OURS)
}

function migrate(database: Database.Database): Database.Database {
  database
    .transaction(() => {
      for (const step of MIGRATIONS.slice(formatOf(database))) database.exec(step)
      database.pragma(`user_version = ${MIGRATIONS.length}`)
    })
    .exclusive()
  return database
}

function formatOf(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  if (code === 'SQLITE_BUSY') return 'another cckm-emulator is using it'
  if (code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT')) return NOT_OURS
  return message
}

function storeOf(database: Database.Database): Store {
  const jobs = createSqliteJobStore(database)
  return {
    jobs,
    domains: createSqliteDomainStore(database, jobs),
    tokens: createSqliteTokenStore(database),
    secrets: createSecretStore(database),
    close: () => void database.close(),
  }
}

function createSecretStore(database: Database.Database): KeyValueStore {
  const get = database.prepare('select value from secret where name = ?').pluck()
  const set = database.prepare(
    'insert into secret values (?, ?) on conflict (name) do update set value = excluded.value',
  )
  return {
    get: (name) => get.get(name) as string | undefined,
    set: (name, value) => void set.run(name, value),
  }
}
