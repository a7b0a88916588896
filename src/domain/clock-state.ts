import { isRunning, rateOf, type ClockState } from '../model/domain.ts'
import { LAST_INSTANT, toInstant, toMicros, type Instant, type Micros } from '../model/time.ts'
import type { RealClock } from './real-clock.ts'

/** The instant that a clock shows. It stops at the end of the calendar. */
export function clockNow(state: ClockState, elapsed: Micros): Instant {
  return afterReal(state, toMicros(elapsed - state.elapsedStart))
}

/** The same clock, set to another instant now. */
export function clockAt(state: ClockState, base: Instant, real: RealClock): ClockState {
  return { ...state, base, realStart: real.calendar(), elapsedStart: real.elapsed() }
}

/**
 * The same clock with its present instant as base, so that a restart cannot show an earlier one. Its relation to the
 * calendar stays the same, unless the calendar is behind.
 */
export function rebaseClock(state: ClockState, real: RealClock): ClockState {
  const elapsed = real.elapsed()
  const base = clockNow(state, elapsed)
  const onSameLine = state.realStart + Math.floor((base - state.base) / rateOf(state))
  return { ...state, base, realStart: toInstant(Math.min(real.calendar(), onSameLine)), elapsedStart: elapsed }
}

/** The instant of a clock, with the time since its base measured by the calendar. */
export function clockByCalendar(state: ClockState, calendar: Instant): Instant {
  return afterReal(state, toMicros(calendar - state.realStart))
}

/**
 * The clock of a stored domain after a restart. A running one continues at the calendar's instant, but not before the
 * newest instant that the domain stored.
 */
export function resumeClock(state: ClockState, newest: Instant, real: RealClock): ClockState {
  const byCalendar = clockByCalendar(state, real.calendar())
  return clockAt(state, isRunning(state.mode) ? toInstant(Math.max(byCalendar, newest)) : state.base, real)
}

function afterReal(state: ClockState, passed: Micros): Instant {
  if (!isRunning(state.mode)) return state.base
  return toInstant(Math.min(state.base + Math.floor(Math.max(0, passed * rateOf(state))), LAST_INSTANT))
}
