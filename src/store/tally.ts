import type { Database } from 'better-sqlite3'
import type { Instant } from '../model/time.ts'
import type { DomainKey, JobWrite } from './job-store.ts'
import { EVER } from './rows.ts'

/** How many neighbours in `seq` are counted together. Fewer make totals dearer, more make pages dearer. */
export const BLOCK = 1024

/** Domains with fewer jobs are counted one by one, and pay nothing when a job is made. */
export const LARGE = 5_000

/** What tells a job from its neighbours in a list, and when it does. */
export interface Counted {
  readonly seq: number
  readonly family: string
  readonly operation: string
  readonly cloud: string
  readonly exists_from: Instant
  readonly ends_at: Instant | null
  readonly end_status: string | null
  readonly deleted_at: Instant | null
}

export const COUNTED_COLUMNS = 'seq, family, operation, cloud, exists_from, ends_at, end_status, deleted_at'

/** Counts of the jobs of large domains by block: kept in the transaction of each change, made anew when need be. */
export interface Tally {
  has: (domain: DomainKey) => boolean
  /** Counts the jobs from a `seq` on, whatever was counted there. */
  rebuild: (domain: DomainKey, from?: number) => void
  /** Counts in one job more, or fewer. The bounds of those it leaves stay as they were, which is never too narrow. */
  add: (domain: DomainKey, job: Counted, jobs: 1 | -1) => void
  /** Counts jobs that are being inserted. */
  fill: (domain: DomainKey, isKept: boolean) => Filling
  drop: (domain: DomainKey) => void
  count: (domain: DomainKey) => number
}

export interface Filling {
  add: (seq: number, write: JobWrite) => void
  end: () => void
}

const KEY = 'domain, block, family, operation, cloud, end_status, is_deleted'

const ADD = `insert into tally values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (${KEY}) do update set
  jobs = jobs + excluded.jobs, last_from = max(last_from, excluded.last_from),
  first_end = min(first_end, excluded.first_end), last_end = max(last_end, excluded.last_end),
  last_deletion = max(last_deletion, excluded.last_deletion)`

const BUILD = `insert into tally select domain, seq / ${BLOCK} as block, family, operation, cloud,
  coalesce(end_status, '') as end_status, deleted_at is not null as is_deleted, count(*), max(exists_from),
  coalesce(min(ends_at), 0), coalesce(max(ends_at), 0), coalesce(max(deleted_at), 0)
  from job where domain = ? and seq >= ? group by ${KEY}`

export function createTally(database: Database): Tally {
  const add = database.prepare(ADD)
  const build = database.prepare(BUILD)
  const clear = database.prepare('delete from tally where domain = ? and block >= ?')
  const drop = database.prepare('delete from tally where domain = ?')
  const some = database.prepare('select 1 from tally where domain = ? limit 1').pluck()
  const count = database.prepare('select coalesce(sum(jobs), 0) from tally where domain = ?').pluck()

  const keep = (domain: DomainKey, { key, bounds }: Group): void => {
    add.run(domain, ...key, bounds.jobs, bounds.from, bounds.firstEnd, bounds.lastEnd, bounds.deletion)
  }
  return {
    has: (domain) => some.get(domain) !== undefined,
    rebuild: (domain, from = 0) => {
      const block = Math.floor(from / BLOCK)
      clear.run(domain, block)
      build.run(domain, block * BLOCK)
    },
    add: (domain, job, jobs) => {
      keep(domain, { key: keyOf(job), bounds: { ...boundsOf(job), jobs } })
    },
    fill: (domain, isKept) => createFilling((group) => keep(domain, group), isKept),
    drop: (domain) => void drop.run(domain),
    count: (domain) => count.get(domain) as number,
  }
}

type Key = readonly [block: number, family: string, operation: string, cloud: string, status: string, deleted: number]

interface Bounds {
  jobs: number
  from: Instant
  firstEnd: Instant
  lastEnd: Instant
  deletion: Instant
}

interface Group {
  readonly key: Key
  readonly bounds: Bounds
}

function keyOf({ seq, family, operation, cloud, end_status, deleted_at }: Counted): Key {
  return [Math.floor(seq / BLOCK), family, operation, cloud, end_status ?? '', deleted_at === null ? 0 : 1]
}

function boundsOf({ exists_from, ends_at, deleted_at }: Counted): Bounds {
  return { jobs: 1, from: exists_from, firstEnd: ends_at ?? 0, lastEnd: ends_at ?? 0, deletion: deleted_at ?? 0 }
}

/** Adds up in memory what falls into one block; what stays small is forgotten, unless the domain was counted before. */
function createFilling(keep: (group: Group) => void, isKept: boolean): Filling {
  const groups = new Map<string, Group>()
  let jobs = 0
  let block = -1
  const flush = (): void => {
    for (const group of groups.values()) keep(group)
    groups.clear()
  }
  return {
    add: (seq, write) => {
      const isNext = Math.floor(seq / BLOCK) !== block
      if (isNext) block = Math.floor(seq / BLOCK)
      if (isNext && jobs >= LARGE) flush()
      jobs += 1
      const { job, times } = write
      const name = `${block}\n${job.family}\n${times.endStatus ?? ''}\n${job.cloud}\n${times.deletedAt === undefined}\n${job.operation}`
      const known = groups.get(name)
      const counted = countedOf(seq, write)
      if (known === undefined) groups.set(name, { key: keyOf(counted), bounds: boundsOf(counted) })
      else widen(known.bounds, counted)
    },
    end: () => {
      if (isKept || jobs >= LARGE) flush()
    },
  }
}

export function countedOf(seq: number, { job, times }: JobWrite): Counted {
  return {
    ...{ seq, family: job.family, operation: job.operation, cloud: job.cloud, exists_from: job.existsFrom },
    ends_at: times.endsAt === -Infinity ? EVER : (times.endsAt ?? null),
    end_status: times.endStatus ?? null,
    deleted_at: times.deletedAt ?? null,
  }
}

function widen(bounds: Bounds, { exists_from, ends_at, deleted_at }: Counted): void {
  bounds.jobs += 1
  bounds.from = Math.max(bounds.from, exists_from)
  bounds.firstEnd = Math.min(bounds.firstEnd, ends_at ?? 0)
  bounds.lastEnd = Math.max(bounds.lastEnd, ends_at ?? 0)
  bounds.deletion = Math.max(bounds.deletion, deleted_at ?? 0)
}
