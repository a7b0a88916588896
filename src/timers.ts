// The timers and the monotonic clock of the process, bound when this file is loaded. A test's fake timers later replace
// the globals and the exports of node:timers and node:timers/promises; waits, delays and durations here stay real.

import { performance } from 'node:perf_hooks'
import * as timers from 'node:timers'

export const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = timers

/**
 * Milliseconds since the process started, independent of the machine's calendar; it may stop while the machine sleeps.
 */
export const elapsedMs: () => number = performance.now.bind(performance)

/** Node fires timers immediately if they are set for longer (24.8 days). */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Resolves after that many milliseconds (at most `MAX_TIMEOUT_MS`), or when the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.min(ms, MAX_TIMEOUT_MS))
    signal?.addEventListener('abort', end)
    if (signal?.aborted === true) end()
  })
}

/**
 * Throws if a test has faked functions that Node's streams and Fastify require: no request could be answered. Fakes of
 * @sinonjs/fake-timers (vitest, jest, sinon) have their clock as a property.
 */
export function refuseFakedScheduling(): void {
  const faked = [fakesOf(process, 'nextTick'), fakesOf(globalThis, 'queueMicrotask')].flat()
  if (faked.length > 0)
    throw new Error(
      `the emulator cannot work while ${faked.join(' and ')} are faked: leave them out of toFake (vitest) or name them in doNotFake (jest)`,
    )
}

function fakesOf(owner: object, name: string): string[] {
  const schedule: unknown = Reflect.get(owner, name)
  return typeof schedule === 'function' && 'clock' in schedule ? [name] : []
}

/** Yields each value in a separate turn of the event loop, so that other requests are answered in between. */
export async function* overTurns<T>(values: Iterable<T>): AsyncGenerator<T> {
  for (const value of values) {
    yield value
    await nextTurn()
  }
}

/** Resolves in the next turn of the event loop, after everything that waits for it now. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
