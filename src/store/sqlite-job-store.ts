import type { Database, Statement } from 'better-sqlite3'
import type { Instant } from '../model/time.ts'
import type { DomainKey, DueJobs, DueSpan, FinalTextKey, JobSpan, JobStore, JobWrite, StoredJob } from './job-store.ts'
import {
  appendValues,
  INSERT,
  INSERT_COLUMNS,
  insertValues,
  JOB_COLUMNS,
  TIME_COLUMNS,
  toStoredJob,
  type JobRow,
} from './rows.ts'
import { createBulkInsert } from './sqlite-bulk-insert.ts'
import { createPager } from './sqlite-pages.ts'

const FIND = `select ${JOB_COLUMNS} from job where domain = ? and id = ?`

const FINAL_TEXT = `select coalesce(final_text, document) from job
  where domain = ? and id = ? and family = ? and ends_at <= ? and exists_from <= ?
  and (deleted_at is null or deleted_at > ?)`

const APPEND = `update job set events = json_insert(events, '$[#]', json(?)), version = version + 1,
  ${TIME_COLUMNS.map((column) => `${column} = ?`).join(', ')}, final_text = ?
  where domain = ? and id = ? and version = ?`

/**
 * A parameter that a column equals, where there is min() or max(): SQLite 3.54 plans such a statement anew each time a bare `?`
 * is bound, which took three times as long as what it then did.
 */
const VALUE = 'cast(? as integer)'

const ALIVE = `domain = ${VALUE} and deleted_at is null`

/** By their last change, which one index is kept by: what begins after an instant also ends after it. */
const INSIDE = `${ALIVE} and last_transition_at > ? and last_transition_at <= ? and first_transition_at > ?`

const EDGE = `select ${JOB_COLUMNS} from job where ${ALIVE} and last_transition_at > ? and first_transition_at <= ?
  and (first_transition_at <= ? or last_transition_at > ?) order by seq`

const COPIED = ['id', ...INSERT_COLUMNS.slice(2)].join(', ')
const COPY = `insert into job (domain, ${COPIED}) select ?, ${COPIED} from job where domain = ? order by seq`

/** A created job's document holds the id of its domain; a captured one's is its own. */
const COPY_WITHOUT_TEXTS = COPY.replace(
  `select ?, ${COPIED}`,
  `select ?, ${COPIED.replace('final_text', 'case when document is null then null else final_text end')}`,
)

/** In the process, so that a domain and its first jobs are one transaction. */
export type SqliteJobStore = Omit<JobStore, 'insertAll'> & {
  readonly insertAll: (domain: DomainKey, writes: Iterable<JobWrite>) => { readonly taken: string | undefined }
}

/** Jobs in SQLite, in the process: every method answers at once. */
export function createSqliteJobStore(database: Database): SqliteJobStore {
  const prepared = statements(database)
  const insertAll = createBulkInsert(database)
  return {
    insert: (domain, write) => prepared.insert.run(insertValues(domain, write)).changes === 1,
    insertAll,
    find: (domain, id) => optionalJob(prepared.find.get(domain, id)),
    finalText: (domain, { family, id, at }: FinalTextKey) =>
      (prepared.finalText.get(domain, id, family, at, at, at) as string | null | undefined) ?? undefined,
    page: createPager(database),
    due: (domain, span) => dueJobs(prepared, domain, span),
    pending: (domain, at) => ({
      running: (prepared.running.all(domain, at, at) as JobRow[]).map(toStoredJob),
      next: (prepared.next.get(domain, at, at) as Instant | null) ?? undefined,
    }),
    append: (domain, append) => prepared.append.run(appendValues(domain, append)).changes === 1,
    nextOccurrence: (domain, content) => prepared.nextOccurrence.get(domain, content) as number,
    count: (domain) => prepared.count.get(domain) as number,
    span: (domain) => spanOf(prepared, domain),
    newest: (domain) => (prepared.newest.get(domain, domain) as Instant | null) ?? undefined,
    copyDomain: ({ from, to, keepTexts }) => void prepared[keepTexts ? 'copy' : 'copyWithoutTexts'].run(to, from),
    dropDomain: (domain) => void prepared.drop.run(domain),
  }
}

type Statements = Record<keyof typeof SQL, Statement>

function dueJobs(prepared: Statements, domain: DomainKey, { from, to, limit }: DueSpan): DueJobs {
  const edge = prepared.edge.all(domain, from, to, from, to) as JobRow[]
  const inside = prepared.inside.all(domain, from, to, from, limit) as JobRow[]
  const insideTotal = prepared.insideTotal.get(domain, from, to, from) as number
  return { edge: edge.map(toStoredJob), inside: inside.map(toStoredJob), insideTotal }
}

function spanOf(prepared: Statements, domain: DomainKey): JobSpan | undefined {
  const from = prepared.firstThere.get(domain) as Instant | null
  const to = prepared.lastTransition.get(domain) as Instant | null
  return from === null ? undefined : { from, to: to ?? undefined }
}

function statements(database: Database): Statements {
  const plucked = new Set<string>([
    'finalText',
    'nextOccurrence',
    'count',
    'insideTotal',
    'next',
    'firstThere',
    'lastTransition',
    'newest',
  ])
  const entries = Object.entries(SQL).map(([name, text]) => {
    const statement = database.prepare(text)
    return [name, plucked.has(name) ? statement.pluck() : statement]
  })
  return Object.fromEntries(entries) as Record<keyof typeof SQL, Statement>
}

const SQL = {
  insert: INSERT,
  find: FIND,
  finalText: FINAL_TEXT,
  append: APPEND,
  edge: EDGE,
  inside: `select ${JOB_COLUMNS} from job
    where seq in (select seq from job where ${INSIDE} order by first_transition_at, seq limit ?)
    order by first_transition_at, seq`,
  insideTotal: `select coalesce(sum(transition_count), 0) from job where ${INSIDE}`,
  running: `select ${JOB_COLUMNS} from job where ${ALIVE} and last_transition_at > ? and first_transition_at <= ?`,
  next: `select min(first_transition_at) from job where ${ALIVE} and last_transition_at > ? and first_transition_at > ?`,
  nextOccurrence: `select coalesce(max(occurrence) + 1, 0) from job where domain = ${VALUE} and content = ${VALUE}`,
  count: 'select count(*) from job where domain = ?',
  firstThere: `select min(exists_from) from job where domain = ${VALUE}`,
  lastTransition: `select max(last_transition_at) from job where domain = ${VALUE} and first_transition_at is not null`,
  // Events are in the order in which they happened.
  newest: `select max(at) from (
    select max(exists_from) as at from job where domain = ${VALUE}
    union all
    select max(json_extract(events, '$[#-1].at')) from job where domain = ${VALUE} and version > 0
  )`,
  copy: COPY,
  copyWithoutTexts: COPY_WITHOUT_TEXTS,
  drop: 'delete from job where domain = ?',
} as const

function optionalJob(row: unknown): StoredJob | undefined {
  return row === undefined ? undefined : toStoredJob(row as JobRow)
}
