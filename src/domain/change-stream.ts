import { sleep } from '../timers.ts'
import type { DomainState } from './state.ts'

/** Whoever watches looks again at each word; under load that must not be for each call. */
const PAUSE_MS = 100

/** A word for each change of the domain that was not told of yet; what comes quickly is told of together. */
export async function* streamChanges(state: DomainState, signal: AbortSignal): AsyncIterable<void> {
  let since = state.changes.count
  for (;;) {
    await state.changes.next(signal, since)
    if (signal.aborted || state.isGone) return
    since = state.changes.count
    yield
    await sleep(PAUSE_MS, signal)
  }
}
