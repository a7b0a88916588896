import { DURATION_EXPECTED, parseDuration } from '../model/duration.ts'
import { clearTimeout, MAX_TIMEOUT_MS, setTimeout } from '../timers.ts'

/** The end of a test's time. */
interface TimeLimit {
  /** Rejects when the time is up. */
  readonly isUp: Promise<never>
  readonly release: () => void
}

interface TimeLimitSource {
  /** Aborts when the test times out in its runner. */
  readonly signal: AbortSignal | undefined
  /** Each is milliseconds or a duration; 0 and undefined: no limit. */
  readonly timeouts: readonly (number | string | undefined)[]
}

/** Starts to count. */
export function startTimeLimit({ signal, timeouts }: TimeLimitSource): TimeLimit {
  const limits = timeouts.map(millisecondsOf).filter((milliseconds) => milliseconds > 0)
  const { promise: isUp, reject } = Promise.withResolvers<never>()
  isUp.catch(() => undefined)
  const stop = (): void => {
    reject(new Error('the test did not end in time'))
  }
  const timer = limits.length === 0 ? undefined : setTimeout(stop, Math.min(...limits, MAX_TIMEOUT_MS))
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted === true) stop()
  return {
    isUp,
    release: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    },
  }
}

function millisecondsOf(timeout: number | string | undefined): number {
  if (timeout === undefined || typeof timeout === 'number') return timeout ?? 0
  const micros = parseDuration(timeout)
  if (micros === undefined) throw new TypeError(`timeout: ${JSON.stringify(timeout)} is not ${DURATION_EXPECTED}`)
  return micros / 1000
}
