import type { Database, Statement } from 'better-sqlite3'
import type { DomainKey, JobPage, JobQuery, PageEntry } from './job-store.ts'
import { JOB_COLUMNS, toStoredJob, type JobRow } from './rows.ts'
import { orderOf, segmentsOf, whereOf, within, type Sql } from './sqlite-job-query.ts'
import { BLOCK, LARGE, type Tally } from './tally.ts'

interface PageRow extends JobRow {
  readonly final: string | null
}

/** A stretch of `seq` with so many jobs that a query wants. */
interface Segment {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Which of the wanted jobs a page has. */
interface Cut {
  readonly skip: number
  readonly limit: number
}

const MOST_PAGE_STATEMENTS = 100
const NO_LIMIT = Number.MAX_SAFE_INTEGER

/**
 * Pages of lists. In a large domain whole blocks of jobs are passed over by their counts, so that a deep page and a total
 * cost the blocks, not the jobs, as long as nothing but creation orders the list.
 */
export function createPager(database: Database, tally: Tally): (domain: DomainKey, query: JobQuery) => JobPage {
  const prepare = createStatements(database)

  function count(where: Sql): number {
    return prepare(`select count(*) as total from job where ${where.text}`).pluck().get(where.values) as number
  }

  function rows(where: Sql, query: JobQuery, { skip, limit }: Cut): PageEntry[] {
    const order = orderOf(query)
    const found = prepare(pageSql(where.text, order.text)).all(
      query.at,
      ...where.values,
      ...order.values,
      limit,
      skip,
      ...order.values,
    )
    return (found as PageRow[]).map((row) => toEntry(row, query.asText))
  }

  /** The blocks with wanted jobs. What the counts leave open at that instant is counted job by job. */
  function segments(domain: DomainKey, query: JobQuery): Segment[] {
    const sql = segmentsOf(domain, query)
    const where = whereOf(domain, query)
    const blocks = prepare(sql.text).all(sql.values) as { block: number; sure: number; isOpen: number }[]
    const merged: { from: number; to: number; sure: number | undefined }[] = []
    for (const { block, sure, isOpen } of blocks) {
      const last = merged.at(-1)
      const [from, to] = [block * BLOCK, (block + 1) * BLOCK]
      if (isOpen === 1 && last !== undefined && last.sure === undefined && last.to === from) last.to = to
      else merged.push({ from, to, sure: isOpen === 1 ? undefined : sure })
    }
    return merged.map(({ from, to, sure }) => ({ from, to, count: sure ?? count(within(where, from, to)) }))
  }

  function counted(domain: DomainKey, query: JobQuery): JobPage {
    const where = whereOf(domain, query)
    const all = segments(domain, query)
    const entries: PageEntry[] = []
    let { skip } = query
    let left = query.limit ?? NO_LIMIT
    for (const segment of all) {
      if (left === 0) break
      if (segment.count > skip) {
        const page = rows(within(where, segment.from, segment.to), query, { skip, limit: left })
        for (const entry of page) entries.push(entry)
        left -= page.length
      }
      skip = Math.max(0, skip - segment.count)
    }
    return { total: all.reduce((sum, segment) => sum + segment.count, 0), entries }
  }

  return (domain, query) => {
    const where = whereOf(domain, query)
    const isCounted = query.ids.length === 0 && tally.has(domain)
    if (isCounted && query.sort.length === 0) return counted(domain, query)
    const total = isCounted ? segments(domain, query).reduce((sum, each) => sum + each.count, 0) : count(where)
    // Grown large by single jobs, or by a version that did not count.
    if (total >= LARGE && !tally.has(domain)) tally.rebuild(domain)
    return { total, entries: rows(where, query, { skip: query.skip, limit: query.limit ?? -1 }) }
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
