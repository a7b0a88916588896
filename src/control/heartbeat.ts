import { sleep } from '../timers.ts'

/** A comment of the event stream: clients skip it. */
const HEARTBEAT = ': still listening\n\n'

/** Adds a comment to an event stream whenever nothing else was sent for so long: proxies end connections that are quiet. */
export async function* withHeartbeat(lines: AsyncIterable<string>, intervalMs: number): AsyncGenerator<string> {
  const iterator = lines[Symbol.asyncIterator]()
  try {
    let next = iterator.next()
    for (;;) {
      const waiting = new AbortController()
      const quiet = sleep(intervalMs, waiting.signal).then(() => 'quiet' as const)
      const first = await Promise.race([next, quiet]).finally(() => {
        waiting.abort()
      })
      if (first === 'quiet') yield HEARTBEAT
      else if (first.done === true) return
      else {
        yield first.value
        next = iterator.next()
      }
    }
  } finally {
    // Not awaited: a generator returns only once the line that it waits for has come.
    void iterator.return?.()
  }
}
