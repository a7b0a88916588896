import type { Database, Statement } from 'better-sqlite3'
import type { JobPage, JobQuery, JobScope } from './job-store.ts'
import { orderOf, whereOf } from './sqlite-job-query.ts'

const MAX_PAGE_STATEMENTS = 100

/** Reads a page of a list with the total. One index covers all columns of filters and orders. */
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

/** Caches prepared statements: each combination of filters and order needs its own. */
export function createStatements(database: Database): (text: string) => Statement {
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
