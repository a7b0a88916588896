/** Keeps calls that write waiting while a large call of the same domain is under way. */
export interface Gate {
  /** Resolves once no large call is under way; undefined if none is. */
  readonly closed: Promise<unknown> | undefined
  /** Runs a large call, after those that came before it. */
  run: <T>(work: () => Promise<T>) => Promise<T>
}

export function createGate(): Gate {
  let last: Promise<unknown> | undefined
  return {
    get closed() {
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
