import type { ClockState } from '../model/domain.ts'
import { LAST_INSTANT, toInstant, toMicros, type Instant, type Micros } from '../model/time.ts'
import type { RealClock } from './real-clock.ts'

/** The instant that a clock shows. It stops at the end of the calendar. */
export function clockNow({ mode, base, elapsedStart, rate }: ClockState, elapsed: Micros): Instant {
  return mode === 'running' ? after(base, toMicros((elapsed - elapsedStart) * rate)) : base
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
  const onSameLine = state.realStart + Math.floor((base - state.base) / state.rate)
  return { ...state, base, realStart: toInstant(Math.min(real.calendar(), onSameLine)), elapsedStart: elapsed }
}

/** The instant of a clock, with the time since its base measured by the calendar. */
export function clockByCalendar({ mode, base, realStart, rate }: ClockState, calendar: Instant): Instant {
  return mode === 'running' ? after(base, toMicros((calendar - realStart) * rate)) : base
}

/**
 * The clock of a stored domain after a restart. A running one continues at the calendar's instant, but not before the
 * newest instant that the domain stored.
 */
export function resumeClock(state: ClockState, newest: Instant, real: RealClock): ClockState {
  const byCalendar = clockByCalendar(state, real.calendar())
  return clockAt(state, state.mode === 'running' ? toInstant(Math.max(byCalendar, newest)) : state.base, real)
}

function after(base: Instant, passed: Micros): Instant {
  return toInstant(Math.min(base + Math.floor(Math.max(0, passed)), LAST_INSTANT))
}
