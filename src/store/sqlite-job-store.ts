import type { Database, Statement } from 'better-sqlite3'
import type {
  DomainKey,
  FinalTextKey,
  JobAppend,
  JobPage,
  JobQuery,
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

const DUE = `select ${JOB_COLUMNS} from job
  where domain = ? and last_transition_at > ? and first_transition_at <= ? and deleted_at is null order by seq`

const COPIED = ['id', ...INSERT_COLUMNS.slice(2)].join(', ')
const COPY = `insert into job (domain, ${COPIED}) select ?, ${COPIED} from job where domain = ? order by seq`

interface PageRow extends JobRow {
  readonly final: string | null
}

/** Jobs in SQLite, in the process: every method answers at once. */
export function createSqliteJobStore(database: Database): JobStore {
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
      prepared.finalText.get(domain, id, family, at, at, at) as string | undefined,
    page: createPager(database),
    due: (domain, { from, to }) => (prepared.due.all(domain, from, to) as JobRow[]).map(toStoredJob),
    append: (domain, append: JobAppend) => prepared.append.run(appendValues(domain, append)).changes === 1,
    occurrences: (domain, content) => prepared.occurrences.get(domain, content) as number,
    count: (domain) => prepared.count.get(domain) as number,
    copyDomain: (from, to) => void prepared.copy.run(to, from),
    dropDomain: (domain) => void prepared.drop.run(domain),
  }
}

function statements(database: Database): Record<keyof typeof SQL, Statement> {
  const plucked = new Set<string>(['finalText', 'occurrences', 'count'])
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
  due: DUE,
  occurrences: 'select count(*) from job where domain = ? and content = ?',
  count: 'select count(*) from job where domain = ?',
  copy: COPY,
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
    return { total, entries: (rows as PageRow[]).map(toEntry) }
  }
}

/** The numbers of the page come from a narrow index; only its own rows are read. */
function pageSql(where: string, order: string): string {
  return `select ${JOB_COLUMNS}, case when ends_at <= ? then coalesce(final_text, document) end as final
    from job where seq in (select seq from job where ${where} order by ${order} limit ? offset ?) order by ${order}`
}

function toEntry(row: PageRow): PageEntry {
  return row.final === null ? { stored: toStoredJob(row) } : { text: row.final }
}
