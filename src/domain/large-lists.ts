import { createGate } from './gate.ts'

/**
 * Limits the memory for large lists of all domains: they are rendered one at a time, and none while too much of earlier
 * ones is unsent.
 */
export interface LargeLists {
  /** Resolves once a list may be rendered, or when its client disconnects. */
  waitForRoom: (closed: AbortSignal | undefined) => Promise<void>
  /**
   * Renders a list after earlier ones. Returns undefined without rendering if there is no room, or its client
   * disconnects.
   */
  run: <T>(work: () => Promise<T>, closed: AbortSignal | undefined) => Promise<T | undefined>
  /** Counts a rendered list until it is sent or its client disconnects. */
  hold: (bytes: number, closed: AbortSignal) => void
}

const MAX_UNSENT_BYTES = 32 * 1024 * 1024

export function createLargeLists(): LargeLists {
  const gate = createGate()
  const waiting = new Set<() => void>()
  let unsent = 0

  const hasRoom = (): boolean => unsent < MAX_UNSENT_BYTES
  const release = (closed: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        waiting.delete(end)
        closed.removeEventListener('abort', end)
        resolve()
      }
      waiting.add(end)
      closed.addEventListener('abort', end)
    })
  return {
    waitForRoom: async (closed = NEVER) => {
      while (!hasRoom() && !closed.aborted) await release(closed)
    },
    run: (work, closed = NEVER) => gate.run(() => (hasRoom() && !closed.aborted ? work() : Promise.resolve(undefined))),
    hold: (bytes, closed) => {
      if (closed.aborted) return
      unsent += bytes
      const end = (): void => {
        unsent -= bytes
        for (const wake of waiting) wake()
      }
      closed.addEventListener('abort', end, { once: true })
    },
  }
}

const NEVER = new AbortController().signal
