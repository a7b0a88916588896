import type { Database } from 'better-sqlite3'
import type { JobEvent } from '../model/job.ts'
import type { FinishedPlan, Plan } from '../model/plan.ts'
import type { Instant } from '../model/time.ts'
import type { DerivedJob, JobWrite } from './job-store.ts'
import { DATA_COLUMNS, dataValues, itemsText, toJob, type JobRow } from './rows.ts'

/** Works out what is derived from a plan and its events. Handed in: only the simulator knows. */
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
 * Moves the jobs of format 3, which step 4 of the schema has left in a table of their own, step by step. A process that dies
 * on the way leaves the rest there for the next start. The only place that knows the old form.
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

/** Of a job that was over when it was seeded, format 3 kept what the columns do not say: `abort`, then ids and statuses in turn. */
type NarrowPlan = readonly [abort: boolean, ...idsAndStatuses: readonly string[]]

function planOf(row: OldRow): Plan {
  const kept = JSON.parse(row.plan) as Plan | NarrowPlan
  if ('kind' in kept) return kept
  const [abort, ...flat] = kept
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
