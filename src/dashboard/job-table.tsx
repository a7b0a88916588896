import { useMemo } from 'preact/hooks'
import { inDomain } from './api.ts'
import type { JobAnswer, JobListAnswer } from '../client/answers/jobs.ts'
import { barOf, within } from './bar.ts'
import { SortHeader } from './sort-header.tsx'
import { Status, TimelineBar } from './timeline-bar.tsx'
import { parseInstant, shownInstant, type Instant } from './instants.ts'
import type { JobsQuery } from './jobs-query.ts'
import { PlaceLink } from './place-link.tsx'
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
  const sortBy = { sort: query.sort, onSort: (sort: string) => onQuery({ ...query, sort, skip: 0 }) }
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

function JobRow({ job, viewed }: { job: JobAnswer; viewed: Instant }) {
  const { place } = useWorld()
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
        <PlaceLink class="mono" title={job.id} to={{ job: isOpen ? undefined : job.id }} current={isOpen}>
          {job.id.slice(0, 8)}
        </PlaceLink>
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
