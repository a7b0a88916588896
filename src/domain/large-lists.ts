import { createGate } from './gate.ts'

/**
 * Limits the memory for large lists of all domains: they are rendered one at a time, and none while too much of earlier
 * ones is unsent.
 */
export interface LargeLists {
  /** Resolves once a list may be rendered, or when its client disconnects. */
  room: (over: AbortSignal | undefined) => Promise<void>
  /**
   * Renders a list after earlier ones. Returns undefined without rendering if there is no room, or its client
   * disconnects.
   */
  run: <T>(work: () => Promise<T>, over: AbortSignal | undefined) => Promise<T | undefined>
  /** Counts a rendered list until it is sent or its client disconnects. */
  hold: (bytes: number, over: AbortSignal) => void
}

const MAX_UNSENT_BYTES = 32 * 1024 * 1024

export function createLargeLists(): LargeLists {
  const gate = createGate()
  const waiting = new Set<() => void>()
  let unsent = 0

  const hasRoom = (): boolean => unsent < MAX_UNSENT_BYTES
  const release = (over: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        waiting.delete(end)
        over.removeEventListener('abort', end)
        resolve()
      }
      waiting.add(end)
      over.addEventListener('abort', end)
    })
  return {
    room: async (over = NEVER) => {
      while (!hasRoom() && !over.aborted) await release(over)
    },
    run: (work, over = NEVER) => gate.run(() => (hasRoom() && !over.aborted ? work() : Promise.resolve(undefined))),
    hold: (bytes, over) => {
      if (over.aborted) return
      unsent += bytes
      const end = (): void => {
        unsent -= bytes
        for (const wake of waiting) wake()
      }
      over.addEventListener('abort', end, { once: true })
    },
  }
}

const NEVER = new AbortController().signal
