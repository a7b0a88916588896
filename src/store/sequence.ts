import type { Database } from 'better-sqlite3'
import type { ContentKey } from './job-store.ts'

/** See `VALUE` of sqlite-job-store.ts. */
const LAST = `max(coalesce((select max(seq) from job where content = cast(? as integer)), 0),
  coalesce((select max(seq) from resource where content = cast(? as integer)), 0))`

/** The `seq` of the last job or resource of a content, 0 where there is none. */
export function createLastSeq(database: Database): (content: ContentKey) => number {
  const last = database.prepare(`select ${LAST}`).pluck()
  return (content) => last.get(content, content) as number
}

/** The next `seq` of a content: jobs and resources are of one sequence. */
export function createSequence(database: Database): (content: ContentKey) => number {
  const last = createLastSeq(database)
  return (content) => last(content) + 1
}
