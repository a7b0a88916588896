import type { Database, Statement } from 'better-sqlite3'
import type { Instant } from '../model/time.ts'
import type {
  DomainKey,
  DueJobs,
  DueSpan,
  FinalTextKey,
  JobAppend,
  JobPage,
  JobQuery,
  JobSpan,
  JobStore,
  JobWrite,
  PageEntry,
  StoredJob,
} from './job-store.ts'
import {
  appendValues,
  INSERT_COLUMNS,
  insertValues,
  JOB_COLUMNS,
  TIME_COLUMNS,
  toStoredJob,
  type JobRow,
} from './rows.ts'
import { orderOf, whereOf } from './sqlite-job-query.ts'

const INSERT = `insert into job (${INSERT_COLUMNS.join(', ')}) values (${INSERT_COLUMNS.map(() => '?').join(', ')})
  on conflict (domain, id) do nothing`

const FIND = `select ${JOB_COLUMNS} from job where domain = ? and id = ?`

const FINAL_TEXT = `select coalesce(final_text, document) from job
  where domain = ? and id = ? and family = ? and ends_at <= ? and exists_from <= ?
  and (deleted_at is null or deleted_at > ?)`

const APPEND = `update job set events = json_insert(events, '$[#]', json(?)), version = version + 1,
  ${TIME_COLUMNS.map((column) => `${column} = ?`).join(', ')}, final_text = ?
  where domain = ? and id = ? and version = ?`

const ALIVE = 'domain = ? and deleted_at is null'

const INSIDE = `${ALIVE} and first_transition_at > ? and first_transition_at <= ? and last_transition_at <= ?`

const EDGE = `select ${JOB_COLUMNS} from job where seq in (
    select seq from job where ${ALIVE} and first_transition_at > ? and first_transition_at <= ? and last_transition_at > ?
    union select seq from job where ${ALIVE} and last_transition_at > ? and first_transition_at <= ?
  ) order by seq`

const COPIED = ['id', ...INSERT_COLUMNS.slice(2)].join(', ')
const COPY = `insert into job (domain, ${COPIED}) select ?, ${COPIED} from job where domain = ? order by seq`

/** A created job's document holds the id of its domain; a captured one's is its own. */
const COPY_WITHOUT_TEXTS = COPY.replace(
  `select ?, ${COPIED}`,
  `select ?, ${COPIED.replace('final_text', 'case when document is null then null else final_text end')}`,
)

interface PageRow extends JobRow {
  readonly final: string | null
}

/** In the process, so that a domain and its first jobs are one transaction. */
export type SqliteJobStore = Omit<JobStore, 'insertAll'> & {
  readonly insertAll: (domain: DomainKey, writes: Iterable<JobWrite>) => { readonly taken: string | undefined }
}

/** Jobs in SQLite, in the process: every method answers at once. */
export function createSqliteJobStore(database: Database): SqliteJobStore {
  const prepared = statements(database)
  const insertAll = database.transaction((domain: DomainKey, writes: Iterable<JobWrite>) => {
    for (const write of writes)
      if (prepared.insert.run(insertValues(domain, write)).changes === 0) throw new TakenError(write.job.id)
  })
  return {
    insert: (domain, write) => prepared.insert.run(insertValues(domain, write)).changes === 1,
    insertAll: (domain, writes) => takenBy(() => insertAll(domain, writes)),
    find: (domain, id) => optionalJob(prepared.find.get(domain, id)),
    finalText: (domain, { family, id, at }: FinalTextKey) =>
      (prepared.finalText.get(domain, id, family, at, at, at) as string | null | undefined) ?? undefined,
    page: createPager(database),
    due: (domain, span) => dueJobs(prepared, domain, span),
    pending: (domain, at) => ({
      running: (prepared.running.all(domain, at, at) as JobRow[]).map(toStoredJob),
      next: (prepared.next.get(domain, at) as Instant | null) ?? undefined,
    }),
    append: (domain, append: JobAppend) => prepared.append.run(appendValues(domain, append)).changes === 1,
    occurrences: (domain, content) => prepared.occurrences.get(domain, content) as number,
    count: (domain) => prepared.count.get(domain) as number,
    span: (domain) => spanOf(prepared, domain),
    copyDomain: ({ from, to, keepTexts }) => void prepared[keepTexts ? 'copy' : 'copyWithoutTexts'].run(to, from),
    dropDomain: (domain) => void prepared.drop.run(domain),
  }
}

type Statements = Record<keyof typeof SQL, Statement>

function dueJobs(prepared: Statements, domain: DomainKey, { from, to, limit }: DueSpan): DueJobs {
  const edge = prepared.edge.all(domain, from, to, to, domain, from, from) as JobRow[]
  const inside = prepared.inside.all(domain, from, to, to, limit) as JobRow[]
  const insideTotal = prepared.insideTotal.get(domain, from, to, to) as number
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
    'occurrences',
    'count',
    'insideTotal',
    'next',
    'firstThere',
    'lastTransition',
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
  inside: `select ${JOB_COLUMNS} from job where ${INSIDE} order by first_transition_at, seq limit ?`,
  insideTotal: `select coalesce(sum(transition_count), 0) from job where ${INSIDE}`,
  running: `select ${JOB_COLUMNS} from job where ${ALIVE} and last_transition_at > ? and first_transition_at <= ?`,
  next: `select min(first_transition_at) from job where ${ALIVE} and first_transition_at > ?`,
  occurrences: 'select count(*) from job where domain = ? and content = ?',
  count: 'select count(*) from job where domain = ?',
  firstThere: 'select min(exists_from) from job where domain = ?',
  lastTransition: 'select max(last_transition_at) from job where domain = ? and first_transition_at is not null',
  copy: COPY,
  copyWithoutTexts: COPY_WITHOUT_TEXTS,
  drop: 'delete from job where domain = ?',
} as const

class TakenError extends Error {
  readonly id: string

  constructor(id: string) {
    super(`taken: ${id}`)
    this.id = id
  }
}

/** A conflict has to throw inside the transaction to undo it, and is an answer outside of it. */
function takenBy(insert: () => void): { taken: string | undefined } {
  try {
    insert()
    return { taken: undefined }
  } catch (error) {
    if (error instanceof TakenError) return { taken: error.id }
    throw error
  }
}

function optionalJob(row: unknown): StoredJob | undefined {
  return row === undefined ? undefined : toStoredJob(row as JobRow)
}

const MOST_PAGE_STATEMENTS = 100

/** Pages come in as many kinds as there are filters and orders; their statements are kept, up to a bound. */
function createPager(database: Database): (domain: DomainKey, query: JobQuery) => JobPage {
  const kept = new Map<string, Statement>()
  const prepare = (text: string): Statement => {
    const known = kept.get(text)
    if (known !== undefined) return known
    if (kept.size === MOST_PAGE_STATEMENTS) kept.clear()
    const statement = database.prepare(text)
    kept.set(text, statement)
    return statement
  }
  return (domain, query) => {
    const where = whereOf(domain, query)
    const order = orderOf(query)
    const { total } = prepare(`select count(*) as total from job where ${where.text}`).get(where.values) as {
      total: number
    }
    const rows = prepare(pageSql(where.text, order.text)).all(
      query.at,
      ...where.values,
      ...order.values,
      query.limit ?? -1,
      query.skip,
      ...order.values,
    )
    return { total, entries: (rows as PageRow[]).map((row) => toEntry(row, query.asText)) }
  }
}

/** The numbers of the page come from a narrow index; only its own rows are read. */
function pageSql(where: string, order: string): string {
  return `select ${JOB_COLUMNS}, case when ends_at <= ? then coalesce(final_text, document) end as final
    from job where seq in (select seq from job where ${where} order by ${order} limit ? offset ?) order by ${order}`
}

function toEntry(row: PageRow, asText: boolean): PageEntry {
  return row.final === null || !asText ? { stored: toStoredJob(row) } : { text: row.final }
}
