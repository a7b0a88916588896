import { createGate } from './gate.ts'

/**
 * Bounds the memory that large lists of all domains take: one is rendered at a time, and none while too much of those before
 * it has yet to be sent.
 */
export interface LargeLists {
  /** Resolves once a list may be rendered, or when its client is gone. */
  room: (over: AbortSignal | undefined) => Promise<void>
  /** Renders a list after those before it. Renders nothing and returns undefined if there is no room, or its client is gone. */
  run: <T>(work: () => Promise<T>, over: AbortSignal | undefined) => Promise<T | undefined>
  /** Counts a rendered list until its answer is over: sent, or its client gone. */
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
