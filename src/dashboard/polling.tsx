import { inDomain } from './api.ts'
import type { PaceAnswer, PollingReportAnswer } from '../client/answers/requests.ts'
import { JobLink } from './job-link.tsx'
import { useResource } from './use-resource.ts'
import { useWorld } from './world.ts'

/** How well clients poll: findings first, then the numbers of each job. */
export function Polling() {
  const { api, place, version } = useWorld()
  const path = inDomain(place.domain, '/reports/polling')
  const { data } = useResource(path, (signal) => api.get<PollingReportAnswer>(path, signal), version)
  if (data === undefined) return null
  return (
    <section class="card" aria-label="Polling report">
      {data.jobs.length + data.lists.length + data.operations.length === 0 ? (
        <p>No job was polled yet. This report judges how clients poll: their intervals, back-off and retries.</p>
      ) : (
        <>
          <Findings findings={data.findings} />
          {data.jobs.length > 0 && (
            <div class="scroll" tabIndex={0} role="region" aria-label="Numbers of each job">
              <JobsPolled jobs={data.jobs} />
            </div>
          )}
          {data.lists.length > 0 && (
            <div class="scroll" tabIndex={0} role="region" aria-label="Numbers of each list">
              <ListsPolled lists={data.lists} />
            </div>
          )}
          <p class="quiet">Sign-ins: {data.signIns}</p>
        </>
      )}
    </section>
  )
}

function Findings({ findings }: Pick<PollingReportAnswer, 'findings'>) {
  if (findings.length === 0) return <p>✓ No findings.</p>
  return (
    <ul class="findings">
      {findings.map(({ rule, level, message }, index) => (
        <li key={index} class={level}>
          <strong>
            {level === 'error' ? '✕ Error' : 'ⓘ Hint'}: {rule}
          </strong>{' '}
          {message}
        </li>
      ))}
    </ul>
  )
}

function JobsPolled({ jobs }: Pick<PollingReportAnswer, 'jobs'>) {
  return (
    <table>
      <caption class="hidden">Jobs that were polled</caption>
      <thead>
        <tr>
          {['Job', 'GETs', ...PACE, 'After the end', 'Retry-After honoured'].map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {jobs.map(({ job, gets, pollsAfterEnd, retryAfter, ...pace }) => (
          <tr key={job}>
            <th scope="row">
              <JobLink id={job} />
            </th>
            <td>{gets}</td>
            <PaceCells {...pace} />
            <td>{pollsAfterEnd}</td>
            <td>{retryAfter.asked === 0 ? '–' : `${retryAfter.kept} of ${retryAfter.asked}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function ListsPolled({ lists }: Pick<PollingReportAnswer, 'lists'>) {
  return (
    <table>
      <caption class="hidden">Lists of jobs that were read</caption>
      <thead>
        <tr>
          {['List', 'GETs', ...PACE].map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lists.map(({ family, calls, ...pace }) => (
          <tr key={family}>
            <th scope="row">{family}</th>
            <td>{calls}</td>
            <PaceCells {...pace} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const PACE = ['Interval: min', 'median', 'max', 'Back-off']

function PaceCells({ intervals, backOff, capped, judged }: PaceAnswer) {
  return (
    <>
      <td>{intervals?.min ?? '–'}</td>
      <td>{intervals?.median ?? '–'}</td>
      <td>{intervals?.max ?? '–'}</td>
      <td>{judged.intervals ? backOffText({ backOff, capped }) : `not judged: ${judged.because ?? ''}`}</td>
    </>
  )
}

function backOffText({ backOff, capped }: Pick<PaceAnswer, 'backOff' | 'capped'>): string {
  if (capped) return 'yes, to a maximum'
  return backOff ? 'yes' : 'no'
}
