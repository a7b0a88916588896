/**
 * A queue of large calls, one at a time. Calls that write look at `busy` and wait by themselves: `src/http/when-free.ts`,
 * `src/control/plugin.ts`.
 */
export interface Gate {
  /** While large calls are under way or waiting: resolves when those are over. Then look again: others may have come. */
  readonly busy: Promise<unknown> | undefined
  /** Runs a large call, after those that came before it. */
  run: <T>(work: () => Promise<T>) => Promise<T>
}

export function createGate(): Gate {
  let last: Promise<unknown> | undefined
  return {
    get busy() {
      return last
    },
    run: async (work) => {
      const before = last
      const done = Promise.withResolvers<undefined>()
      last = done.promise
      await before
      try {
        return await work()
      } finally {
        if (last === done.promise) last = undefined
        done.resolve(undefined)
      }
    },
  }
}
