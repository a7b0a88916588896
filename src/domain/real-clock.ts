import type { RealClock } from './clock.ts'

/** A system clock that is put right, or a machine that slept, shows as a jump of at least this much. */
const JUMP_MICROS = 1_000_000

/**
 * The real time in microseconds, never going back: a high-resolution count since the process began, tied to the
 * system's clock again when the two have drifted apart.
 */
export function createRealClock(): RealClock {
  // Asked for once: each request looks at the clock several times, and this is most of a look.
  const { timeOrigin } = performance
  let offset = 0
  let last = 0
  return () => {
    let now = Math.round((timeOrigin + performance.now()) * 1000) + offset
    const drift = Date.now() * 1000 - now
    if (Math.abs(drift) > JUMP_MICROS) {
      offset += drift
      now += drift
    }
    last = Math.max(last, now)
    return last
  }
}
