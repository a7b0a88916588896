import { DAY, HOUR, MINUTE, SECOND } from '../model/time.ts'
import { niceStep } from './steps.ts'

/** A stretch of time in microseconds since 1970: a job from start to end, or a key in one state. */
interface AxisSpan {
  readonly from: number
  /** undefined: it has no known end. */
  readonly to: number | undefined
}

/** What one row of an axis shows: a job, or the life of a key. Spans are in order of time. */
export interface AxisRow {
  readonly id: string
  readonly spans: readonly AxisSpan[]
}

/** The stretch of time that an axis shows; `from` is less than `to`. */
export interface TimeWindow {
  readonly from: number
  readonly to: number
}

export interface FittedWindow extends TimeWindow {
  /** What the window is fitted to. `past` and `future`: nothing happens now, so that now may be outside. */
  readonly fitsTo: 'now' | 'past' | 'future' | 'nothing'
}

/** Lengths of windows that a user can choose instead of the fitted one. */
export const ZOOMS = { '10 m': 10 * MINUTE, '1 h': HOUR, '1 d': DAY } as const
export type Zoom = 'fit' | keyof typeof ZOOMS | 'all'

/** The window is at most this many times as long as the shortest span that it is fitted to, 14 times with the margins. */
const MAX_TIMES_SHORTEST = 12
/** Shorter spans do not narrow the window further. */
const MIN_LENGTH = 5 * SECOND
/** The window is at least this many times as long as that span, so that a single span does not fill the axis. */
const MIN_TIMES_SHORTEST = 4
const MARGIN = 0.05
/** The part of the margins that lies before what is fitted: what comes next needs more room. */
const MARGIN_BEFORE = 1 / 3
/** Of a window without spans. */
const EMPTY_LENGTH = 10 * MINUTE

/** The window that shows what matters now: open and just finished spans, or else those nearest to now. */
export function fitWindow(rows: readonly AxisRow[], now: number): FittedWindow {
  const spans = rows.flatMap((row) => row.spans)
  const candidates = spans.map((span) => candidateOf(span, now)).sort((a, b) => a.reach - b.reach)
  const current = candidates.filter(
    ({ isEndless, reach, length }) => !isEndless && reach <= length * MAX_TIMES_SHORTEST,
  )
  if (current.length > 0) return { ...growWindow(current, { from: now, to: now }), fitsTo: 'now' }

  const endless = candidates.filter(({ isEndless, span }) => isEndless && span.from <= now)
  if (endless.length > 0) {
    const near = candidates.filter(({ isEndless, span, reach }) => (isEndless ? span.from <= now : reach <= HOUR))
    return { ...growWindow(near, { from: now, to: now }), fitsTo: 'now' }
  }

  const [nearest] = candidates
  if (nearest === undefined) return { ...withMargins({ from: now, to: now }, EMPTY_LENGTH), fitsTo: 'nothing' }
  const fitsTo = nearest.span.from > now ? 'future' : 'past'
  const sameSide = candidates.filter(({ span }) => span.from > now === nearest.span.from > now)
  return { ...growWindow(sameSide, nearest.hull), fitsTo }
}

interface Candidate {
  readonly span: AxisSpan
  readonly isEndless: boolean
  /** The span as far as it is known: an endless one up to now, or its start. */
  readonly hull: TimeWindow
  readonly length: number
  /** The length of the least window that holds both the span and now. */
  readonly reach: number
}

function candidateOf(span: AxisSpan, now: number): Candidate {
  const hull = { from: span.from, to: Math.max(span.from, span.to ?? now) }
  const both = union(hull, { from: now, to: now })
  return {
    span,
    isEndless: span.to === undefined,
    hull,
    length: Math.max(hull.to - hull.from, MIN_LENGTH),
    reach: both.to - both.from,
  }
}

/** Extends a window by one candidate after the other, but not by one that would make the shortest too narrow. */
function growWindow(candidates: readonly Candidate[], start: TimeWindow): TimeWindow {
  let hull = start
  let shortest = Infinity
  for (const candidate of candidates) {
    const next = union(hull, candidate.hull)
    const least = Math.min(shortest, candidate.length)
    // The first is always taken: it alone decides what the window is about.
    if (shortest !== Infinity && next.to - next.from > least * MAX_TIMES_SHORTEST) continue
    hull = next
    shortest = least
  }
  return withMargins(hull, shortest * MIN_TIMES_SHORTEST)
}

/** Adds margins, makes the window at least `minLength` long, and rounds outwards, so that it moves in steps as the clock runs. */
function withMargins({ from, to }: TimeWindow, minLength: number): TimeWindow {
  const length = Math.max((to - from) * (1 + MARGIN), minLength)
  const extra = length - (to - from)
  const step = niceStep(length / 40)
  const start = Math.floor((from - extra * MARGIN_BEFORE) / step) * step
  return { from: start, to: Math.max(start + step, Math.ceil((to + extra * (1 - MARGIN_BEFORE)) / step) * step) }
}

/** The window of a fixed length that has an instant in its later half. */
function zoomWindow(length: number, at: number): TimeWindow {
  const step = niceStep(length / 40)
  const from = Math.floor((at - length * 0.6) / step) * step
  return { from, to: from + length }
}

/** The window that shows everything: all rows, now, and whatever else is known to exist. */
function wholeWindow(rows: readonly AxisRow[], now: number, known?: TimeWindow): TimeWindow {
  let hull: TimeWindow = { from: now, to: now }
  if (known !== undefined) hull = union(hull, known)
  for (const { spans } of rows) for (const { from, to } of spans) hull = union(hull, { from, to: to ?? from })
  return withMargins(hull, MIN_LENGTH * MIN_TIMES_SHORTEST)
}

/** The window of a zoom. */
export function windowOf(zoom: Zoom, rows: readonly AxisRow[], now: number, known?: TimeWindow): FittedWindow {
  if (zoom === 'fit') return fitWindow(rows, now)
  const window = zoom === 'all' ? wholeWindow(rows, now, known) : zoomWindow(ZOOMS[zoom], now)
  return { ...window, fitsTo: 'now' }
}

/** Moves a window as little as needed to contain an instant; its length stays. */
export function slideTo(window: TimeWindow, at: number): TimeWindow {
  const { from, to } = window
  if (at >= from && at <= to) return window
  const by = at < from ? at - from : at - to
  return { from: from + by, to: to + by }
}

/** How far one key press moves on an axis: a round hundredth, roughly, of the window. */
export function stepOf({ from, to }: TimeWindow): number {
  return niceStep((to - from) / 150)
}

function union(a: TimeWindow, b: TimeWindow): TimeWindow {
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }
}
