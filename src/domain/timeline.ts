import type { Transition } from '../model/job.ts'
import type { Instant } from '../model/time.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import { clearTimeout, setTimeout } from '../timers.ts'
import type { DomainState } from './state.ts'

/** The first changes of a stretch of time in order, and how many there are in all. */
export interface Passage {
  readonly total: number
  readonly transitions: readonly Transition[]
}

export interface Stretch {
  readonly from: Instant
  readonly to: Instant
  readonly limit: number
}

/** What time changes after `from` and up to `to`; costs what it names, not what it leaps over. */
export async function passage(state: DomainState, { from, to, limit }: Stretch): Promise<Passage> {
  if (to <= from) return { total: 0, transitions: [] }
  const { edge, inside, insideTotal } = await state.world.jobs.due(state.key, { from, to, limit })
  const atEdge = edge.flatMap(({ job }) => transitionsOf(job, { from, to }))
  const named = [...atEdge, ...inside.flatMap(({ job }) => transitionsOf(job, { from, to }))]
  return { total: atEdge.length + insideTotal, transitions: named.sort((a, b) => a.at - b.at).slice(0, limit) }
}

/** When something changes next after an instant, by default now, if nothing but time passes. */
export async function nextTransitionAt(state: DomainState, now = state.now()): Promise<Instant | undefined> {
  const { running, next } = await state.world.jobs.pending(state.key, now)
  const instants = running.map(({ job }) => state.viewAt(job, now).nextTransitionAt ?? Infinity)
  const first = instants.reduce((least, at) => Math.min(least, at), next ?? Infinity)
  return first === Infinity ? undefined : first
}

/** No timer is set for longer: one past 24.8 days would fire at once, and a clock may be changed meanwhile. */
const LONGEST_SLEEP_MS = 60_000

export interface Sleep {
  readonly signal: AbortSignal
  /** The count of changes before the sleeper last looked. */
  readonly since: number
  /** The instant of that look: what has come about since wakes it at once. */
  readonly lookedAt: Instant
  readonly atMostMs?: number
}

/** Sleeps until the domain's next transition by its running clock, or until something in it changes. */
export async function sleepUntilNews(state: DomainState, { signal, since, lookedAt, atMostMs }: Sleep): Promise<void> {
  const next = await nextTransitionAt(state, lookedAt)
  const { mode, rate } = state.record.clock
  const dueInMs =
    mode !== 'running' || next === undefined || rate === 0 ? Infinity : Math.ceil((next - state.now()) / rate / 1000)
  // By hand: AbortSignal.any() would hold on to each sleep for as long as the signal lives.
  const wake = new AbortController()
  const rouse = (): void => {
    wake.abort()
  }
  const timer = setTimeout(rouse, Math.max(0, Math.min(dueInMs, atMostMs ?? LONGEST_SLEEP_MS, LONGEST_SLEEP_MS)))
  signal.addEventListener('abort', rouse, { once: true })
  if (signal.aborted) rouse()
  await state.changes.next(wake.signal, since)
  signal.removeEventListener('abort', rouse)
  clearTimeout(timer)
}
