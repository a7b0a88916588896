import { EventEmitter } from 'node:events'

/** Tells whoever waits that a domain changed, without saying how: they look for themselves. */
export interface Changes {
  tell: () => void
  /** Resolves at the next change, or when the signal aborts. */
  next: (signal: AbortSignal) => Promise<void>
}

export function createChanges(): Changes {
  const emitter = new EventEmitter()
  // One listener for each open wait or stream; how many there may be is the server's to limit.
  emitter.setMaxListeners(0)
  return {
    tell: () => void emitter.emit('change'),
    next: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          emitter.off('change', done)
          signal.removeEventListener('abort', done)
          resolve()
        }
        emitter.once('change', done)
        if (signal.aborted) done()
        else signal.addEventListener('abort', done, { once: true })
      }),
  }
}
