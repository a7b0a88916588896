import { useState } from 'preact/hooks'
import type { ApiError } from './api.ts'
import type { JobListAnswer } from '../client/answers.ts'
import { Filters } from './filters.tsx'
import { JobPanel } from './job-panel.tsx'
import { JobTable } from './job-table.tsx'
import { NewJobDialog } from './new-job.tsx'
import type { ReadClock } from './use-now.ts'
import { useWorld } from './world.ts'

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

const PAGE_SIZE = 25
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

interface JobsViewProps {
  readonly list: JobListAnswer | undefined
  readonly error: ApiError | undefined
  readonly query: JobsQuery
  readonly onQuery: (query: JobsQuery) => void
  readonly read: ReadClock
}

export function JobsView({ list, error, query, onQuery, read }: JobsViewProps) {
  const { place } = useWorld()
  const [isMaking, setMaking] = useState(false)
  return (
    <div class={place.job === undefined ? 'split' : 'split open'}>
      <section class="card" aria-label="Jobs">
        <div class="head">
          <Filters query={query} onQuery={onQuery} />
          <button type="button" class="primary" disabled={place.at !== undefined} onClick={() => setMaking(true)}>
            New job …
          </button>
        </div>
        {error !== undefined && (
          <p class="problem" role="alert">
            {error.message}
          </p>
        )}
        {list !== undefined && <JobTable list={list} query={query} onQuery={onQuery} read={read} />}
        {list !== undefined && <Pager total={list.total} query={query} onQuery={onQuery} />}
      </section>
      {place.job !== undefined && <JobPanel key={place.job} id={place.job} read={read} />}
      {isMaking && <NewJobDialog onClose={() => setMaking(false)} />}
    </div>
  )
}

function Pager({ total, query, onQuery }: { total: number } & Pick<JobsViewProps, 'query' | 'onQuery'>) {
  const { skip } = query
  const last = Math.min(total, skip + PAGE_SIZE)
  const to = (there: number): void => onQuery({ ...query, skip: Math.max(0, there) })
  return (
    <nav class="row pager" aria-label="Pages of jobs">
      <button type="button" disabled={skip === 0} onClick={() => to(skip - PAGE_SIZE)}>
        ← Previous
      </button>
      <p>{total === 0 ? 'No job' : `${Math.min(skip + 1, total)} to ${last} of ${total}`}</p>
      <button type="button" disabled={last >= total} onClick={() => to(skip + PAGE_SIZE)}>
        Next →
      </button>
    </nav>
  )
}
