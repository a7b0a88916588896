import { LAST_INSTANT, SECOND, toMicros, toInstant, type Instant, type Micros } from '../model/time.ts'
import { elapsedMs } from '../timers.ts'

/** Real time by two clocks, which must not be mixed. */
export interface RealClock {
  /**
   * The machine's calendar, which may jump in both directions: for tokens, displayed instants, and the start of a
   * domain's clock.
   */
  readonly calendar: () => Instant
  /** Time since the process began, which never goes back: for durations. */
  readonly elapsed: () => Micros
}

/** The calendar counts milliseconds; this is the last microsecond of each. */
const REST_OF_MILLISECOND = toMicros(999)

/** Reads `Date` at each call, so that a test can fake it. */
export function createRealClock(): RealClock {
  const elapsed = (): Micros => toMicros(Math.round(elapsedMs() * 1000))
  let origin = 0
  return {
    elapsed,
    calendar: () => {
      const milliseconds = Date.now() * 1000
      let fine = origin + elapsed()
      if (Math.abs(milliseconds - fine) > SECOND) {
        origin += milliseconds - fine
        fine = milliseconds
      }
      const now = Math.min(Math.max(fine, milliseconds), milliseconds + REST_OF_MILLISECOND)
      return toInstant(Math.min(now, LAST_INSTANT))
    },
  }
}
