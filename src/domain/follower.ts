import { isRunning, rateOf } from '../model/domain.ts'
import type { AnyTransition } from '../model/job.ts'
import { toInstant, type Instant } from '../model/time.ts'
import type { DomainRecord } from '../store/store.ts'
import { clearTimeout, setTimeout } from '../timers.ts'
import { nextTransitionAt, passage, type Cursor, type TimedDomain } from './passage.ts'
import type { Gate } from './gate.ts'
import { atOnce, inSlices, type Sliced } from './slices.ts'

interface Listener {
  /** Transitions in order, as they happen. */
  readonly onTransitions: (transitions: readonly AnyTransition[]) => void
  /** The domain's state was replaced by a reset or a snapshot, or the domain was removed. */
  readonly onReplaced: () => void
  /** The transitions cannot be read, for example from a damaged row. No more follow. */
  readonly onFailed: (error: unknown) => void
}

/**
 * Sends the transitions of a domain to all of its listeners: one timer and one read for each transition, regardless of
 * the number of listeners. Without listeners it does nothing.
 */
export interface Follower {
  /** Sends all later transitions to a listener. Returns a function that stops it. */
  readonly follow: (listener: Listener) => () => void
  /**
   * Sends the transitions that time has caused up to now. Called before each command, so that they precede the
   * command's own.
   */
  readonly catchUp: () => void
  /** Sends the transitions of a command, and schedules the next read. */
  readonly publish: (transitions: readonly AnyTransition[]) => void
  /** Stops all listeners. */
  readonly end: () => void
}

/** Node's timers cannot be set for longer than 24.8 days, and the clock may be changed meanwhile. */
const MAX_SLEEP_MS = 60_000

/** Transitions of one read. */
const STEP_TRANSITIONS = 500

/** What a follower reads of its domain. */
interface FollowedDomain extends TimedDomain {
  readonly gate: Gate
  readonly record: Pick<DomainRecord, 'clock' | 'visibleTo'>
  readonly epoch: number
  readonly isGone: boolean
  now: () => Instant
}

export function createFollower(state: FollowedDomain): Follower {
  /** Each with the instant at which it started to listen; earlier transitions are not sent to it. */
  const listeners = new Map<Listener, Instant>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Where the next read starts, and in which epoch of the domain. */
  let seen: { cursor: Cursor; epoch: number } = { cursor: startingAt(toInstant(-Infinity)), epoch: 0 }
  /** True during a read that takes several slices; commands of the domain wait for it at the gate. */
  let isReading = false
  /** True if a read is due after the running large call. */
  let isWaiting = false

  function startingAt(at: Instant): Cursor {
    return { at, seq: Infinity }
  }

  function begin(): void {
    seen = { cursor: startingAt(state.now()), epoch: state.epoch }
  }

  /** Sends all transitions up to now, in steps. */
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
      emitPassed(transitions)
      if (next === undefined) return
      yield
    }
  }

  function emitPassed(transitions: readonly AnyTransition[]): void {
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

  /** A read error goes to the listeners: commands and timers must not fail for it. */
  function failed(error: unknown): void {
    const all = [...listeners.keys()]
    listeners.clear()
    schedule()
    for (const { onFailed } of all) onFailed(error)
  }

  /**
   * While a seed is being added, nothing is read: its jobs start before they become visible, and their transitions
   * since then are sent in order with the others.
   */
  function isHeld(): boolean {
    return state.record.visibleTo !== undefined && state.gate.busy !== undefined
  }

  function readWhenFree(): void {
    if (isWaiting) return
    isWaiting = true
    void state.gate.busy?.then(() => {
      isWaiting = false
      read()
    })
  }

  function read(): void {
    if (listeners.size === 0 || isReading) return
    if (isHeld()) {
      readWhenFree()
      return
    }
    try {
      const work = steps()
      if (work.next().done === true) schedule()
      else readOn(work)
    } catch (error) {
      failed(error)
    }
  }

  function readOn(work: Sliced<void>): void {
    isReading = true
    // Reset before the gate opens, because the commands that wait there read the transitions up to now.
    const endRead = (): void => {
      isReading = false
    }
    void state.gate.run(() => inSlices(work).catch(failed).finally(endRead)).then(read)
  }

  /** Schedules a read at the next transition by the domain's running clock. */
  function schedule(): void {
    clearTimeout(timer)
    timer = undefined
    const { clock } = state.record
    if (listeners.size === 0 || !isRunning(clock.mode) || state.isGone) return
    // From the last read, not from now: transitions since then are due immediately.
    const next = nextTransitionAt(state, seen.cursor.at)
    const dueInMs = next === undefined ? MAX_SLEEP_MS : Math.ceil((next - state.now()) / rateOf(clock) / 1000)
    timer = setTimeout(read, Math.max(0, Math.min(dueInMs, MAX_SLEEP_MS)))
  }

  return {
    follow: (listener) => {
      if (listeners.size === 0 && !isReading) begin()
      listeners.set(listener, state.now())
      schedule()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) schedule()
      }
    },
    catchUp: () => {
      // During a read that takes several slices, no command changes a job.
      if (listeners.size === 0 || isReading || isHeld()) return
      try {
        atOnce(steps())
      } catch (error) {
        failed(error)
      }
    },
    publish: (transitions) => {
      if (listeners.size === 0) return
      if (transitions.length > 0) for (const { onTransitions } of [...listeners.keys()]) onTransitions(transitions)
      read()
    },
    end: () => {
      const all = [...listeners.keys()]
      listeners.clear()
      schedule()
      for (const { onReplaced } of all) onReplaced()
    },
  }
}
