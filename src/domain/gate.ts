/**
 * A queue that runs large calls one at a time. Calls that write check `busy` and wait by themselves: `src/http/when-free.ts`,
 * `src/control/plugin.ts`.
 */
export interface Gate {
  /** Resolves when the large calls that are running or waiting now have ended; check it again then. undefined: there are none. */
  readonly busy: Promise<unknown> | undefined
  /** Runs a large call, after those that came before it. */
  run: <T>(work: () => T | Promise<T>) => Promise<T>
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
