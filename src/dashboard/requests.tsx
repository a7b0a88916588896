import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import type { FaultAnswer } from '../client/answers/domains.ts'
import type { RequestAnswer, RequestListAnswer } from '../client/answers/requests.ts'
import { CopyButton } from './copy-button.tsx'
import { instantOf, shownInstant } from './instants.ts'
import { JobLink } from './job-link.tsx'
import { faultText } from './presets.ts'
import { curlOf, statusText } from './request-text.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

const SHOWN = 100

/** Filters of the list, as the control API takes them. The job is part of the address. */
type Filter = Readonly<Record<'operation' | 'status', string>>

/** The requests of API clients, the newest first, with the faults that hit them. */
export function Requests() {
  const { api, place, go, version, act } = useWorld()
  const { domain, job, request } = place
  const [filter, setFilter] = useState<Filter>({ operation: '', status: '' })
  const given = Object.entries({ ...filter, job: job ?? '', id: request ?? '' }).filter(([, value]) => value !== '')
  const search = new URLSearchParams([...given, ['limit', String(SHOWN)], ['jobStatus', 'true']]).toString()
  const load = (signal: AbortSignal) => api.get<RequestListAnswer>(inDomain(domain, `/requests?${search}`), signal)
  const { data, error } = useResource(domain + search, load, version)
  const faults = useResource(
    domain,
    (signal) => api.get<{ faults: FaultAnswer[] }>(inDomain(domain, '/faults'), signal),
    version,
  )
  const clear = (): void =>
    void act(async () => {
      await api.send('DELETE', inDomain(domain, '/requests'))
      return 'The requests are cleared.'
    })
  const field = (name: keyof Filter, placeholder: string) => (
    <input
      type="search"
      size={14}
      placeholder={placeholder}
      value={filter[name]}
      onChange={({ currentTarget }) => setFilter({ ...filter, [name]: currentTarget.value.trim() })}
    />
  )
  return (
    <section class="card" aria-label="Requests">
      <div class="row spread">
        <label>Operation {field('operation', 'azure.* or *.create')}</label>
        <label>Status {field('status', '503')}</label>
        {job !== undefined && (
          <button type="button" onClick={() => go({ job: undefined })}>
            Job {job.slice(0, 8)} ✕
          </button>
        )}
        {request !== undefined && (
          <button type="button" onClick={() => go({ request: undefined })}>
            Request {request.slice(0, 8)} ✕
          </button>
        )}
        <p class="quiet">{data === undefined ? '' : `The newest ${data.requests.length} of ${data.total}.`}</p>
        <button type="button" onClick={clear}>
          Clear requests
        </button>
      </div>
      {error !== undefined && (
        <p class="problem" role="alert">
          {error.message}
        </p>
      )}
      {data?.requests.length === 0 && (
        <p>
          {request !== undefined
            ? 'The journal does not have this request: it was a call of the control API, or it is too old.'
            : given.length > 0
              ? 'No such requests.'
              : 'No requests yet. Point a client at this address, or try /docs.'}
        </p>
      )}
      {data !== undefined && data.requests.length > 0 && (
        <RequestTable list={data} faults={faults.data?.faults ?? []} />
      )}
    </section>
  )
}

function RequestTable({ list, faults }: { list: RequestListAnswer; faults: readonly FaultAnswer[] }) {
  return (
    <table>
      <caption class="hidden">Requests, the newest first</caption>
      <thead>
        <tr>
          {['At', 'Request', 'Status', 'Job', 'Took', 'Fault'].map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {list.requests.toReversed().map((request, index) => (
          <Row key={list.total - index} request={request} faults={faults} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ request, faults }: { request: RequestAnswer; faults: readonly FaultAnswer[] }) {
  const {
    at,
    method,
    path,
    status,
    durationMs,
    operation,
    fault: faultId,
    query,
    headers,
    body,
    job,
    jobStatus,
  } = request
  const fault = faults.find(({ id }) => id === faultId)
  return (
    <tr class={faultId === undefined ? undefined : 'hit'}>
      <td class="mono">{shownInstant(instantOf(at), { tenths: true }).slice(11)}</td>
      <td>
        <details>
          <summary class="mono">
            {method} {path}
          </summary>
          <pre tabIndex={0}>{JSON.stringify({ operation, query, headers, body }, null, 2)}</pre>
          <CopyButton text={curlOf(request, location.origin)}>Copy as curl</CopyButton>
        </details>
      </td>
      <td class={status !== null && status < 400 ? undefined : 'problem'}>
        {statusText(request)} {jobStatus !== undefined && <small>{jobStatus}</small>}
      </td>
      <td>{job !== undefined && <JobLink id={job} />}</td>
      <td>{durationMs === null ? '…' : `${Math.round(durationMs)} ms`}</td>
      <td>{faultId === undefined ? '' : `✕ ${fault === undefined ? 'a removed fault' : faultText(fault)}`}</td>
    </tr>
  )
}
