import { inDomain } from './api.ts'
import type { AdvanceAnswer, ExplanationAnswer, JobAnswer, JobHistoryAnswer } from '../client/answers/jobs.ts'
import type { ResourceMatchesAnswer } from '../client/answers/resources.ts'
import { formatInstant, instantOf, shownInstant, type Instant } from './instants.ts'
import { CopyButton } from './copy-button.tsx'
import { JobChart } from './job-chart.tsx'
import { JobRequests } from './job-requests.tsx'
import { PlaceLink } from './place-link.tsx'
import { CancelButton } from './job-table.tsx'
import { Status } from './timeline-bar.tsx'
import { whyOf } from './why.ts'
import { useNow, type ReadClock } from './use-now.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

/** One job: its state and the reason for it, its results over time, and commands. */
export function JobPanel({ id, read }: { id: string; read: ReadClock }) {
  const { api, place, go, version } = useWorld()
  const { domain, at } = place
  const now = useNow(read)
  const viewed = at ?? now
  const base = inDomain(domain, `/jobs/${encodeURIComponent(id)}`)
  const search = new URLSearchParams({
    timeline: 'true',
    ...(at !== undefined && { at: formatInstant(at) }),
  }).toString()
  const load = (signal: AbortSignal) => api.get<JobHistoryAnswer>(`${base}?${search}`, signal)
  const { data, error } = useResource(`${base}?${search}`, load, version)
  return (
    <aside class="card panel" aria-label={`Job ${id}`}>
      <header class="row spread">
        <h2 class="mono">
          {id}{' '}
          <CopyButton text={id} label="Copy the id">
            Copy
          </CopyButton>
        </h2>
        <button type="button" class="plain" aria-label="Close the job" onClick={() => go({ job: undefined })}>
          ✕
        </button>
      </header>
      {error !== undefined && (
        <p class="problem" role="alert">
          {error.message}
        </p>
      )}
      {data !== undefined && error === undefined && <Details base={base} job={data} viewed={viewed} now={now} />}
    </aside>
  )
}

interface DetailsProps {
  readonly base: string
  readonly job: JobHistoryAnswer
  readonly viewed: Instant
  readonly now: Instant
}

function Details({ base, job, viewed, now }: DetailsProps) {
  return (
    <>
      <p class="row">
        <Status job={job} />{' '}
        <span class="quiet">
          {job.family}, scenario {job.scenario ?? 'none: captured'}
        </span>
      </p>
      <Commands base={base} job={job} />
      {job.timeline !== undefined && <JobChart timeline={job.timeline} events={job.events} viewed={viewed} />}
      <Why base={base} now={now} />
      <JobRequests id={job.id} />
      <Events events={job.events} />
      <Items details={job.job.detailed_status ?? {}} />
      <details>
        <summary>The response that clients get</summary>
        <pre tabIndex={0}>{JSON.stringify(job.job, null, 2)}</pre>
      </details>
      <details>
        <summary>Plan</summary>
        <pre tabIndex={0}>{JSON.stringify(job.plan, null, 2)}</pre>
      </details>
    </>
  )
}

function Commands({ base, job }: { base: string; job: JobHistoryAnswer }) {
  const { api, place, act } = useWorld()
  const isOff = place.at !== undefined || job.job.overall_status !== 'in_progress'
  const signal = (name: string): Promise<boolean> =>
    act(async () => {
      const { job: after } = await api.send<JobAnswer>('POST', `${base}/signal`, { name })
      return `Signalled ${name}: the job is ${after.overall_status}.`
    })
  const finish = (): Promise<boolean> =>
    act(async () => {
      const path = inDomain(place.domain, '/clock/advance')
      const { now } = await api.send<AdvanceAnswer>('POST', path, { untilJob: job.id })
      return `The clock is at ${shownInstant(instantOf(now))}: the job is over.`
    })
  return (
    <p class="row">
      <CancelButton job={job} />
      {signalsOf(job.plan).map((name) => (
        <button type="button" key={name} disabled={isOff} onClick={() => void signal(name)}>
          Signal {name}
        </button>
      ))}
      <button type="button" disabled={isOff || job.timeline?.endsAt === null} onClick={() => void finish()}>
        Move the clock to its end
      </button>
      {place.at !== undefined && <span class="quiet">Commands act on the present: go back to now first.</span>}
    </p>
  )
}

/** The signals that a plan waits for. */
function signalsOf({ endings }: JobHistoryAnswer['plan']): string[] {
  const known = Array.isArray(endings) ? (endings as { trigger: { kind: string; name?: string } }[]) : []
  return known.flatMap(({ trigger }) => (trigger.name === undefined ? [] : [trigger.name]))
}

/** Why the job has its state: always of the present, whatever instant is viewed. */
function Why({ base, now }: { base: string; now: Instant }) {
  const { api, place, version } = useWorld()
  const load = (signal: AbortSignal) => api.get<ExplanationAnswer>(`${base}/explain`, signal)
  const { data } = useResource(base, load, version)
  if (data === undefined) return null
  return (
    <section>
      <h3>Why this state{place.at === undefined ? '' : ' now'}?</h3>
      <ul>
        {whyOf(data, now).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  )
}

function Events({ events }: Pick<JobHistoryAnswer, 'events'>) {
  if (events.length === 0) return null
  return (
    <section>
      <h3>Events</h3>
      <ul>
        {events.map(({ kind, at, name }, index) => (
          <li key={index}>
            {kind} {name} <span class="quiet">{shownInstant(instantOf(at), { tenths: true })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const MAX_ITEMS = 200

/** The results of the items. Those that the inventory has are links to their resources. */
function Items({ details }: { details: Readonly<Record<string, unknown>> }) {
  const items = Object.entries(details)
  const known = useMatches(items.slice(0, MAX_ITEMS).map(([id]) => id))
  if (items.length === 0) return <p class="quiet">No item has a result yet.</p>
  return (
    <details open={items.length <= 20}>
      <summary>
        {items.length} {items.length === 1 ? 'item has a result' : 'items have a result'}
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {items.slice(0, MAX_ITEMS).map(([id, status]) => (
            <tr key={id}>
              <th scope="row" class="mono">
                {known.has(id) ? <PlaceLink to={{ tab: 'keys', key: known.get(id) }}>{id}</PlaceLink> : id}
              </th>
              <td>{typeof status === 'string' ? status : JSON.stringify(status)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > MAX_ITEMS && (
        <p class="quiet">
          The first {MAX_ITEMS} of {items.length}; all are in the document.
        </p>
      )}
    </details>
  )
}

/** The ids of the resources that items name, by item. */
function useMatches(names: readonly string[]): ReadonlyMap<string, string> {
  const { api, place } = useWorld()
  const path = inDomain(place.domain, '/resources/match')
  const load = async () => {
    if (names.length === 0) return NO_MATCHES
    const { resources } = await api.send<ResourceMatchesAnswer>('POST', path, { names })
    return new Map(resources.map(({ name, id }) => [name, id]))
  }
  return useResource(`${place.domain} ${names.join(' ')}`, load, 0).data ?? NO_MATCHES
}

const NO_MATCHES: ReadonlyMap<string, string> = new Map()
