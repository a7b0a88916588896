import { EventEmitter } from 'node:events'

/** Notifies waiters that a domain changed; carries no payload. */
export interface Changes {
  /** The number of changes so far. Compared with an earlier count, it shows whether one came since. */
  readonly count: number
  notify: () => void
  /** Calls the listener at each change, for as long as the domain exists. */
  watch: (listener: () => void) => void
  /** Resolves at the first change past that count, by default the next one, or when the signal aborts. */
  next: (signal: AbortSignal, since?: number) => Promise<void>
}

export function createChanges(): Changes {
  const emitter = new EventEmitter()
  let count = 0
  // One listener for each open wait or stream; the server limits their number.
  emitter.setMaxListeners(0)
  return {
    get count() {
      return count
    },
    notify: () => {
      count += 1
      emitter.emit('change')
    },
    watch: (listener) => {
      emitter.on('change', listener)
    },
    next: (signal, since = count) =>
      new Promise((resolve) => {
        const done = (): void => {
          emitter.off('change', done)
          signal.removeEventListener('abort', done)
          resolve()
        }
        emitter.once('change', done)
        if (signal.aborted || count !== since) done()
        else signal.addEventListener('abort', done, { once: true })
      }),
  }
}
