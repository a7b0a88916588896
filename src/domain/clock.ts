import type { ClockState } from '../model/domain.ts'
import type { Instant } from '../model/time.ts'

/** Tells the real time. */
export type RealClock = () => Instant

/** The time that a clock shows at a real instant. */
export function clockNow({ mode, base, realStart, rate }: ClockState, real: Instant): Instant {
  return mode === 'running' ? base + Math.floor(Math.max(0, real - realStart) * rate) : base
}

/** The same clock, put to another instant. */
export function clockAt(state: ClockState, base: Instant, real: Instant): ClockState {
  return { ...state, base, realStart: real }
}
