import type { Database, Statement } from 'better-sqlite3'
import type { JobPage, JobQuery, JobScope } from './job-store.ts'
import { orderOf, whereOf } from './sqlite-job-query.ts'

const MAX_PAGE_STATEMENTS = 100

/** Pages of lists, with their totals. Filters and orders read one index, which has all of their columns. */
export function createPager(database: Database): (scope: JobScope, query: JobQuery) => JobPage {
  const prepare = createStatements(database)
  return (scope, query) => {
    const where = whereOf(scope, query)
    const order = orderOf(query)
    const total = prepare(`select count(*) from job where ${where.text}`).get(where.values) as number
    const seqs = prepare(`select seq from job where ${where.text} order by ${order.text} limit ? offset ?`).all(
      ...where.values,
      ...order.values,
      query.limit ?? -1,
      query.skip,
    )
    return { total, seqs: seqs as number[] }
  }
}

/** Pages come in as many kinds as there are filters and orders; their statements are kept, up to a bound. */
export function createStatements(database: Database): (text: string) => Statement {
  const kept = new Map<string, Statement>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    if (kept.size === MAX_PAGE_STATEMENTS) kept.clear()
    const statement = database.prepare(text).pluck()
    kept.set(text, statement)
    return statement
  }
}
