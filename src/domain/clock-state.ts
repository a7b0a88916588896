import type { ClockState } from '../model/domain.ts'
import { LAST_INSTANT, toInstant, toMicros, type Instant, type Micros } from '../model/time.ts'
import type { RealClock } from './real-clock.ts'

/** The instant that a clock shows. It stands where the calendar ends. */
export function clockNow({ mode, base, elapsedStart, rate }: ClockState, elapsed: Micros): Instant {
  return mode === 'running' ? after(base, toMicros((elapsed - elapsedStart) * rate)) : base
}

/** The same clock, put to another instant now. */
export function clockAt(state: ClockState, base: Instant, real: RealClock): ClockState {
  return { ...state, base, realStart: real.calendar(), elapsedStart: real.elapsed() }
}

/**
 * The same clock with what it shows now as its base: the newest instant that a restart has to know. By the calendar it goes on
 * as before, unless the calendar is behind it.
 */
export function clockKept(state: ClockState, real: RealClock): ClockState {
  const elapsed = real.elapsed()
  const base = clockNow(state, elapsed)
  const onSameLine = state.realStart + Math.floor((base - state.base) / state.rate)
  return { ...state, base, realStart: toInstant(Math.min(real.calendar(), onSameLine)), elapsedStart: elapsed }
}

/** What a clock shows if the calendar has measured the time since it was put to its base. */
export function clockByCalendar({ mode, base, realStart, rate }: ClockState, calendar: Instant): Instant {
  return mode === 'running' ? after(base, toMicros((calendar - realStart) * rate)) : base
}

/**
 * The clock of a domain that another process kept. A running one goes on at what the calendar says, and not before the newest
 * instant that the domain has kept.
 */
export function clockResumed(state: ClockState, newest: Instant, real: RealClock): ClockState {
  const byCalendar = clockByCalendar(state, real.calendar())
  return clockAt(state, state.mode === 'running' ? toInstant(Math.max(byCalendar, newest)) : state.base, real)
}

function after(base: Instant, passed: Micros): Instant {
  return toInstant(Math.min(base + Math.floor(Math.max(0, passed)), LAST_INSTANT))
}
