import { toInstant, type Instant } from '../model/time.ts'
import type { JobHistory } from '../domain/history.ts'
import { formatInstant } from '../wire/timestamps.ts'
import { offsetText, placeOn, ticksOf, type Axis } from './axis.ts'
import { html, type Html } from './html.ts'
import type { Trace, TraceRequest } from './trace.ts'

const WIDTH = 1000
const LANE = 46

/** What a request came to, as a class: its colour in the drawing and in the table. */
export function outcomeOf({ shown: { status } }: TraceRequest): 'good' | 'bad' | 'none' {
  if (status === null) return 'none'
  return status < 400 ? 'good' : 'bad'
}

/** The ruler above the timelines. */
export function ruler(axis: Axis): Html {
  const ticks = ticksOf(axis).map((offset) => {
    const x = placeOn(axis, toInstant(axis.from + offset)) * WIDTH
    const anchor = x > WIDTH - 60 ? 'end' : x < 20 ? 'start' : 'middle'
    return html`<line x1="${x}" x2="${x}" y1="16" y2="22" /><text x="${x}" y="11" text-anchor="${anchor}"
        >${offsetText(offset)}</text
      >`
  })
  return html`<svg class="ruler" viewBox="0 0 ${WIDTH} 22" aria-hidden="true">${ticks}</svg>`
}

/** A job over the time of the trace: its life, its changes, and above them the requests that were about it. */
export function timeline(job: JobHistory, { axis, trace }: { axis: Axis; trace: Trace }): Html {
  const at = (instant: Instant): number => placeOn(axis, instant) * WIDTH
  const begin = at(job.existsFrom)
  const end = job.transitions.find(({ item }) => item === undefined)?.at
  const { now } = trace
  const over = job.isFinal ? toInstant(Math.min(end ?? job.existsFrom, now)) : now
  const requests = trace.requests.filter(({ shown }) => shown.job === job.id)
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${LANE}" role="img" aria-label="${spoken(job, requests)}">
    <line class="now" x1="${at(now)}" x2="${at(now)}" y1="0" y2="${LANE}" />
    <rect class="past" x="${begin}" y="22" width="${Math.max(2, at(over) - begin)}" height="12" rx="2" />
    ${
      over < now || job.isFinal
        ? undefined
        : html`<rect
            class="future"
            x="${at(now)}"
            y="22"
            width="${Math.max(0, at(end ?? axis.to) - at(now))}"
            height="12"
            rx="2"
          />`
    }
    ${requests.map((request) => html`<path class="${outcomeOf(request)}" d="M${at(request.at)} 20l-4 -9h8z"><title>${sentence(request)}</title></path>`)}
    ${job.events.map((event) => html`<rect class="event" x="${at(event.at) - 2}" y="19" width="4" height="18"><title>${`${event.kind} at ${formatInstant(event.at)}`}</title></rect>`)}
    ${job.transitions.map(({ item, to, at: when }) => html`<circle class="${when <= now ? 'done' : 'due'}" cx="${at(when)}" cy="${item === undefined ? 28 : 41}" r="${item === undefined ? 6 : 3.5}"><title>${`${item ?? 'the job'}: ${to} at ${formatInstant(when)}`}</title></circle>`)}
  </svg>`
}

function spoken({ id, status, transitions }: JobHistory, requests: readonly TraceRequest[]): string {
  return `Timeline of job ${id}: ${status}, ${requests.length} requests, ${transitions.length} changes`
}

function sentence({ shown }: TraceRequest): string {
  return `${shown.operation} ${shown.status === null ? 'without an answer' : `answered ${shown.status}`} at ${shown.at}`
}
