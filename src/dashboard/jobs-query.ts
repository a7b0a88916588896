/** Which jobs the table shows. */
export interface JobsQuery {
  readonly family: string
  readonly status: string
  readonly operation: string
  readonly id: string
  /** As the control API takes it: `-createdAt`. */
  readonly sort: string
  readonly skip: number
}

export const PAGE_SIZE = 25
export const FIRST_PAGE: JobsQuery = { family: '', status: '', operation: '', id: '', sort: '-createdAt', skip: 0 }

interface QueryOptions {
  readonly at?: string
  readonly limit?: number
}

/** The query of the list. The server filters, sorts and cuts, so that ten thousand jobs cost as much as ten. */
export function queryOf(query: JobsQuery, { at = '', limit = PAGE_SIZE }: QueryOptions = {}): string {
  const { family, status, operation, id, sort, skip } = query
  const values = { at, family, id, overall_status: status, operation, sort, skip: skip === 0 ? '' : String(skip) }
  const given = Object.entries(values).filter(([, value]) => value !== '')
  return new URLSearchParams([...given, ['limit', String(limit)], ['timeline', 'true']]).toString()
}

/** Whether a query leaves jobs out. */
export function hasFilter({ family, status, operation, id }: JobsQuery): boolean {
  return [family, status, operation, id].some((value) => value !== '')
}
