import type { Transition } from '../model/job.ts'
import type { DomainState } from './state.ts'
import { passage, sleepUntilNews } from './timeline.ts'

const MOST_AT_ONCE = 10_000

/**
 * Every transition from now on, in order. Commands take effect at the very instant that the stream has come to, so that
 * instant is looked at again each time, without what was told of it.
 */
export async function* streamTransitions(state: DomainState, signal: AbortSignal): AsyncIterable<Transition> {
  let { from, told, story } = await beginning(state)
  let limit = MOST_AT_ONCE
  while (!signal.aborted && !state.isGone) {
    if (state.story !== story) ({ from, told, story } = await beginning(state))
    const since = state.changes.count
    const to = state.now()
    const { total, transitions } = await passage(state, { from: from - 1, to, limit })
    const fresh = transitions.filter((transition) => !told.has(keyOf(transition)))
    yield* fresh
    const isWhole = total <= transitions.length
    // More at one instant than are named at once: nothing new was among them.
    limit = isWhole || fresh.length > 0 ? MOST_AT_ONCE : limit * 2
    const reached = isWhole ? Math.max(from, to) : (transitions.at(-1)?.at ?? from)
    const atEdge = transitions.filter(({ at }) => at === reached).map(keyOf)
    told = new Set(reached === from ? [...told, ...atEdge] : atEdge)
    from = reached
    if (isWhole) await sleepUntilNews(state, { signal, since, lookedAt: to })
  }
}

interface Beginning {
  readonly from: number
  /** What happened at that instant already. */
  readonly told: ReadonlySet<string>
  readonly story: number
}

/** A stream begins where the clock stands, and again when a reset or a snapshot has put the domain elsewhere. */
async function beginning(state: DomainState): Promise<Beginning> {
  const { story } = state
  const from = state.now()
  const { transitions } = await passage(state, { from: from - 1, to: from, limit: 10 * MOST_AT_ONCE })
  return { from, told: new Set(transitions.map(keyOf)), story }
}

function keyOf({ job, item, to }: Transition): string {
  return JSON.stringify([job, item, to])
}
