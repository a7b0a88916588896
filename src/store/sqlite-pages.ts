import type { Database, Statement } from 'better-sqlite3'
import type { JobPage, JobQuery, JobScope } from './job-store.ts'
import type { Sql } from './sql.ts'
import { orderOf, whereOf } from './sqlite-job-query.ts'

const MAX_PAGE_STATEMENTS = 100

/** Reads pages of jobs. One index covers all columns of filters and orders. */
export function createPager(database: Database): (scope: JobScope, query: JobQuery) => JobPage {
  const readPage = createPageReader(database, { table: 'job', seq: 'seq' })
  return (scope, query) => readPage({ where: whereOf(scope, query), order: orderOf(query) }, query)
}

/** The rows of a page and their order, as SQL. */
export interface PageSql {
  readonly where: Sql
  readonly order: Sql
  /** The indexes for the total and for the page; absent: SQLite chooses. */
  readonly indexes?: { readonly total: string; readonly page: string }
  /**
   * True: reads all rows and cuts the page out in JavaScript. Without a limit SQLite sorts twice as fast, and no second query
   * has to count.
   */
  readonly readsAllRows?: boolean
}

/** Reads a page of a table with the total; `seq` is the column that names its rows. */
export function createPageReader(
  database: Database,
  { table, seq }: { readonly table: string; readonly seq: string },
): (sql: PageSql, query: Pick<JobQuery, 'skip' | 'limit'>) => JobPage {
  const prepare = createStatements(database)
  return ({ where, order, indexes, readsAllRows = false }, { skip, limit }) => {
    const from = (index: string | undefined): string =>
      `from ${table}${index === undefined ? '' : ` indexed by ${index}`} where ${where.text}`
    const rows = `select ${seq} ${from(indexes?.page)} order by ${order.text}`
    const values = [...where.values, ...order.values]
    if (readsAllRows) {
      const all = prepare(rows).all(values) as number[]
      return { total: all.length, seqs: all.slice(skip, skip + (limit ?? all.length)) }
    }
    const total = prepare(`select count(*) ${from(indexes?.total)}`).get(where.values) as number
    return { total, seqs: prepare(`${rows} limit ? offset ?`).all(values, limit ?? -1, skip) as number[] }
  }
}

/** Caches prepared statements: each combination of filters and order needs its own. */
function createStatements(database: Database): (text: string) => Statement {
  const cache = new Map<string, Statement>()
  return (text) => {
    const cached = cache.get(text)
    if (cached !== undefined) return cached
    if (cache.size === MAX_PAGE_STATEMENTS) cache.clear()
    const statement = database.prepare(text).pluck()
    cache.set(text, statement)
    return statement
  }
}
