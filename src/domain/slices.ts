import { elapsedMs, nextTurn } from '../timers.ts'

/** How long the event loop works on a large call before other requests get a turn. */
const SLICE_MS = 20

/** Work that can pause wherever it yields. */
export type Sliced<T> = Generator<void, T>

/**
 * Runs work in slices, with a turn of the event loop between two of them, so that other domains wait for one slice at
 * most. `commit` wraps each slice, for example in a transaction; an error undoes only its own slice.
 */
export async function inSlices<T>(work: Sliced<T>, commit: <R>(slice: () => R) => R = (slice) => slice()): Promise<T> {
  for (;;) {
    const step = commit(() => {
      const end = elapsedMs() + SLICE_MS
      for (;;) {
        const next = work.next()
        if (next.done === true || elapsedMs() >= end) return next
      }
    })
    if (step.done === true) return step.value
    await nextTurn()
  }
}

/** Runs all of the work now. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}
