import type { FamilyName } from '../model/family.ts'
import type { Job, JobEvent, JobTimes } from '../model/job.ts'
import type { Plan } from '../model/plan.ts'
import type { Instant } from '../model/time.ts'
import type { JobAppend, JobWrite, StoredJob } from './job-store.ts'

/** A row of `job`, as far as a job is read from it. */
export interface JobRow {
  readonly id: string
  readonly family: FamilyName
  readonly operation: string
  readonly cloud: string
  readonly exists_from: Instant
  readonly version: number
  readonly document: string | null
  readonly echoes: string
  readonly plan: string
  readonly events: string
}

export const JOB_COLUMNS = 'id, family, operation, cloud, exists_from, version, document, echoes, plan, events'

/** Columns written from a job's times, in the order of `timeValues`. */
export const TIME_COLUMNS = [
  'created_at',
  'first_updated_at',
  'cancelled_at',
  'ends_at',
  'end_status',
  'last_updated_at',
  'completed_at',
  'deleted_at',
  'first_transition_at',
  'last_transition_at',
  'transition_count',
] as const

/** Stands for "before all time" in an integer column. */
const EVER: Instant = -Number.MAX_SAFE_INTEGER

type Value = string | number | null

function endsAtOf({ endsAt }: JobTimes): Instant | null {
  return endsAt === -Infinity ? EVER : (endsAt ?? null)
}

export function timeValues(times: JobTimes): Value[] {
  return [
    times.createdAt,
    times.firstUpdatedAt,
    times.cancelledAt ?? null,
    endsAtOf(times),
    times.endStatus ?? null,
    times.lastUpdatedAt ?? null,
    times.completedAt ?? null,
    times.deletedAt ?? null,
    times.firstTransitionAt ?? null,
    times.lastTransitionAt ?? null,
    times.transitionCount,
  ]
}

export const INSERT_COLUMNS = [
  'domain',
  'id',
  'family',
  'operation',
  'cloud',
  'exists_from',
  ...TIME_COLUMNS,
  'content',
  'occurrence',
  'version',
  'final_text',
  'document',
  'echoes',
  'plan',
  'events',
] as const

/** Keeps the job that has the id already. */
export const INSERT = `insert into job (${INSERT_COLUMNS.join(', ')})
  values (${INSERT_COLUMNS.map(() => '?').join(', ')}) on conflict (domain, id) do nothing`

export function insertValues(domain: number, { job, times, finalText, content, occurrence }: JobWrite): Value[] {
  return [
    domain,
    job.id,
    job.family,
    job.operation,
    job.cloud,
    job.existsFrom,
    ...timeValues(times),
    content ?? null,
    occurrence ?? null,
    job.events.length,
    keptText(finalText, job.document),
    job.document ?? null,
    JSON.stringify(job.echoes),
    JSON.stringify(job.plan),
    JSON.stringify(job.events),
  ]
}

/** A job that was over when it was seeded is its document; one copy is enough. */
function keptText(finalText: string | undefined, document: string | undefined): Value {
  return finalText === document ? null : (finalText ?? null)
}

export function appendValues(domain: number, { id, event, expectedVersion, times, finalText }: JobAppend): Value[] {
  return [JSON.stringify(event), ...timeValues(times), finalText ?? null, domain, id, expectedVersion]
}

export function toStoredJob(row: JobRow): StoredJob {
  const job: Job = {
    id: row.id,
    family: row.family,
    operation: row.operation,
    cloud: row.cloud,
    existsFrom: row.exists_from,
    document: row.document ?? undefined,
    echoes: JSON.parse(row.echoes) as Record<string, string>,
    plan: JSON.parse(row.plan) as Plan,
    events: JSON.parse(row.events) as JobEvent[],
  }
  return { job, version: row.version }
}
