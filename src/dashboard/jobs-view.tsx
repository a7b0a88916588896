import { useState } from 'preact/hooks'
import type { ApiError } from './api.ts'
import type { JobListAnswer } from '../client/answers/jobs.ts'
import { Filters } from './filters.tsx'
import { EmptyJobs } from './empty-jobs.tsx'
import { JobPanel } from './job-panel.tsx'
import { Legend } from './legend.tsx'
import { hasFilter, PAGE_SIZE, type JobsQuery } from './jobs-query.ts'
import { JobTable } from './job-table.tsx'
import { NewJobDialog } from './new-job.tsx'
import { Pager } from './pager.tsx'
import type { ReadClock } from './use-now.ts'
import { useWorld } from './world.ts'

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
        {list !== undefined && list.total > 0 && (
          <>
            <JobTable list={list} query={query} onQuery={onQuery} read={read} />
            <div class="row spread">
              <Pager
                what="jobs"
                total={list.total}
                size={PAGE_SIZE}
                skip={query.skip}
                onSkip={(skip) => onQuery({ ...query, skip })}
              />
              <Legend />
            </div>
          </>
        )}
        {list?.total === 0 && (hasFilter(query) ? <p>No job matches the filter.</p> : <EmptyJobs />)}
      </section>
      {place.job !== undefined && <JobPanel key={place.job} id={place.job} read={read} />}
      {isMaking && <NewJobDialog onClose={() => setMaking(false)} />}
    </div>
  )
}
