import { formatDuration } from '../model/duration.ts'
import { MILLISECOND, SECOND, toInstant, toMicros, type Instant, type Micros } from '../model/time.ts'
import type { Trace } from './trace.ts'

/** The stretch of domain time that all timelines of a trace share. */
export interface Axis {
  readonly from: Instant
  readonly to: Instant
}

/** How much of what is still to come is drawn, in terms of what has passed. */
const FUTURE_SHARE = 3

/** From when the first job was there, or the first request, to the last that happened, and some of what is to come. */
export function axisOf({ jobs, requests, now }: Pick<Trace, 'jobs' | 'requests' | 'now'>): Axis {
  const begun = [...jobs.map(({ existsFrom }) => existsFrom), ...requests.map(({ at }) => at), now]
  const from = toInstant(begun.reduce<number>((least, at) => Math.min(least, at), now))
  const passed = now - from
  const horizon = passed === 0 ? Infinity : now + FUTURE_SHARE * passed
  const later = jobs.flatMap(({ transitions }) => transitions.map(({ at }) => Math.min(at, horizon)))
  return { from, to: toInstant([...begun, ...later].reduce((most, at) => Math.max(most, at))) }
}

/** Where an instant stands, from 0 to 1; what is outside stands at the edge. */
export function placeOn({ from, to }: Axis, at: Instant): number {
  if (to === from) return 0
  return Math.min(1, Math.max(0, (at - from) / (to - from)))
}

/** The least of 1, 2, 5, 10, ... that makes at most six steps, in microseconds. */
export function ticksOf({ from, to }: Axis): readonly Micros[] {
  const length = to - from
  if (length === 0) return [toMicros(0)]
  const step = STEPS.find((each) => length / each <= 6) ?? length
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => toMicros(index * step))
}

const SMALL = [1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap((each) => [each, each * MILLISECOND])
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400]
const DAYS = [2, 5, 10, 30, 90, 365, 3650].map((days) => days * 86_400)
const STEPS = [...SMALL.sort((a, b) => a - b), ...[...SECONDS, ...DAYS].map((seconds) => seconds * SECOND)]

/** A length of time as people read it: `+1m30s`. */
export function offsetText(micros: Micros): string {
  return `+${formatDuration(toMicros(micros < SECOND ? micros : Math.round(micros / MILLISECOND) * MILLISECOND))}`
}
