import { formatDuration } from '../model/duration.ts'
import { MILLISECOND, toMicros, type Micros } from '../model/time.ts'
import { html, pretty, type Html } from './html.ts'
import { outcomeOf } from './timeline.ts'
import type { Trace, TraceRequest } from './trace.ts'

const COLUMNS = ['#', 'At', 'Passed', 'Really', 'Request', 'Answer', 'Took', 'Fault']

/** Every request with its response, oldest first. */
export function requestsPart({ requests }: Trace): Html {
  if (requests.length === 0) return html`<p>No requests.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of requests">
    <table>
      <caption>
        Oldest first.
        <i>At</i>
        is the time of the domain,
        <i>Passed</i>
        how far its clock advanced since the previous request,
        <i>Really</i>
        how much real time passed.
      </caption>
      <thead>
        <tr>
          ${COLUMNS.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${requests.map((request, index) => row(request, { index, before: requests[index - 1] }))}
      </tbody>
    </table>
  </div>`
}

function row(request: TraceRequest, { index, before }: { index: number; before: TraceRequest | undefined }): Html {
  const { shown, at, elapsedAt, fault } = request
  const what = fault === undefined ? undefined : html`<code>${JSON.stringify(fault.do)}</code>`
  return html`<tr class="${outcomeOf(request)}">
    <td>${index + 1}</td>
    <td class="whole">${shown.at}</td>
    <td class="whole">${before === undefined ? '' : gap(toMicros(at - before.at))}</td>
    <td class="whole">${before === undefined ? '' : gap(toMicros(elapsedAt - before.elapsedAt))}</td>
    <td>
      <b>${shown.operation}</b><br /><code>${shown.method} ${shown.path}</code>
      <details>
        <summary>in full</summary>
        ${details(request)}
      </details>
    </td>
    <td class="answer">${shown.status ?? 'none'}</td>
    <td class="whole">${shown.durationMs === null ? 'in progress' : `${shown.durationMs} ms`}</td>
    <td>${what}</td>
  </tr>`
}

function details({ shown, answer, fault }: TraceRequest): Html[] {
  const { query, headers, headersOmitted, body, bodyOmitted } = shown
  const parts: readonly (readonly [string, unknown])[] = [
    ['Query', Object.keys(query).length === 0 ? undefined : query],
    ['Headers', headers],
    ['Headers omitted', headersOmitted],
    ['Body', bodyOmitted ?? body ?? undefined],
    ['Answer', answer],
    ['Fault', fault],
  ]
  return parts.map(([title, value]) =>
    value === undefined
      ? html``
      : html`<h3 class="part">${title}</h3>
          <pre tabindex="0">${pretty(value)}</pre>`,
  )
}

/** '' for zero. Less than a millisecond is noise. */
function gap(micros: Micros): string {
  if (micros === 0) return ''
  const length = Math.abs(micros)
  if (length < MILLISECOND) return '<1ms'
  const whole = Math.round(length / MILLISECOND) * MILLISECOND
  return `${micros < 0 ? '-' : '+'}${formatDuration(toMicros(whole))}`
}
