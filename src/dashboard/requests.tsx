import { useState } from 'preact/hooks'
import { inDomain } from './api.ts'
import type { FaultAnswer, RequestAnswer, RequestListAnswer } from '../client/answers.ts'
import { instantOf, shownInstant } from './instants.ts'
import { faultText } from './presets.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

const SHOWN = 100

/** What clients asked of the vendor's API, the newest first, with the faults that hit. */
export function Requests() {
  const { api, place, version, act } = useWorld()
  const { domain } = place
  const [operation, setOperation] = useState('')
  const filter = operation === '' ? '' : `&operation=${encodeURIComponent(operation)}`
  const load = (signal: AbortSignal) =>
    api.get<RequestListAnswer>(inDomain(domain, `/requests?limit=${SHOWN}${filter}`), signal)
  const { data } = useResource(domain + filter, load, version)
  const faults = useResource(
    domain,
    (signal) => api.get<{ faults: FaultAnswer[] }>(inDomain(domain, '/faults'), signal),
    version,
  )
  const empty = (): void =>
    void act(async () => {
      await api.send('DELETE', inDomain(domain, '/requests'))
      return 'The journal is empty.'
    })
  return (
    <section class="card" aria-label="Requests">
      <div class="row spread">
        <label>
          Operation{' '}
          <input
            type="search"
            placeholder="azure.* or *.create"
            value={operation}
            onChange={({ currentTarget }) => setOperation(currentTarget.value.trim())}
          />
        </label>
        <p class="quiet">
          {data === undefined
            ? ''
            : `The newest ${data.requests.length} of ${data.total}, as clients of the API sent them.`}
        </p>
        <button type="button" onClick={empty}>
          Empty the journal
        </button>
      </div>
      {data?.requests.length === 0 && <p>Nobody asked anything yet. Point a client at this address, or try /docs.</p>}
      {data !== undefined && data.requests.length > 0 && (
        <table>
          <caption class="hidden">Requests, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">Request</th>
              <th scope="col">Status</th>
              <th scope="col">Took</th>
              <th scope="col">Fault</th>
            </tr>
          </thead>
          <tbody>
            {data.requests.toReversed().map((request, index) => (
              <Row key={data.total - index} request={request} faults={faults.data?.faults ?? []} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Row({ request, faults }: { request: RequestAnswer; faults: readonly FaultAnswer[] }) {
  const { at, method, path, status, durationMs, operation, fault: faultId, query, headers, body } = request
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
        </details>
      </td>
      <td class={status !== null && status < 400 ? undefined : 'problem'}>{statusText(request)}</td>
      <td>{durationMs === null ? '…' : `${Math.round(durationMs)} ms`}</td>
      <td>{faultId === undefined ? '' : `✕ ${fault === undefined ? 'a fault, gone by now' : faultText(fault)}`}</td>
    </tr>
  )
}

function statusText({ status, durationMs }: RequestAnswer): string {
  if (status !== null) return String(status)
  return durationMs === null ? 'under way' : 'no answer'
}
