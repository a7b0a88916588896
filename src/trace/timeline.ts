import { isIn, placeOn } from '../axis/layout.ts'
import type { TimeWindow } from '../axis/window.ts'
import { SECOND } from '../model/time.ts'
import type { JobHistory } from '../domain/history.ts'
import { formatInstant } from '../wire/timestamps.ts'
import { html, type Html } from './html.ts'
import { endOf, lineAt, percent, ruler } from './life.ts'
import type { Trace, TraceRequest } from './trace.ts'

/** The height of a timeline in pixels. */
const HEIGHT = 46
/** Requests after the end of a job are drawn up to so many times its length from its start. */
const MAX_TIMES_LIFE = 12
/** Requests at one instant that are drawn side by side; more overlap. */
const MAX_BESIDE = 20
/** The room after what is drawn, as part of its length. */
const MARGIN = 0.08

/** The outcome of a request, as a class: its colour in the drawing and in the table. */
export function outcomeOf({ shown: { status } }: TraceRequest): 'good' | 'bad' | 'none' {
  if (status === null) return 'none'
  return status < 400 ? 'good' : 'bad'
}

/** A job from its start to its end: its life, its changes, and above them the requests that were about it. */
export function timeline(job: JobHistory, { requests: all, now }: Trace): Html {
  const requests = all.filter(({ shown }) => shown.job === job.id)
  const window = windowOf(job, requests, now)
  const at = (instant: number): string => percent(placeOn(window, instant))
  const drawn = requests.filter((request) => isIn(window, request.at))
  const later = requests.filter((request) => request.at > window.to).length
  return html`<svg class="timeline" height="${HEIGHT}" role="img" aria-label="${spoken(job, requests)}">
      ${isIn(window, now) ? lineAt(window, now, 'now') : undefined} ${lifeBar(job, window, now)}
      ${drawn.map((request, index) => requestMark(request, at(request.at), sameBefore(drawn, index)))}
      ${job.events.filter((event) => isIn(window, event.at)).map((event) => html`<rect class="event" x="${at(event.at)}" y="19" width="3" height="18"><title>${`${event.kind} at ${formatInstant(event.at)}`}</title></rect>`)}
      ${job.transitions.map(({ item, to, at: when }) => html`<circle class="${when <= now ? 'done' : 'due'}" cx="${at(when)}" cy="${item === undefined ? 28 : 41}" r="${item === undefined ? 6 : 3.5}"><title>${`${item ?? 'the job'}: ${to} at ${formatInstant(when)}`}</title></circle>`)}
    </svg>
    ${ruler(window)}
    ${later === 0 ? undefined : html`<p class="legend">${later} more ${later === 1 ? 'request' : 'requests'} about it came later.</p>`}`
}

/** A triangle, beside those of earlier requests at the same instant: a clock may stand. */
function requestMark(request: TraceRequest, x: string, before: number): Html {
  const shift = Math.min(before, MAX_BESIDE) * 9
  return html`<svg x="${x}" overflow="visible">
    <path class="${outcomeOf(request)}" d="M${shift} 20l-4 -9h8z"><title>${sentence(request)}</title></path>
  </svg>`
}

/** How many requests just before this one came at the same instant. */
function sameBefore(requests: readonly TraceRequest[], index: number): number {
  const at = requests[index]?.at
  const first = requests.findIndex((request) => request.at === at)
  return index - first
}

/** From the start of a job to its end, or to now if nothing says when it ends, and on to the requests that soon follow. */
function windowOf(job: JobHistory, requests: readonly TraceRequest[], now: number): TimeWindow {
  const from = job.existsFrom
  const end = Math.max(from, endOf(job) ?? Math.max(now, ...job.transitions.map(({ at }) => at)))
  const limit = from + Math.max(SECOND, end - from) * MAX_TIMES_LIFE
  const soon = requests.map(({ at }) => at).filter((at) => at <= limit)
  const last = Math.max(end, ...soon)
  return { from, to: last + Math.max((last - from) * MARGIN, SECOND) }
}

/** What is over by now, and what is still to come. */
function lifeBar(job: JobHistory, window: TimeWindow, now: number): Html {
  const end = placeOn(window, endOf(job) ?? window.to)
  const past = Math.min(end, placeOn(window, now))
  const bar = (name: string, from: number, to: number): Html =>
    html`<rect class="${name}" x="${percent(from)}" y="22" width="${percent(to - from)}" height="12" rx="2" />`
  return html`${bar('past', 0, past)} ${past < end ? bar('future', past, end) : undefined}`
}

function spoken({ id, status, transitions }: JobHistory, requests: readonly TraceRequest[]): string {
  return `Timeline of job ${id}: ${status}, ${requests.length} requests, ${transitions.length} changes`
}

function sentence({ shown }: TraceRequest): string {
  return `${shown.operation} ${shown.status === null ? 'without an answer' : `answered ${shown.status}`} at ${shown.at}`
}
