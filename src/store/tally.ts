import type { Database } from 'better-sqlite3'
import type { Instant } from '../model/time.ts'
import type { DomainKey, JobWrite } from './job-store.ts'
import { endsAtOf } from './rows.ts'

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
  const groups: Group[] = []
  let last: Group | undefined
  let jobs = 0
  let block = -1
  const flush = (): void => {
    for (const group of groups) keep(group)
    groups.length = 0
  }
  return {
    add: (seq, write) => {
      const isNext = Math.floor(seq / BLOCK) !== block
      if (isNext) block = Math.floor(seq / BLOCK)
      if (isNext && jobs >= LARGE) flush()
      jobs += 1
      // Neighbours are often alike, and there are few groups in a block: looking through them is cheaper than a name for each.
      if (last === undefined || !isAlike(last.key, block, write))
        last = groups.find(({ key }) => isAlike(key, block, write))
      if (last !== undefined) {
        widen(last.bounds, write)
        return
      }
      const counted = countedOf(seq, write)
      last = { key: keyOf(counted), bounds: boundsOf(counted) }
      groups.push(last)
    },
    end: () => {
      if (isKept || jobs >= LARGE) flush()
    },
  }
}

export function countedOf(seq: number, { job, times }: JobWrite): Counted {
  return {
    ...{ seq, family: job.family, operation: job.operation, cloud: job.cloud, exists_from: job.existsFrom },
    ends_at: endsAtOf(times),
    end_status: times.endStatus ?? null,
    deleted_at: times.deletedAt ?? null,
  }
}

function isAlike(key: Key, block: number, { job, times }: JobWrite): boolean {
  return (
    key[0] === block &&
    key[4] === (times.endStatus ?? '') &&
    key[1] === job.family &&
    key[2] === job.operation &&
    key[3] === job.cloud &&
    key[5] === (times.deletedAt === undefined ? 0 : 1)
  )
}

function widen(bounds: Bounds, { job, times }: JobWrite): void {
  const end = endsAtOf(times) ?? 0
  bounds.jobs += 1
  bounds.from = Math.max(bounds.from, job.existsFrom)
  bounds.firstEnd = Math.min(bounds.firstEnd, end)
  bounds.lastEnd = Math.max(bounds.lastEnd, end)
  bounds.deletion = Math.max(bounds.deletion, times.deletedAt ?? 0)
}
