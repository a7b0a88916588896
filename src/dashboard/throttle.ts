/** Runs at once, and what is asked for meanwhile once more when the time is up: never more often than that. */
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

/** How long to wait before the n-th attempt to connect again: doubling, up to ten seconds. */
export function backOffMs(attempt: number): number {
  return Math.min(10_000, 500 * 2 ** attempt)
}
