import type { ClockAnswer, SpanAnswer } from '../client/answers.ts'
import { DAY, HOUR, instantOf, MINUTE, SECOND, type Instant } from './instants.ts'

/** The stretch of time that the scrubber shows. */
export interface Range {
  readonly from: Instant
  readonly to: Instant
  /** How far one key press goes. */
  readonly step: number
}

const LEAST = MINUTE
const STEPS = [SECOND / 10, SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, HOUR, DAY]
/** Roughly so many key presses lead from one end to the other. */
const PRESSES = 120

/** From the first job to the last known change, or to now, with a little to spare: past the end nothing changes any more. */
export function rangeOf(span: SpanAnswer | null | undefined, now: Instant): Range {
  const from = Math.min(span ? instantOf(span.from) : now, now)
  const last = Math.max(span?.to ? instantOf(span.to) : now, now)
  const length = Math.max(LEAST, (last - from) * 1.05)
  const step = STEPS.find((each) => each >= length / PRESSES) ?? DAY
  return { from, to: from + Math.ceil(length / step) * step, step }
}

/** The range that still holds the instant looked at. */
export function widened({ from, to, step }: Range, at: Instant | undefined): Range {
  return at === undefined ? { from, to, step } : { from: Math.min(from, at), to: Math.max(to, at), step }
}

/** The domain's instant, read `elapsedMs` of real time ago; a clock that steps or is frozen stands. */
export function nowOf(clock: ClockAnswer, elapsedMs: number): Instant {
  const read = instantOf(clock.now)
  return clock.mode === 'running' ? read + Math.round(elapsedMs * 1000 * clock.rate) : read
}

const TICKS = [...STEPS, 2 * HOUR, 6 * HOUR, 12 * HOUR, 2 * DAY, 7 * DAY, 30 * DAY, 365 * DAY].sort((a, b) => a - b)

/** Round instants between two others, at most so many. */
export function ticksOf(from: Instant, to: Instant, most: number): Instant[] {
  const distance = TICKS.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most)
  const first = Math.ceil(from / distance) * distance
  const count = Math.max(0, Math.floor((to - first) / distance) + 1)
  return Array.from({ length: count }, (_each, index) => first + index * distance)
}
