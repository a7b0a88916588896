import type { Database } from 'better-sqlite3'
import type { JobEvent } from '../model/job.ts'
import type { FinishedPlan, Plan } from '../model/plan.ts'
import type { Instant } from '../model/time.ts'
import type { DerivedJob, JobWrite } from './job-store.ts'
import { DATA_COLUMNS, dataValues, itemsText, toJob, type JobRow } from './rows.ts'

/** Derives times and items from a plan and its events. A parameter, because the store may not import the simulator. */
export type DeriveTimes = (plan: Plan, events: readonly JobEvent[]) => Pick<DerivedJob, 'times' | 'items'>

/** A row of format 3. */
interface OldRow extends JobRow {
  readonly seq: number
  readonly domain: number
  readonly created_at: Instant
  readonly first_updated_at: Instant
  readonly completed_at: Instant | null
  readonly end_status: string | null
  readonly content: number | null
  readonly occurrence: number | null
  readonly final_text: string | null
}

const STEP_JOBS = 100

/**
 * Moves the jobs of format 3 out of `job_format_3`, where migration 4 has left them, and yields between steps. If the process
 * ends before it is done, the next start continues. Nothing else reads the old format.
 */
export function* upgradeJobs(database: Database, derive: DeriveTimes): Generator<void, void> {
  if (!hasOldJobs(database)) return
  const read = database.prepare(`select * from job_format_3 order by seq limit ${STEP_JOBS}`)
  const insert = database.prepare(
    `insert into job (content, seq, ${DATA_COLUMNS.join(', ')}) values (?, ?, ${DATA_COLUMNS.map(() => '?').join(', ')})`,
  )
  const insertItems = database.prepare(
    'insert or ignore into item (content, job, item, at) select ?, ?, value ->> 0, value ->> 1 from json_each(?)',
  )
  const remove = database.prepare('delete from job_format_3 where seq <= ?')
  for (;;) {
    const rows = read.all() as OldRow[]
    for (const row of rows) {
      const write = writeOf(row, derive)
      insert.run(row.domain, row.seq, ...dataValues(write))
      insertItems.run(row.domain, row.seq, itemsText(write.items))
    }
    const last = rows.at(-1)
    if (last === undefined) break
    remove.run(last.seq)
    yield
  }
  database.exec('drop table job_format_3')
}

function hasOldJobs(database: Database): boolean {
  const find = database.prepare(`select exists (select 1 from sqlite_schema where name = 'job_format_3')`)
  return find.pluck().get() === 1
}

function writeOf(row: OldRow, derive: DeriveTimes): JobWrite {
  const plan = planOf(row)
  const job = toJob({ ...row, plan: JSON.stringify(plan) })
  return {
    job,
    ...derive(plan, job.events),
    // No plan of that format has effects.
    targets: [],
    finalText: row.final_text ?? row.document ?? undefined,
    requestHash: row.content ?? undefined,
    occurrence: row.occurrence ?? undefined,
  }
}

/** The plan in format 3 of a job that was seeded as finished: `abort`, then alternately the id and the status of each item. */
type NarrowPlan = readonly [abort: boolean, ...idsAndStatuses: readonly string[]]

function planOf(row: OldRow): Plan {
  const stored = JSON.parse(row.plan) as Plan | NarrowPlan
  if ('kind' in stored) return stored
  const [abort, ...flat] = stored
  const items: { id: string; status: string }[] = []
  for (let i = 0; i + 1 < flat.length; i += 2) items.push({ id: flat[i] ?? '', status: flat[i + 1] ?? '' })
  return {
    kind: 'finished',
    createdAt: row.created_at,
    updatedAt: row.first_updated_at,
    completedAt: row.completed_at ?? undefined,
    status: row.end_status ?? '',
    abort,
    items,
  } satisfies FinishedPlan
}
