import type { Transition } from '../model/job.ts'
import type { DomainState } from './state.ts'

/** A listener that falls behind by more is ended: it may come again, and misses nothing that it could not have asked for. */
const MAX_WAITING = 50_000

/** Every transition from now on, in order. */
export async function* streamTransitions(state: DomainState, signal: AbortSignal): AsyncIterable<Transition> {
  const waiting: Transition[] = []
  let wake = (): void => undefined
  const news = (): void => {
    wake()
  }
  const stop = state.follower.follow({
    onTransitions: (transitions) => {
      for (const transition of transitions) waiting.push(transition)
      news()
    },
    onReplaced: news,
  })
  signal.addEventListener('abort', news)
  const isOver = (): boolean => signal.aborted || state.isGone || waiting.length > MAX_WAITING
  try {
    for (;;) {
      yield* waiting.splice(0)
      // More may have come while these were sent.
      if (waiting.length > 0 && waiting.length <= MAX_WAITING) continue
      if (isOver()) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    stop()
    signal.removeEventListener('abort', news)
  }
}
