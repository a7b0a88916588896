import type { JobHistory } from '../domain/history.ts'
import { formatInstant } from '../wire/timestamps.ts'
import { html, type Html } from './html.ts'
import { overview } from './overview.ts'
import { timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/** Changes of one job that its table shows at most. */
const MAX_CHANGES = 200

/** The time axis, and each job with its timeline and what it waits for. */
export function jobsPart(trace: Trace): Html {
  const { jobs, jobsLeftOut } = trace
  const left = jobsLeftOut === 0 ? undefined : html`<p>${jobsLeftOut} more jobs without requests are not shown.</p>`
  if (jobs.length === 0)
    return html`<p>No jobs.</p>
      ${left}`
  return html`${overview(trace)}
    <p class="legend">
      Each job from its start to its end, in the time of the domain (UTC). A triangle is a request, a large dot a change
      of the job, a small one a change of an item, a bar an event; the line is now.
    </p>
    ${jobs.map(
      (job) =>
        html`<article>
          <h3>
            <code>${job.id}</code>
            <span class="status ${job.isFinal ? 'final' : 'open'}">${job.status}</span
            >${job.isDeleted ? html` <span class="status">deleted</span>` : undefined}
          </h3>
          <p>${job.family} ${job.operation}. ${capital(job.explanation.text)}.</p>
          ${timeline(job, trace)} ${changes(job, trace)}
          <details>
            <summary>The job's response</summary>
            <pre tabindex="0">${job.text}</pre>
          </details>
        </article>`,
    )}
    ${left}`
}

function changes({ transitions, events }: JobHistory, { now }: Trace): Html {
  const rows = [
    ...events.map((event) => ({
      at: event.at,
      who: 'event',
      what: 'name' in event ? `${event.kind} ${event.name}` : event.kind,
    })),
    ...transitions.slice(0, MAX_CHANGES).map(({ item, to, at }) => ({ at, who: item ?? 'the job', what: to })),
  ].sort((a, b) => a.at - b.at)
  if (rows.length === 0) return html``
  const left = transitions.length - MAX_CHANGES
  return html`<details>
    <summary>Changes and events (${transitions.length + events.length})</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">At</th>
          <th scope="col">Of</th>
          <th scope="col">What</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ at, who, what }) =>
            html`<tr>
              <td>${formatInstant(at)}</td>
              <td>${who}</td>
              <td>${what}</td>
              <td>${at <= now ? 'happened' : 'planned'}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${left > 0 ? html`<p>and ${left} more</p>` : undefined}
  </details>`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
