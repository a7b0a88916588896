import { useMemo } from 'preact/hooks'
import { inDomain } from './api.ts'
import type { JobAnswer, JobListAnswer } from '../client/answers.ts'
import { barOf, within } from './bar.ts'
import { Status, TimelineBar } from './timeline-bar.tsx'
import { parseInstant, shownInstant, type Instant } from './instants.ts'
import type { JobsQuery } from './jobs-query.ts'
import { formatPlace } from './link.ts'
import { useNow, type ReadClock } from './use-now.ts'
import { useWorld } from './world.ts'

interface JobTableProps {
  readonly list: JobListAnswer
  readonly query: JobsQuery
  readonly onQuery: (query: JobsQuery) => void
  readonly read: ReadClock
}

export function JobTable({ list, query, onQuery, read }: JobTableProps) {
  const { place } = useWorld()
  const now = useNow(read)
  const viewed = place.at ?? now
  const sortBy = { query, onQuery }
  return (
    <table class="jobs">
      <caption class="hidden">Jobs, each with a bar of its items</caption>
      <thead>
        <tr>
          <SortHeader field="id" {...sortBy}>
            Job
          </SortHeader>
          <SortHeader field="operation" className="narrow-off" {...sortBy}>
            Operation
          </SortHeader>
          <th scope="col" class="roomy">
            Scenario
          </th>
          <SortHeader field="overall_status" {...sortBy}>
            Status
          </SortHeader>
          <th scope="col" class="wide">
            Timeline
          </th>
          <SortHeader field="createdAt" className="roomy" {...sortBy}>
            Created
          </SortHeader>
          <th scope="col" class="narrow-off">
            <span class="hidden">Commands</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {list.jobs.map((job) => (
          <JobRow key={job.id} job={job} viewed={job.timeline === undefined ? viewed : within(job.timeline, viewed)} />
        ))}
      </tbody>
    </table>
  )
}

interface SortHeaderProps extends Pick<JobTableProps, 'query' | 'onQuery'> {
  readonly field: string
  /** Hides the column on a narrow page or beside an open job. */
  readonly className?: string
  readonly children: string
}

function SortHeader({ field, className, query, onQuery, children }: SortHeaderProps) {
  const isUp = query.sort === field
  const isDown = query.sort === `-${field}`
  return (
    <th scope="col" class={className} aria-sort={isUp ? 'ascending' : isDown ? 'descending' : undefined}>
      <button
        type="button"
        class="plain"
        onClick={() => onQuery({ ...query, sort: isDown ? field : `-${field}`, skip: 0 })}
      >
        {children} <span aria-hidden="true">{isUp ? '▲' : isDown ? '▼' : '↕'}</span>
      </button>
    </th>
  )
}

function JobRow({ job, viewed }: { job: JobAnswer; viewed: Instant }) {
  const { place, go } = useWorld()
  const { timeline } = job
  const bar = useMemo(
    () => (timeline === undefined ? null : <TimelineBar bar={barOf(timeline, viewed)} />),
    [timeline, viewed],
  )
  const created = typeof job.job.createdAt === 'string' ? parseInstant(job.job.createdAt) : undefined
  const isOpen = place.job === job.id
  const operation = typeof job.job.operation === 'string' ? job.job.operation : ''
  return (
    <tr class={isOpen ? 'open' : undefined}>
      <th scope="row">
        <a
          class="mono"
          title={job.id}
          href={formatPlace({ ...place, job: job.id })}
          aria-current={isOpen ? 'true' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return
            event.preventDefault()
            go({ job: isOpen ? undefined : job.id })
          }}
        >
          {job.id.slice(0, 8)}
        </a>
        <small class="narrow-on">{operation}</small>
      </th>
      <td class="narrow-off">
        {operation}
        <small>{job.family}</small>
      </td>
      <td class="roomy">{job.scenario ?? <span class="quiet">captured</span>}</td>
      <td>
        <Status job={job} />
      </td>
      <td class="wide">{bar}</td>
      <td class="roomy">{created === undefined ? '' : <CreatedAt instant={created} />}</td>
      <td class="narrow-off">
        <CancelButton job={job} />
      </td>
    </tr>
  )
}

function CreatedAt({ instant }: { instant: Instant }) {
  const [date, time] = shownInstant(instant).split(' ')
  return (
    <>
      {time} <small>{date}</small>
    </>
  )
}

export function CancelButton({ job }: { job: JobAnswer }) {
  const { api, place, act } = useWorld()
  const isOff = place.at !== undefined || job.job.overall_status !== 'in_progress' || job.job.abort === true
  const cancel = (): Promise<boolean> =>
    act(async () => {
      const path = inDomain(place.domain, `/jobs/${encodeURIComponent(job.id)}/cancel`)
      const { job: after } = await api.send<JobAnswer>('POST', path)
      return `Cancelled: the job is ${after.overall_status}.`
    })
  return (
    <button
      type="button"
      class="cancel"
      disabled={isOff}
      aria-label={`Cancel job ${job.id.slice(0, 8)}`}
      onClick={() => void cancel()}
    >
      Cancel
    </button>
  )
}
