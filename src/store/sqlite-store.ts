import { chmodSync, existsSync, statSync, type BigIntStats } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StartError } from '../errors.ts'
import { makeFolder } from './data-folder.ts'
import { DamagedRowError, isDamage } from './damage.ts'
import { JOB_COLUMNS, toJob, type JobRow } from './rows.ts'
import { MIGRATIONS } from './schema.ts'
import { createContentStore } from './sqlite-content-store.ts'
import { createDomainStore } from './sqlite-domain-store.ts'
import { createJobStore } from './sqlite-job-store.ts'
import { createResourceStore } from './sqlite-resource-store.ts'
import { createTokenStore } from './sqlite-token-store.ts'
import type { Secrets } from '../model/secrets.ts'
import type { Store } from './store.ts'
import { upgradeJobs, type DeriveTimes } from './upgrade.ts'

const NOT_OURS = 'emulator.db is not a database of this emulator'
const DAMAGED = 'emulator.db is damaged'
const UNWRITABLE = 'no permission to write to it'
const DISK_FULL = 'nothing more can be written there: the disk is full, or a limit is reached'

const SMALL_FILE = 8 * 1024 * 1024

/** Enough for the pages of a thousand of a million jobs. Any other page costs a system call. */
const CACHE_KIB = 12 * 1024

/** Length of the write-ahead log before a checkpoint, which waits twice for the disk. */
const LOG_PAGES = 4000

/** Whether a write failed because the disk is full. Nothing of it was written; it can be repeated once there is space. */
export function isOutOfRoom(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(FULL|IOERR_(WRITE|TRUNCATE|FSYNC))$/.test(error.code)
}

export interface StoreOptions {
  /** The folder of the database file; undefined: the database is in memory. */
  readonly folder: string | undefined
  readonly derive: DeriveTimes
  /** The class of the database; tests pass one that fails. */
  readonly Database?: typeof Database | undefined
}

/**
 * Opens the database.
 *
 * @throws StartError if the folder or the file cannot be used; the data is unchanged.
 */
export function openStore({ folder, derive, Database: Class = Database }: StoreOptions): Store {
  try {
    if (folder === undefined) return storeOf(migrate(new Class(':memory:')), { derive, isInPlace: () => true })
    return openFile(folder, { derive, Class })
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError([`cannot use the data in ${folder ?? 'memory'}: ${reasonOf(error)}`], 1)
  }
}

function openFile(folder: string, { derive, Class }: { derive: DeriveTimes; Class: typeof Database }): Store {
  // SQLite would report an I/O error for each of these reasons, and some of them only at the first write.
  makeFolder(folder)
  const file = join(folder, 'emulator.db')
  const database = openDatabase(file, Class)
  try {
    const opened = identityOf(file)
    const store = storeOf(database, { derive, isInPlace: () => identityOf(file) === opened })
    if (isSmall(file)) assertReadableJobs(database)
    return store
  } catch (error) {
    database.close()
    throw error
  }
}

/** Device and inode of a file; undefined if there is none. */
function identityOf(file: string): string | undefined {
  const found: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found && `${found.dev} ${found.ino}`
}

function openDatabase(file: string, Class: typeof Database): Database.Database {
  const isSuspect = isToBeChecked(file)
  const database = new Class(file, { timeout: 0 })
  try {
    // One process owns the folder. The operating system releases the lock when the process ends, so no stale lock remains.
    database.pragma('locking_mode = exclusive')
    assertOwnFormat(database)
    if (isSuspect) assertUndamaged(database)
    // With a write-ahead log, a committed write survives any end of the process; `normal` omits a sync that only a power failure needs.
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    database.pragma(`cache_size = -${CACHE_KIB}`)
    database.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
    // Only the owner may read the file: it holds the signing key.
    chmodSync(file, 0o600)
    return migrate(database)
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Whether to check all pages of a file: if it is small, or if a killed process left its log or journal behind. For a large
 * file that was closed, the check would take most of a start: a second for about 100,000 jobs.
 */
function isToBeChecked(file: string): boolean {
  return LEFT_BEHIND.some((ending) => existsSync(file + ending)) || (existsSync(file) && isSmall(file))
}

function isSmall(file: string): boolean {
  return statSync(file).size <= SMALL_FILE
}

const LEFT_BEHIND = ['-wal', '-journal']

function assertUndamaged(database: Database.Database): void {
  const [found] = String(database.pragma('quick_check(1)', { simple: true })).split('\n')
  if (found !== 'ok') throw new DamagedError(found)
}

/** Finds rows that another program wrote, in undamaged pages. In a large file they are found when the job is read. */
function assertReadableJobs(database: Database.Database): void {
  for (const row of database.prepare(`select ${JOB_COLUMNS} from job`).iterate()) toJob(row as JobRow)
}

/** Checks data of an earlier format before it is changed. */
function assertJson(database: Database.Database): void {
  const broken = 'select id from job where not (json_valid(plan) and json_valid(events) and json_valid(echoes)) limit 1'
  const id = database.prepare(broken).pluck().get() as string | undefined
  if (id !== undefined)
    throw new DamagedRowError(`the job ${id} (table job) cannot be read: it holds text that is not JSON`)
}

/** Checks before any change that the file is not of another program, or of a later version of this one. */
function assertOwnFormat(database: Database.Database): void {
  const version = formatOf(database)
  if (version > MIGRATIONS.length)
    throw new StartError(
      [
        `the data was written by a newer cckm-emulator (format ${version}, this one knows ${MIGRATIONS.length}): use that one, or another --data folder`,
      ],
      1,
    )
  const tables = database.prepare(`select name from sqlite_schema where type = 'table'`).pluck().all()
  const isOurs = version === 0 ? tables.length === 0 : tables.includes('job')
  if (!isOurs) throw new Error(NOT_OURS)
}

class DamagedError extends Error {}

function migrate(database: Database.Database): Database.Database {
  const format = formatOf(database)
  // Data that is refused later, because of a row, then stays unchanged.
  if (format === MIGRATIONS.length) return database
  if (format > 0) assertJson(database)
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
  const { code = '', message } = error as { code?: string; message: string }
  if (code === 'SQLITE_NOTADB') return NOT_OURS
  // A migration reads JSON in SQL.
  if (message === 'malformed JSON') return damageReason('a row holds text that is not JSON')
  if (error instanceof DamagedError || isDamage(error)) return damageReason(message)
  if (isOutOfRoom(error)) return DISK_FULL
  return REASONS.find(([codes]) => codes.test(code))?.[1] ?? message
}

/** The message for data that cannot be read, with what to do. */
export function damageReason(message: string): string {
  return `${DAMAGED}: ${message}; put a copy of the folder in its place, or choose another --data folder`
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_BUSY/, 'another cckm-emulator is using it'],
  [/^(SQLITE_(READONLY|CANTOPEN|PERM)|EACCES|EPERM|EROFS)/, UNWRITABLE],
  [/^(ENOSPC|EDQUOT|EFBIG)$/, DISK_FULL],
]

interface StoreParts {
  readonly derive: DeriveTimes
  readonly isInPlace: () => boolean
}

function storeOf(database: Database.Database, { derive, isInPlace }: StoreParts): Store {
  const run = database.transaction((work: () => unknown) => work())
  return {
    jobs: createJobStore(database),
    resources: createResourceStore(database),
    contents: createContentStore(database),
    domains: createDomainStore(database),
    tokens: createTokenStore(database),
    secrets: createSecretStore(database),
    transaction: <T>(work: () => T) => (database.inTransaction ? work() : (run.immediate(work) as T)),
    upgrade: () => upgradeJobs(database, derive),
    isInPlace,
    close: () => void database.close(),
  }
}

function createSecretStore(database: Database.Database): Secrets {
  const get = database.prepare('select value from secret where name = ?').pluck()
  const set = database.prepare(
    'insert into secret values (?, ?) on conflict (name) do update set value = excluded.value',
  )
  return {
    get: (name) => get.get(name) as string | undefined,
    set: (name, value) => void set.run(name, value),
  }
}
