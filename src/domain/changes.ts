import { EventEmitter } from 'node:events'

/** Notifies waiters that a domain changed; carries no payload. */
export interface Changes {
  /** How many there were: remembered before a look, it shows whether one came meanwhile. */
  readonly count: number
  notify: () => void
  /** Resolves at the first change past that count, by default the next one, or when the signal aborts. */
  next: (signal: AbortSignal, since?: number) => Promise<void>
}

export function createChanges(): Changes {
  const emitter = new EventEmitter()
  let count = 0
  // One listener for each open wait or stream; how many there may be is the server's to limit.
  emitter.setMaxListeners(0)
  return {
    get count() {
      return count
    },
    notify: () => {
      count += 1
      emitter.emit('change')
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
