import { EmulatorError } from '../errors.ts'
import { rateOf, type ClockMode, type ClockState } from '../model/domain.ts'
import type { AnyTransition, Job } from '../model/job.ts'
import { CALENDAR_END, isInCalendar, toInstant, type Instant, type Micros } from '../model/time.ts'
import { findJobById } from './apply-command.ts'
import { clockAt } from './clock-state.ts'
import { explain } from './explain.ts'
import { hasStatus } from './job-wait.ts'
import { countTransitions, nextTransitionAt, passage, type Cursor } from './passage.ts'
import { DEFAULT_LEASE } from './sleepers.ts'
import { reseed } from './seeding.ts'
import { transitionsOf } from '../simulator/transitions.ts'
import { atOnce, inSlices, type Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

export interface ClockReading {
  readonly mode: ClockMode
  readonly now: Instant
  readonly rate: number
  readonly nextTransitionAt: Instant | undefined
  /** Of `auto`. */
  readonly lease: Micros | undefined
  readonly expectedSleepers: number | undefined
}

export interface ClockChange {
  readonly mode?: ClockMode | undefined
  readonly now?: Instant | undefined
  readonly rate?: number | undefined
  readonly lease?: Micros | undefined
  readonly expectedSleepers?: number | undefined
}

/** How far to advance: by a duration, to an instant, to the next transition, or until a job has a status. */
export type Advance =
  | { readonly by: Micros }
  | { readonly to: Instant }
  | { readonly next: true }
  | { readonly untilJob: string; readonly is: string; readonly max: Micros | undefined }

/** What an advance has changed: the number of changes, and the first of them in order. */
interface AdvanceResult {
  readonly now: Instant
  readonly total: number
  readonly transitions: readonly AnyTransition[]
}

/** The clock of a domain. */
export interface Clock {
  now: () => Instant
  read: () => ClockReading
  /**
   * Changes the clock. It can go back only while no job was created or changed; the seeds are then added again at the
   * earlier instant.
   */
  set: (change: ClockChange) => Promise<void>
  /** Moves the clock forward; returns at most `limit` transitions. */
  advance: (advance: Advance, limit: number) => Promise<AdvanceResult>
  /**
   * Sends every later transition, in order, as it happens. `onEnd` is called when no more follow: the domain was
   * removed, or its data cannot be read. Returns a function that ends the watch.
   */
  watch: (onTransitions: (transitions: readonly AnyTransition[]) => void, onEnd: () => void) => () => void
}

/** Transitions that are read without a pause. */
const STEP_TRANSITIONS = 500

export function createClock(state: DomainState): Clock {
  const { services, now } = state
  const next = (): Instant | undefined => nextTransitionAt(state, now())

  /** Sets the clock and returns undefined; if it would go back, changes nothing and returns the clock to set. */
  function setForward(change: ClockChange): ClockState | undefined {
    return state.command(() => {
      const { clock, isDirty } = state.record
      const base = change.now ?? now()
      const mode = change.mode ?? clock.mode
      const { rate = clock.rate, lease = clock.lease, expectedSleepers = clock.expectedSleepers } = change
      const ofAuto = mode === 'auto' ? { lease, expectedSleepers } : { lease: undefined, expectedSleepers: undefined }
      const changed = clockAt({ ...clock, mode, rate, ...ofAuto }, base, services.real)
      const isBack = base < now()
      if (isBack && isDirty) throw setBack('reset the domain first')
      if (!isBack) state.save({ clock: changed })
      return isBack ? changed : undefined
    })
  }

  function goalOf(advance: Advance, from: Instant): Instant {
    if ('by' in advance) return toInstant(from + advance.by)
    if ('to' in advance) return advance.to
    const goal = 'next' in advance ? next() : endOf(findJobById(state, advance.untilJob), advance)
    return toInstant(Math.max(from, goal ?? from))
  }

  function endOf(job: Job, { is, max }: { is: string; max: Micros | undefined }): Instant {
    if (hasStatus(state.viewAt(job, now()), is)) return now()
    const to = toInstant(Infinity)
    const changes = transitionsOf(job, { from: now(), to }).filter(({ item }) => item === undefined)
    const reached = changes.find(({ at }) => hasStatus(state.viewAt(job, at), is))?.at
    const latest = max === undefined ? undefined : toInstant(now() + max)
    if (reached !== undefined) return toInstant(Math.min(reached, latest ?? Infinity))
    if (latest !== undefined) return latest
    throw new EmulatorError(
      'conflict',
      `time alone never makes the job ${is}: ${explain(state, job).text}; give a max to advance by`,
    )
  }

  function* firstTransitions(from: Instant, to: Instant, limit: number): Sliced<readonly AnyTransition[]> {
    const transitions: AnyTransition[] = []
    let cursor: Cursor | undefined = { at: from, seq: Infinity }
    while (cursor !== undefined && transitions.length < limit) {
      if (transitions.length > 0) yield
      const most = Math.min(limit - transitions.length, STEP_TRANSITIONS)
      const step = passage(state, { from: cursor, to, limit: most })
      for (const transition of step.transitions) transitions.push(transition)
      cursor = step.next
    }
    return transitions.slice(0, limit)
  }

  return {
    now: () => now(),
    read: () => {
      const { clock } = state.record
      const { mode, expectedSleepers, lease = DEFAULT_LEASE } = clock
      const rate = rateOf(clock)
      return {
        ...{ mode, now: now(), rate, nextTransitionAt: next() },
        ...{ lease: mode === 'auto' ? lease : undefined, expectedSleepers },
      }
    },
    set: async (change) => {
      if (setForward(change) === undefined) return
      await state.runAlone(async () => {
        // Checked again, since a job may have been created while this call waited.
        const clock = setForward(change)
        if (clock !== undefined) await reseed(state, { clock, isDirty: false })
      })
    },
    advance: async (advance, limit) => {
      const { from, to } = state.command(() => {
        const present = now()
        const goal = goalOf(advance, present)
        if (goal < present) throw setBack()
        if (!isInCalendar(goal)) throw new EmulatorError('badRequest', `a clock cannot pass ${CALENDAR_END}`)
        state.moveTo(goal)
        return { from: present, to: goal }
      })
      const total = countTransitions(state, from, to)
      const count = Math.min(limit, total)
      const work = firstTransitions(from, to, count)
      const transitions = count <= STEP_TRANSITIONS ? atOnce(work) : await state.gate.run(() => inSlices(work))
      return { now: to, total, transitions }
    },
    watch: (onTransitions, onEnd) => {
      const onReplaced = (): void => {
        if (state.isGone) onEnd()
      }
      return state.follower.follow({ onTransitions, onReplaced, onFailed: onEnd })
    },
  }
}

function setBack(hint?: string): EmulatorError {
  return new EmulatorError('conflict', 'a clock cannot be set back under existing jobs', hint)
}
