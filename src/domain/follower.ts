import type { Transition } from '../model/job.ts'
import { toInstant, type Instant } from '../model/time.ts'
import type { JobScope, JobStore } from '../store/job-store.ts'
import type { DomainRecord } from '../store/store.ts'
import { clearTimeout, setTimeout } from '../timers.ts'
import { passage, type Cursor } from './passage.ts'
import type { Gate } from './gate.ts'
import { atOnce, inSlices, type Sliced } from './slices.ts'

interface Listener {
  /** Transitions as they come about, in order. */
  readonly onTransitions: (transitions: readonly Transition[]) => void
  /** The domain's state was replaced by a reset or a snapshot, or the domain was removed. */
  readonly onReplaced: () => void
  /** The transitions cannot be read, such as from a damaged row. Nothing more comes. */
  readonly onFailed: (error: unknown) => void
}

/**
 * Follows the transitions of a domain for all of its listeners: one timer and one read for each transition, however many
 * listeners there are. Without listeners it does nothing.
 */
export interface Follower {
  /** Passes on to a listener all that happens from now on. Gives a function that ends it. */
  readonly follow: (listener: Listener) => () => void
  /** Passes on what time has changed up to now. Called before each command, so that listeners hear of it before what that does. */
  readonly catchUp: () => void
  /** Passes on what a command did at this instant, and looks again at when time changes something next. */
  readonly publish: (transitions: readonly Transition[]) => void
  /** Ends all listening. */
  readonly end: () => void
}

/** Node's timers cannot be set for longer than 24.8 days, and the clock may be changed meanwhile. */
const MAX_SLEEP_MS = 60_000

/** Transitions of one read. */
const STEP_TRANSITIONS = 500

/** What a follower reads of its domain. */
interface FollowedDomain {
  readonly scope: JobScope
  readonly gate: Gate
  readonly record: Pick<DomainRecord, 'clock' | 'visibleTo'>
  readonly epoch: number
  readonly isGone: boolean
  now: () => Instant
}

export function createFollower(state: FollowedDomain, jobs: JobStore): Follower {
  /** Each with the instant at which it began to listen: what time changed up to then is not passed on to it. */
  const listeners = new Map<Listener, Instant>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Up to where time's changes were passed on, and in which epoch of the domain. */
  let seen: { cursor: Cursor; epoch: number } = { cursor: startingAt(toInstant(-Infinity)), epoch: 0 }
  /** Whether a look is under way that takes several slices; commands of the domain wait for it at the gate. */
  let isLooking = false
  /** Whether it looks again once the large call that is under way is over. */
  let isWaiting = false

  function startingAt(at: Instant): Cursor {
    return { at, seq: Infinity }
  }

  function begin(): void {
    seen = { cursor: startingAt(state.now()), epoch: state.epoch }
  }

  /** Passes on all that time has changed, in steps. */
  function* steps(): Sliced<void> {
    while (listeners.size > 0 && !state.isGone) {
      if (seen.epoch !== state.epoch) {
        replaced()
        return
      }
      const to = state.now()
      if (to < seen.cursor.at || (to === seen.cursor.at && seen.cursor.seq === Infinity)) return
      const { transitions, next } = passage(
        { jobs, scope: state.scope },
        { from: seen.cursor, to, limit: STEP_TRANSITIONS },
      )
      seen = { ...seen, cursor: next ?? startingAt(to) }
      emitPassed(transitions)
      if (next === undefined) return
      yield
    }
  }

  function emitPassed(transitions: readonly Transition[]): void {
    const [first] = transitions
    if (first === undefined) return
    for (const [{ onTransitions }, since] of [...listeners])
      onTransitions(first.at > since ? transitions : transitions.filter(({ at }) => at > since))
  }

  function replaced(): void {
    begin()
    for (const listener of [...listeners.keys()]) {
      listeners.set(listener, seen.cursor.at)
      listener.onReplaced()
    }
  }

  /** An error of a look is that of the listeners: no command and no timer may fail for it. */
  function failed(error: unknown): void {
    const all = [...listeners.keys()]
    listeners.clear()
    schedule()
    for (const { onFailed } of all) onFailed(error)
  }

  /**
   * While a seed is being added, time is not followed: its jobs begin at an instant that has passed once they are seen, and what
   * they have changed since then comes in order with the rest.
   */
  function isHeld(): boolean {
    return state.record.visibleTo !== undefined && state.gate.busy !== undefined
  }

  function lookWhenFree(): void {
    if (isWaiting) return
    isWaiting = true
    void state.gate.busy?.then(() => {
      isWaiting = false
      look()
    })
  }

  function look(): void {
    if (listeners.size === 0 || isLooking) return
    if (isHeld()) {
      lookWhenFree()
      return
    }
    try {
      const work = steps()
      if (work.next().done === true) schedule()
      else lookOn(work)
    } catch (error) {
      failed(error)
    }
  }

  function lookOn(work: Sliced<void>): void {
    isLooking = true
    // Over before the gate opens: commands that wait there read again what time has changed.
    const lookOver = (): void => {
      isLooking = false
    }
    void state.gate.run(() => inSlices(work).catch(failed).finally(lookOver)).then(look)
  }

  /** Looks again at the next transition by the domain's running clock. */
  function schedule(): void {
    clearTimeout(timer)
    timer = undefined
    const { mode, rate } = state.record.clock
    if (listeners.size === 0 || mode !== 'running' || rate === 0 || state.isGone) return
    // From the last look on, not from now: what time has changed since then is due at once.
    const next = jobs.nextTransitionAt(state.scope, seen.cursor.at)
    const dueInMs = next === undefined ? MAX_SLEEP_MS : Math.ceil((next - state.now()) / rate / 1000)
    timer = setTimeout(look, Math.max(0, Math.min(dueInMs, MAX_SLEEP_MS)))
  }

  return {
    follow: (listener) => {
      if (listeners.size === 0 && !isLooking) begin()
      listeners.set(listener, state.now())
      schedule()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) schedule()
      }
    },
    catchUp: () => {
      // While a look takes several slices, no command changes a job.
      if (listeners.size === 0 || isLooking || isHeld()) return
      try {
        atOnce(steps())
      } catch (error) {
        failed(error)
      }
    },
    publish: (transitions) => {
      if (listeners.size === 0) return
      if (transitions.length > 0) for (const { onTransitions } of [...listeners.keys()]) onTransitions(transitions)
      look()
    },
    end: () => {
      const all = [...listeners.keys()]
      listeners.clear()
      schedule()
      for (const { onReplaced } of all) onReplaced()
    },
  }
}
