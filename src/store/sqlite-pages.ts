import type { Database, Statement } from 'better-sqlite3'
import type { DomainKey, JobPage, JobQuery, PageEntry } from './job-store.ts'
import { JOB_COLUMNS, toStoredJob, type JobRow } from './rows.ts'
import { orderOf, whereOf } from './sqlite-job-query.ts'

interface PageRow extends JobRow {
  readonly final: string | null
}

const MOST_PAGE_STATEMENTS = 100

/** Pages of lists, with their totals. */
export function createPager(database: Database): (domain: DomainKey, query: JobQuery) => JobPage {
  const prepare = createStatements(database)
  return (domain, query) => {
    const where = whereOf(domain, query)
    const order = orderOf(query)
    const total = prepare(`select count(*) from job where ${where.text}`).pluck().get(where.values) as number
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

/** Pages come in as many kinds as there are filters and orders; their statements are kept, up to a bound. */
function createStatements(database: Database): (text: string) => Statement {
  const kept = new Map<string, Statement>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    if (kept.size === MOST_PAGE_STATEMENTS) kept.clear()
    const statement = database.prepare(text)
    kept.set(text, statement)
    return statement
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
