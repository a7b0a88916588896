import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import { axisJobsOf, type AxisJobs } from './axis-jobs.ts'
import type { ClockAnswer, JobListAnswer } from '../client/answers.ts'
import { ClockBar } from './clock-bar.tsx'
import { Faults } from './faults.tsx'
import { formatInstant } from './instants.ts'
import { JobsView, queryOf, FIRST_PAGE, type JobsQuery } from './jobs-view.tsx'
import { formatPlace, TABS, type Tab } from './link.ts'
import { Polling } from './polling.tsx'
import { Requests } from './requests.tsx'
import { Scrubber } from './scrubber.tsx'
import { States } from './snapshots.tsx'
import type { ReadClock } from './use-now.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

const TAB_NAMES: Readonly<Record<Tab, string>> = {
  jobs: 'Jobs',
  requests: 'Requests',
  faults: 'Faults',
  polling: 'Polling report',
  states: 'Snapshots',
}

/** Jobs that the time axis draws at most: more could not be told apart. */
const MAX_NEWEST = 60
const MAX_OPEN = 40

/** One domain: its clock, the time that can be looked at, and what there is in it. */
export function DomainView() {
  const { api, place, version } = useWorld()
  const { domain, at } = place
  const [query, setQuery] = useState<JobsQuery>(FIRST_PAGE)
  const clock = useResource<ReadClock>(
    domain,
    async (signal) => ({
      clock: await api.get<ClockAnswer>(inDomain(domain, '/clock'), signal),
      readAtMs: performance.now(),
    }),
    version,
  )
  const search = queryOf(query, at === undefined ? {} : { at: formatInstant(at) })
  const jobs = useResource(
    search,
    (signal) => api.get<JobListAnswer>(inDomain(domain, `/jobs?${search}`), signal),
    version,
  )
  const axis = useAxisJobs(query)

  if (clock.error?.status === 404) return <NoSuchDomain name={domain} />
  if (clock.data === undefined)
    return (
      <main>
        <p role="status">{clock.error?.message ?? 'Loading …'}</p>
      </main>
    )
  return (
    <main>
      <section aria-label="Clock" class="card clock">
        <ClockBar read={clock.data} />
        <Scrubber read={clock.data} axis={axis} />
      </section>
      <Tabs />
      {place.tab === 'jobs' && (
        <JobsView list={jobs.data} error={jobs.error} query={query} onQuery={setQuery} read={clock.data} />
      )}
      {place.tab === 'requests' && <Requests />}
      {place.tab === 'faults' && <Faults />}
      {place.tab === 'polling' && <Polling />}
      {place.tab === 'states' && <States />}
    </main>
  )
}

/** The jobs of the time axis: those of the filter, as they are now, whatever page or instant is shown. */
function useAxisJobs(query: JobsQuery): AxisJobs | undefined {
  const { api, place, version } = useWorld()
  const { domain } = place
  const load = async (signal: AbortSignal): Promise<AxisJobs> => {
    const jobs = (more: Partial<JobsQuery>, limit: number) => {
      const search = queryOf({ ...query, sort: '-createdAt', skip: 0, ...more }, { limit })
      return api.get<JobListAnswer>(inDomain(domain, `/jobs?${search}`), signal)
    }
    const [newest, open] = await Promise.all([
      jobs({}, MAX_NEWEST),
      query.status === '' ? jobs({ status: 'in_progress' }, MAX_OPEN) : undefined,
    ])
    return axisJobsOf(newest, open?.jobs ?? [])
  }
  return useResource(queryOf({ ...query, sort: '', skip: 0 }), load, version).data
}

function Tabs() {
  const { place, go } = useWorld()
  return (
    <nav class="tabs" aria-label="What to look at">
      {TABS.map((tab) => (
        <a
          key={tab}
          href={formatPlace({ ...place, tab })}
          aria-current={place.tab === tab ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return
            event.preventDefault()
            go({ tab })
          }}
        >
          {TAB_NAMES[tab]}
        </a>
      ))}
    </nav>
  )
}

function NoSuchDomain({ name }: { name: string }) {
  const { api, act, go } = useWorld()
  return (
    <main class="alone">
      <p role="status">There is no domain named {name}.</p>
      <p class="row">
        <button
          type="button"
          class="primary"
          onClick={() =>
            void act(async () => {
              await api.send('PUT', inDomain(name, ''), {})
              return `Here is the domain ${name}.`
            })
          }
        >
          Make it
        </button>
        <button type="button" onClick={() => go({ domain: 'root', at: undefined, job: undefined })}>
          Go to root
        </button>
      </p>
    </main>
  )
}
