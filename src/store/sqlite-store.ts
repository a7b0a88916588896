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
const UNWRITABLE = 'it may not be written to'
const NO_ROOM = 'nothing more can be written there: the disk is full, or a limit is reached'

const SMALL_FILE = 8 * 1024 * 1024

/** At most: the pages of a thousand jobs among a million, asked for again and again. Others come from the system, at a call each. */
const CACHE_KIB = 12 * 1024

/** How long the log gets before it goes into the file, which takes two waits for the disk. */
const LOG_PAGES = 4000

/** Whether a write failed for want of room: it did not happen, not in part either, and may once there is room. */
export function isOutOfRoom(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(FULL|IOERR_(WRITE|TRUNCATE|FSYNC))$/.test(error.code)
}

export interface StoreOptions {
  /** Where the file is; undefined: the database is in memory. */
  readonly folder: string | undefined
  readonly derive: DeriveTimes
  /** The class of the database; tests hand in one that fails. */
  readonly Database?: typeof Database | undefined
}

/**
 * Opens the database.
 *
 * @throws StartError when the folder or the file cannot be used; the data is left as it was.
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
  // SQLite would say of each reason that there was an I/O error, and not always before it has begun.
  makeFolder(folder)
  const file = join(folder, 'emulator.db')
  const database = openDatabase(file, Class)
  try {
    const opened = identityOf(file)
    const store = storeOf(database, { derive, isInPlace: () => identityOf(file) === opened })
    if (isSmall(file)) refuseDamagedJobs(database)
    return store
  } catch (error) {
    database.close()
    throw error
  }
}

/** Which file a path leads to; undefined where it leads nowhere. */
function identityOf(file: string): string | undefined {
  const found: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found && `${found.dev} ${found.ino}`
}

function openDatabase(file: string, Class: typeof Database): Database.Database {
  const isSuspect = isToBeChecked(file)
  const database = new Class(file, { timeout: 0 })
  try {
    // One process owns the folder. The lock is the system's, so it goes with the process, and nothing stale is left.
    database.pragma('locking_mode = exclusive')
    refuseOthers(database)
    if (isSuspect) refuseDamaged(database)
    // A log makes an answered write outlive the process, however it ends; `normal` spares a sync that only a power cut misses.
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    database.pragma(`cache_size = -${CACHE_KIB}`)
    database.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
    // The file holds the signing key: nobody else's business.
    chmodSync(file, 0o600)
    return migrate(database)
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Every page of a small file is looked at, and of any that a process left without closing it, as a kill does: its log or
 * journal is still there. Of a large one that was closed, that would be most of a start: a second for some 100,000 jobs.
 */
function isToBeChecked(file: string): boolean {
  return LEFT_BEHIND.some((ending) => existsSync(file + ending)) || (existsSync(file) && isSmall(file))
}

function isSmall(file: string): boolean {
  return statSync(file).size <= SMALL_FILE
}

const LEFT_BEHIND = ['-wal', '-journal']

function refuseDamaged(database: Database.Database): void {
  const [found] = String(database.pragma('quick_check(1)', { simple: true })).split('\n')
  if (found !== 'ok') throw new DamagedError(found)
}

/** A page that is whole may hold a row that another program wrote. In a large file it is found when the job is read. */
function refuseDamagedJobs(database: Database.Database): void {
  for (const row of database.prepare(`select ${JOB_COLUMNS} from job`).iterate()) toJob(row as JobRow)
}

/** Before data of an earlier format is changed. */
function refuseBrokenJson(database: Database.Database): void {
  const broken = 'select id from job where not (json_valid(plan) and json_valid(events) and json_valid(echoes)) limit 1'
  const id = database.prepare(broken).pluck().get() as string | undefined
  if (id !== undefined)
    throw new DamagedRowError(`the job ${id} (table job) cannot be read: it holds text that is not JSON`)
}

/** Before anything is changed: the file may be another program's, or of a later version of this one. */
function refuseOthers(database: Database.Database): void {
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
  // Data that is refused later on, for a row in it, is then left as it was.
  if (format === MIGRATIONS.length) return database
  if (format > 0) refuseBrokenJson(database)
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
  // A step to a later format reads JSON within SQL.
  if (message === 'malformed JSON') return damageReason('a row holds text that is not JSON')
  if (error instanceof DamagedError || isDamage(error)) return damageReason(message)
  if (isOutOfRoom(error)) return NO_ROOM
  return REASONS.find(([codes]) => codes.test(code))?.[1] ?? message
}

/** What to say of data that cannot be read, and what to do about it. */
export function damageReason(message: string): string {
  return `${DAMAGED}: ${message}; put a copy of the folder in its place, or choose another --data folder`
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_BUSY/, 'another cckm-emulator is using it'],
  [/^(SQLITE_(READONLY|CANTOPEN|PERM)|EACCES|EPERM|EROFS)/, UNWRITABLE],
  [/^(ENOSPC|EDQUOT|EFBIG)$/, NO_ROOM],
]

interface StoreParts {
  readonly derive: DeriveTimes
  readonly isInPlace: () => boolean
}

function storeOf(database: Database.Database, { derive, isInPlace }: StoreParts): Store {
  const begin = database.transaction((work: () => unknown) => work())
  return {
    jobs: createJobStore(database),
    resources: createResourceStore(database),
    contents: createContentStore(database),
    domains: createDomainStore(database),
    tokens: createTokenStore(database),
    secrets: createSecretStore(database),
    transaction: <T>(work: () => T) => (database.inTransaction ? work() : (begin.immediate(work) as T)),
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
