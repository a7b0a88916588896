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
  readonly created_at: Instant
  readonly first_updated_at: Instant
  readonly completed_at: Instant | null
  readonly end_status: string | null
  readonly document: string | null
  readonly echoes: string
  readonly plan: string
  readonly events: string
}

export const JOB_COLUMNS = `id, family, operation, cloud, exists_from, version, created_at, first_updated_at, completed_at,
  end_status, document, echoes, plan, events`

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
export const EVER: Instant = -Number.MAX_SAFE_INTEGER

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

export const INSERT_PLAIN = `insert into job (${INSERT_COLUMNS.join(', ')})
  values (${INSERT_COLUMNS.map(() => '?').join(', ')})`

/** Keeps the job that has the id already. */
export const ON_TAKEN = ' on conflict (domain, id) do nothing'

/** Columns of a job that was over when it was seeded; the others are the same for all of them. */
const OVER_COLUMNS = [
  ...['domain', 'id', 'family', 'operation', 'cloud', 'exists_from', 'created_at', 'first_updated_at'],
  ...['last_updated_at', 'completed_at', 'end_status', 'document', 'plan'],
] as const

/** Half of the values of a whole row, each of which costs a way from the one engine to the other. */
export const INSERT_OVER = `insert into job (${OVER_COLUMNS.join(', ')},
    ends_at, transition_count, version, echoes, events)
  values (${OVER_COLUMNS.map(() => '?').join(', ')}, ${EVER}, 0, 0, '{}', '[]')`

/** The values of INSERT_OVER; undefined for any other job. */
export function overValues(domain: number, { job, times, finalText, content }: JobWrite): Value[] | undefined {
  const { id, family, operation, cloud, existsFrom, document, echoes, plan, events } = job
  const isPlain = plan.kind === 'finished' && document !== undefined && finalText === document
  if (!isPlain || content !== undefined || events.length > 0 || Object.keys(echoes).length > 0) return undefined
  const { createdAt, updatedAt, completedAt = null, status } = plan
  return [
    ...[domain, id, family, operation, cloud, existsFrom, createdAt, updatedAt],
    ...[times.lastUpdatedAt ?? null, completedAt, status, document, planText(plan)],
  ]
}

/** Of a finished plan what its row does not say in columns: whether it was aborted, then each item's id and status. */
type FinishedText = readonly [abort: boolean, ...itemsFlat: readonly string[]]

function planText(plan: Plan): string {
  if (plan.kind !== 'finished') return JSON.stringify(plan)
  const parts: (boolean | string)[] = [plan.abort]
  for (const { id, status } of plan.items) parts.push(id, status)
  return JSON.stringify(parts)
}

/** The first two formats had finished plans whole. */
function planOf(row: JobRow): Plan {
  const kept = JSON.parse(row.plan) as Plan | FinishedText
  if ('kind' in kept) return kept
  const [abort, ...flat] = kept
  const items = []
  for (let i = 0; i + 1 < flat.length; i += 2) items.push({ id: flat[i] ?? '', status: flat[i + 1] ?? '' })
  return {
    kind: 'finished',
    createdAt: row.created_at,
    updatedAt: row.first_updated_at,
    completedAt: row.completed_at ?? undefined,
    status: row.end_status ?? '',
    abort,
    items,
  }
}

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
    planText(job.plan),
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
    plan: planOf(row),
    events: JSON.parse(row.events) as JobEvent[],
  }
  return { job, version: row.version }
}
