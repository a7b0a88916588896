import { inDomain } from './api.ts'
import type { RequestListAnswer } from '../client/answers/requests.ts'
import { instantOf, shownInstant } from './instants.ts'
import { pollText, statusText } from './request-text.ts'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

const MAX_LOADED = 50
const MAX_SHOWN = 8

/** The requests about a job: whether a client polls it, and what it got. */
export function JobRequests({ id }: { id: string }) {
  const { api, place, version, go } = useWorld()
  const path = inDomain(place.domain, `/requests?job=${encodeURIComponent(id)}&limit=${MAX_LOADED}&jobStatus=true`)
  const { data } = useResource(path, (signal) => api.get<RequestListAnswer>(path, signal), version)
  if (data === undefined) return null
  const { requests, total } = data
  return (
    <section>
      <h3>Requests about this job</h3>
      <p>{pollText(requests, Date.now() * 1000)}</p>
      {total > 0 && (
        <>
          <ul class="plain-list mono">
            {requests
              .slice(-MAX_SHOWN)
              .toReversed()
              .map((request, index) => (
                <li key={total - index}>
                  {shownInstant(instantOf(request.at), { tenths: true }).slice(11)} {request.method}{' '}
                  {request.operation.split('.').at(-1)} → {statusText(request)} {request.jobStatus}
                </li>
              ))}
          </ul>
          <button type="button" onClick={() => go({ tab: 'requests', job: id })}>
            Show {total === 1 ? 'it' : `all ${total}`} under Requests
          </button>
        </>
      )}
    </section>
  )
}
