import { useEffect, useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import { axisJobsOf, type AxisJobs } from './axis-jobs.ts'
import type { ClockAnswer } from '../client/answers/domains.ts'
import type { JobListAnswer } from '../client/answers/jobs.ts'
import type { ResourceTimelineAnswer } from '../client/answers/resources.ts'
import { ClockBar } from './clock-bar.tsx'
import { Faults } from './faults.tsx'
import { formatInstant, isRunning } from './instants.ts'
import { FIRST_PAGE, queryOf, type JobsQuery } from './jobs-query.ts'
import { JobsView } from './jobs-view.tsx'
import { keyRowOf } from './key-timeline.ts'
import { KeysView } from './keys-view.tsx'
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
  keys: 'Keys',
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
  const key = useTimeline()
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
        <Scrubber read={clock.data} axis={axis} keyRow={key.data && keyRowOf(key.data)} />
      </section>
      <Tabs />
      {place.tab === 'jobs' && (
        <JobsView list={jobs.data} error={jobs.error} query={query} onQuery={setQuery} read={clock.data} />
      )}
      {place.tab === 'keys' && <KeysView timeline={key.data} problem={key.error?.message} read={clock.data} />}
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

/** The states over time of the key that is open. */
function useTimeline() {
  const { api, place, version } = useWorld()
  const { domain, key, tab } = place
  const path =
    key === undefined || tab !== 'keys' ? undefined : inDomain(domain, `/resources/${encodeURIComponent(key)}/timeline`)
  const load = async (signal: AbortSignal) =>
    path === undefined ? undefined : { path, answer: await api.get<ResourceTimelineAnswer>(path, signal) }
  const { data, error } = useResource(path ?? '', load, version)
  // Of the key that was open before, nothing is shown.
  return { data: data?.path === path ? data?.answer : undefined, error: path === undefined ? undefined : error }
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
        <button
          type="button"
          onClick={() => go({ domain: 'root', at: undefined, job: undefined, key: undefined, request: undefined })}
        >
          Go to root
        </button>
      </p>
    </main>
  )
}
