import { isRecord } from '../model/is-record.ts'
import type { FamilyName } from '../model/family.ts'
import type { ItemTime, Job, JobEvent, JobTimes } from '../model/job.ts'
import type { Plan } from '../model/plan.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { expectColumn, readRow } from './damage.ts'
import type { JobAppend, JobScope, JobWrite } from './job-store.ts'

/** The columns of the table `job` from which a job is read. */
export interface JobRow {
  readonly id: string
  readonly family: FamilyName
  readonly operation: string
  readonly cloud: string
  readonly exists_from: Instant
  readonly document: string | null
  readonly echoes: string
  readonly plan: string
  readonly events: string
}

export const JOB_COLUMNS = 'id, family, operation, cloud, exists_from, document, echoes, plan, events'

/** The columns of a job's times, in the order of `timeValues`. */
export const TIME_COLUMNS = [
  'created_at',
  'first_updated_at',
  'cancelled_at',
  'ends_at',
  'end_status',
  'last_updated_at',
  'completed_at',
  'deleted_at',
  'phases',
] as const

/** Stands for -Infinity in an integer column. */
export const MIN_INSTANT = toInstant(-Number.MAX_SAFE_INTEGER)

type Value = string | number | null

export function timeValues(times: JobTimes): Value[] {
  return [
    times.createdAt,
    times.firstUpdatedAt,
    times.cancelledAt ?? null,
    times.endsAt === undefined ? null : toColumn(times.endsAt),
    times.endStatus ?? null,
    times.lastUpdatedAt ?? null,
    times.completedAt ?? null,
    times.deletedAt ?? null,
    times.phases === undefined ? null : JSON.stringify(times.phases.map(({ at, status }) => [toColumn(at), status])),
  ]
}

function toColumn(instant: Instant): Instant {
  return toInstant(Math.max(instant, MIN_INSTANT))
}

/** All columns of a job except its key, `content` and `seq`. */
export const DATA_COLUMNS = [
  'id',
  'family',
  'operation',
  'cloud',
  'exists_from',
  ...TIME_COLUMNS,
  'changed_at',
  'request_hash',
  'occurrence',
  'final_text',
  'document',
  'echoes',
  'plan',
  'events',
] as const

export function dataValues({ job, times, finalText, requestHash, occurrence }: JobWrite): Value[] {
  return [
    job.id,
    job.family,
    job.operation,
    job.cloud,
    job.existsFrom,
    ...timeValues(times),
    job.events.at(-1)?.at ?? null,
    requestHash ?? null,
    occurrence ?? null,
    // The document of a job that was seeded as finished is its final text: it is stored once.
    finalText === job.document ? null : (finalText ?? null),
    job.document ?? null,
    JSON.stringify(job.echoes),
    JSON.stringify(job.plan),
    JSON.stringify(job.events),
  ]
}

export function appendValues({ content, visibleTo }: JobScope, append: JobAppend): Value[] {
  const { id, event, times, finalText } = append
  return [JSON.stringify(event), event.at, ...timeValues(times), finalText ?? null, content, id, visibleTo]
}

/** Items as a JSON text, to pass to `json_each`. */
export function itemsText(items: readonly ItemTime[]): string {
  return JSON.stringify(items.map(({ id, at }) => [id, at ?? null]))
}

/** @throws DamagedRowError for a row that this version did not write. */
export function toJob(row: JobRow): Job {
  return readRow(`the job ${row.id} (table job)`, () => ({
    id: row.id,
    family: row.family,
    operation: row.operation,
    cloud: row.cloud,
    existsFrom: row.exists_from,
    document: row.document ?? undefined,
    echoes: echoesOf(row),
    plan: planOf(row),
    events: eventsOf(row),
  }))
}

function planOf(row: JobRow): Plan {
  const plan = JSON.parse(row.plan) as Plan
  expectColumn(isPlan(plan), 'plan', 'a plan')
  return plan
}

function echoesOf(row: JobRow): Job['echoes'] {
  const echoes = JSON.parse(row.echoes) as Job['echoes']
  expectColumn(isRecord(echoes) && Object.values(echoes).every((text) => typeof text === 'string'), 'echoes', 'texts')
  return echoes
}

function eventsOf(row: JobRow): readonly JobEvent[] {
  const events = JSON.parse(row.events) as JobEvent[]
  expectColumn(Array.isArray(events) && events.every(isEvent), 'events', 'a list of events that are known')
  return events
}

// These checks run for each job that is read, so they cover only what the reading code relies on.

const EVENT_KINDS: Readonly<Record<JobEvent['kind'], true>> = { cancel: true, signal: true, poll: true, delete: true }

function isEvent(event: JobEvent): boolean {
  return isRecord(event) && Object.hasOwn(EVENT_KINDS, event.kind) && typeof event.at === 'number'
}

function isPlan(plan: Plan): boolean {
  if (!isRecord(plan) || !Array.isArray(plan.items)) return false
  if (plan.kind === 'finished') return true
  const { kind, startedAt, endings, cancel } = plan
  // A stored plan may be of a kind that the type does not have.
  const isUnfolding = (kind as string) === 'unfolding'
  return isUnfolding && typeof startedAt === 'number' && Array.isArray(endings) && isRecord(cancel)
}
