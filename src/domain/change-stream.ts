import { sleep } from '../timers.ts'
import type { DomainState } from './state.ts'

/** Listeners read the domain again at each yield; under load that must not be once per call. */
const PAUSE_MS = 100

/** Yields once per change of the domain, coalescing changes within 100 ms. */
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
