import { useEffect, useState } from 'preact/hooks'
import type { ClockAnswer } from '../client/answers/domains.ts'
import { isRunning, nowOf, type Instant } from './instants.ts'

/** A domain's clock and the time of the browser's monotonic clock when it was read. */
export interface ReadClock {
  readonly clock: ClockAnswer
  readonly readAtMs: number
}

const TICK_MS = 100
/** For `prefers-reduced-motion`. */
const CALM_TICK_MS = 1000

/** The instant that a domain's clock shows, advanced from when it was read. A clock that stands causes no rendering. */
export function useNow({ clock, readAtMs }: ReadClock): Instant {
  const [, setTick] = useState(0)
  const moves = isRunning(clock)
  useEffect(() => {
    if (!moves) return undefined
    const everyMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? CALM_TICK_MS : TICK_MS
    const timer = setInterval(() => {
      if (!document.hidden) setTick((tick) => tick + 1)
    }, everyMs)
    return () => clearInterval(timer)
  }, [moves])
  return nowOf(clock, performance.now() - readAtMs)
}
