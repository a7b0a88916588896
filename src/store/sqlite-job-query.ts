import { IN_PROGRESS } from '../model/job.ts'
import type { JobQuery, JobScope, SortField } from './job-store.ts'
import { join, type Sql } from './sql.ts'

/** The status of a job at the requested instant (twice), from the columns of its end and its phases. */
const STATUS = `case when ends_at <= ? then end_status when phases is null then '${IN_PROGRESS}' else (
  select value ->> 1 from json_each(phases) where value ->> 0 <= ? order by value ->> 0 desc limit 1) end`

/** `updatedAt` at the requested instant: set by the end, by a cancel before it, or by the creation. */
const UPDATED_AT = `case when ends_at <= ? then last_updated_at when cancelled_at <= ? then cancelled_at else first_updated_at end`

const SORT_COLUMNS: Readonly<Record<SortField, { readonly text: string; readonly instants: number }>> = {
  id: { text: 'id', instants: 0 },
  createdAt: { text: 'created_at', instants: 0 },
  updatedAt: { text: UPDATED_AT, instants: 2 },
  completed_at: { text: 'case when ends_at <= ? then completed_at end', instants: 1 },
  overall_status: { text: STATUS, instants: 2 },
  cloud: { text: 'cloud', instants: 0 },
  operation: { text: 'operation', instants: 0 },
}

export function whereOf({ content, visibleTo }: JobScope, query: JobQuery): Sql {
  const { at, family } = query
  const parts: Sql[] = [
    {
      text: 'content = ? and seq <= ? and exists_from <= ? and (deleted_at is null or deleted_at > ?)',
      values: [content, visibleTo, at, at],
    },
    ...(family === undefined ? [] : [{ text: 'family = ?', values: [family] }]),
    ...oneOf({ text: 'id', values: [] }, query.ids),
    ...oneOf({ text: STATUS, values: [at, at] }, query.statuses),
    ...oneOf({ text: 'cloud', values: [] }, query.clouds),
    ...oneOf({ text: 'operation', values: [] }, query.operations),
    ...covering(content, query.containers),
    ...(query.isRunning === true ? [{ text: '(ends_at is null or ends_at > ?)', values: [at] }] : []),
  ]
  return join(parts, ' and ')
}

function covering(content: number, wanted: readonly string[] = []): Sql[] {
  if (wanted.length === 0) return []
  const text = 'seq in (select job from effect where content = ? and resource in (select value from json_each(?)))'
  return [{ text, values: [content, JSON.stringify(wanted)] }]
}

/** Passes the values as one JSON array, so that their number does not change the text of the statement. */
function oneOf(column: Sql, wanted: readonly string[]): Sql[] {
  if (wanted.length === 0) return []
  const text = `${column.text} in (select value from json_each(?))`
  return [{ text, values: [...column.values, JSON.stringify(wanted)] }]
}

/** Breaks ties by the order of creation, so that pages never overlap. */
export function orderOf({ sort, at }: JobQuery): Sql {
  const parts = sort.map(({ field, descending }): Sql => {
    const { text, instants } = SORT_COLUMNS[field]
    return { text: `${text}${descending ? ' desc' : ''}`, values: Array.from({ length: instants }, () => at) }
  })
  return join([...parts, { text: 'seq', values: [] }], ', ')
}
