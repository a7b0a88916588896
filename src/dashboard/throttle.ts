/** Throttles: runs at the first call, and once more after `everyMs` if there were calls in the meantime. */
export function createPace(everyMs: number, run: () => void): { readonly ask: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isAsked = false
  const turn = (): void => {
    timer = setTimeout(() => {
      timer = undefined
      if (isAsked) ask()
    }, everyMs)
    isAsked = false
    run()
  }
  const ask = (): void => {
    if (timer === undefined) turn()
    else isAsked = true
  }
  return {
    ask,
    stop: () => {
      clearTimeout(timer)
      timer = undefined
      isAsked = false
    },
  }
}

/** The back-off before the n-th attempt to reconnect: exponential, at most ten seconds. */
export function backOffMs(attempt: number): number {
  return Math.min(10_000, 500 * 2 ** attempt)
}
