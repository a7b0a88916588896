import type { Transition } from '../model/job.ts'
import type { Instant } from '../model/time.ts'
import { clearTimeout, setTimeout } from '../timers.ts'
import { passage, type Cursor } from './passage.ts'
import { inSlices, type Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

/** Whoever follows a domain. */
export interface Listener {
  /** Transitions as they come about, in order. */
  readonly onTransitions: (transitions: readonly Transition[]) => void
  /** The domain's state was replaced by a reset or a snapshot, or the domain was removed. */
  readonly onReplaced: () => void
}

/**
 * Follows the transitions of a domain for all of its listeners: one timer and one read for each transition, however many
 * listeners there are. Without listeners it does nothing.
 */
export interface Follower {
  /** Tells a listener of everything that happens from now on. Gives a function that ends it. */
  readonly follow: (listener: Listener) => () => void
  /** Reads what time has changed up to now. Called before each command, so that its transitions come after those. */
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

export function createFollower(state: DomainState): Follower {
  const listeners = new Set<Listener>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Up to where time's changes were passed on, and in which epoch of the domain. */
  let seen: { cursor: Cursor; epoch: number } = { cursor: startingAt(-Infinity), epoch: 0 }

  function startingAt(at: Instant): Cursor {
    return { at, seq: Infinity }
  }

  function emit(transitions: readonly Transition[]): void {
    if (transitions.length > 0) for (const { onTransitions } of [...listeners]) onTransitions(transitions)
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
      const { transitions, next } = passage(state, { from: seen.cursor, to, limit: STEP_TRANSITIONS })
      seen = { ...seen, cursor: next ?? startingAt(to) }
      emit(transitions)
      if (next === undefined) return
      yield
    }
  }

  function replaced(): void {
    begin()
    for (const { onReplaced } of [...listeners]) onReplaced()
  }

  /** Whether a look is under way that takes several slices; commands of the domain wait for it. */
  let isLooking = false

  function look(): void {
    if (listeners.size === 0 || isLooking) return
    const work = steps()
    if (work.next().done === true) {
      schedule()
      return
    }
    isLooking = true
    void state.gate
      .run(() => inSlices(work))
      .finally(() => {
        isLooking = false
        look()
      })
  }

  /** Looks again at the next transition by the domain's running clock. */
  function schedule(): void {
    clearTimeout(timer)
    timer = undefined
    const { mode, rate } = state.record.clock
    if (listeners.size === 0 || mode !== 'running' || rate === 0 || state.isGone) return
    // After the last look, not after now: what came about in between is due at once.
    const next = state.world.store.jobs.nextTransitionAt(state.scope, seen.cursor.at)
    const dueInMs = next === undefined ? MAX_SLEEP_MS : Math.ceil((next - state.now()) / rate / 1000)
    timer = setTimeout(look, Math.max(0, Math.min(dueInMs, MAX_SLEEP_MS)))
  }

  const follower: Follower = {
    follow: (listener) => {
      if (listeners.size === 0) begin()
      else follower.catchUp()
      listeners.add(listener)
      schedule()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) schedule()
      }
    },
    catchUp: () => {
      if (listeners.size === 0) return
      const work = steps()
      while (work.next().done !== true);
    },
    publish: (transitions) => {
      if (listeners.size === 0) return
      emit(transitions)
      look()
    },
    end: () => {
      for (const { onReplaced } of [...listeners]) onReplaced()
      listeners.clear()
      schedule()
    },
  }
  return follower
}
