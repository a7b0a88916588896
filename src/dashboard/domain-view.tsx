import { useEffect, useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import { axisJobsOf, type AxisJobs } from './axis-jobs.ts'
import type { ClockAnswer, JobListAnswer } from '../client/answers.ts'
import { ClockBar } from './clock-bar.tsx'
import { Faults } from './faults.tsx'
import { formatInstant, isRunning } from './instants.ts'
import { FIRST_PAGE, queryOf, type JobsQuery } from './jobs-query.ts'
import { JobsView } from './jobs-view.tsx'
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

/** Limits of the time axis: more bars could not be distinguished. */
const MAX_NEWEST = 60
const MAX_OPEN = 40

const NONE: JobListAnswer = { total: 0, jobs: [] }

/** One domain: its clock, its time axis, and a tab for each kind of content. */
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
  useTitle(domain, axis)

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
        <StandingClock clock={clock.data.clock} />
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
      query.status === '' ? jobs({ status: 'in_progress' }, MAX_OPEN) : NONE,
    ])
    return axisJobsOf(newest, open)
  }
  return useResource(queryOf({ ...query, sort: '', skip: 0 }), load, version).data
}

/** The title of the tab: how many jobs run. */
function useTitle(domain: string, axis: AxisJobs | undefined): void {
  useEffect(() => {
    const counts = axis === undefined ? '' : `${axis.running} running of ${axis.total} · `
    document.title = `${counts}${domain} · cckm-emulator`
  }, [domain, axis?.running, axis?.total])
}

/** A notice that changes are planned but the clock does not run. */
function StandingClock({ clock }: { clock: ClockAnswer }) {
  const { mode, nextTransitionAt } = clock
  if (isRunning(clock) || nextTransitionAt === null) return null
  return (
    <p class="banner" role="note">
      {mode === 'frozen'
        ? 'The clock is frozen: nothing changes until you move it.'
        : 'The clock only moves when a client polls a running job, or when you move it.'}
    </p>
  )
}

function Tabs() {
  const { place, go } = useWorld()
  return (
    <nav class="tabs" aria-label="Views">
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
              return `Created the domain ${name}.`
            })
          }
        >
          Create domain
        </button>
        <button type="button" onClick={() => go({ domain: 'root', at: undefined, job: undefined })}>
          Go to root
        </button>
      </p>
    </main>
  )
}
