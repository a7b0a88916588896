import { EmulatorError } from '../errors.ts'
import { isRunning, rateOf } from '../model/domain.ts'
import {
  CALENDAR_END,
  isInCalendar,
  MILLISECOND,
  SECOND,
  toInstant,
  toMicros,
  type Instant,
  type Micros,
} from '../model/time.ts'
import { clearTimeout, setImmediate, setTimeout } from '../timers.ts'
import type { Requests } from './requests.ts'
import type { DomainState } from './state.ts'

/** How long, in real time, a sleeper stays known without sleeping or calling. */
export const DEFAULT_LEASE = toMicros(5 * SECOND)

/** Max delay of a timer: the next sleep then still counts from the exact instant of the wake-up. */
const MAX_LATENESS = toMicros(100 * MILLISECOND)

/** The longest sleep in real time. Proxies and clients close a connection that is idle for five minutes. */
const MAX_SLEEP = toMicros(240 * SECOND)

interface SleepRequest {
  readonly for: Micros
  readonly name: string
  /** Aborts when the client disconnects in mid-sleep, which drops the sleeper, or when the server stops. */
  readonly signal: AbortSignal
}

/** How a sleep ended. Early: before its instant, so that the client has to sleep for the rest. */
interface SleepResult {
  readonly now: Instant
  readonly isEarly: boolean
}

interface SleeperReading {
  readonly name: string
  /** undefined: the sleeper is awake. */
  readonly until: Instant | undefined
}

/** Clients that sleep by the clock of a domain, and the leaps of an `auto` clock. */
export interface Sleepers {
  /** Resolves once the domain's time has come that far, or earlier. */
  sleep: (request: SleepRequest) => Promise<SleepResult>
  /** Forgets a sleeper; its sleep ends early. Throws if it is unknown. */
  drop: (name: string) => void
  /** The same, but returns false if it is unknown. */
  forget: (name: string) => boolean
  /** By name. */
  list: () => readonly SleeperReading[]
}

interface Sleep {
  readonly until: Instant
  /** On the monotonic clock. */
  readonly endsEarlyAt: Micros
  readonly resolve: (result: SleepResult) => void
  readonly reject: (error: unknown) => void
}

interface Sleeper {
  readonly name: string
  /** undefined: it is awake. */
  sleep: Sleep | undefined
  /** The instant from which a sleep within the lease counts, and when that was on the monotonic clock. */
  wokenAt: Instant
  wokenElapsed: Micros
  /** Its last sleep or call, on the monotonic clock. */
  seenElapsed: Micros
}

type SleepingSleeper = Sleeper & { sleep: Sleep }

/**
 * Sleeps belong to connections: they are not stored, and a restart ends them. Everything is decided in `settle`, from
 * the clock and the list of sleepers; the timer only says when to look again.
 */
export function createSleepers(state: DomainState, requests: Pick<Requests, 'inFlight' | 'watch'>): Sleepers {
  const { real } = state.services
  const sleepers = new Map<string, Sleeper>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isScheduled = false
  /** The mode of the clock and the epoch of the domain for which the instants of the sleeps are valid. */
  let settledFor = ''
  /** The last `expectedSleepers` that was reached: a sleeper that leaves later does not stop the clock. */
  let completeFor = 0

  const all = (): readonly Sleeper[] => [...sleepers.values()]
  const asleep = (): readonly SleepingSleeper[] => all().filter(isAsleep)
  const leaseOf = (): Micros => state.record.clock.lease ?? DEFAULT_LEASE

  requests.watch(() => {
    if (sleepers.size === 0) return
    renewLeases()
    schedule()
  })
  state.changes.watch(schedule)

  /** A call does not name its sleeper. It renews the sleepers that woke last, because they are the most likely callers. */
  function renewLeases(): void {
    const awake = all().filter((sleeper) => !isAsleep(sleeper))
    const newest = Math.max(...awake.map(({ wokenAt }) => wokenAt))
    for (const sleeper of awake) if (sleeper.wokenAt === newest) sleeper.seenElapsed = real.elapsed()
  }

  function wake(sleeper: SleepingSleeper, now: Instant): void {
    const { resolve, until } = sleeper.sleep
    const isOnTime = until <= now && now - until <= MAX_LATENESS
    const elapsed = real.elapsed()
    const wokenAt = isOnTime ? until : now
    Object.assign(sleeper, { sleep: undefined, wokenAt, wokenElapsed: elapsed, seenElapsed: elapsed })
    resolve({ now, isEarly: now < until })
  }

  /** Wakes all at the base of the clock, to which the change that ends the sleeps has set it. */
  function wakeAll(): void {
    const now = state.record.clock.base
    for (const sleeper of asleep()) wake(sleeper, now)
  }

  function forget(name: string): boolean {
    const sleeper = sleepers.get(name)
    if (sleeper === undefined) return false
    sleepers.delete(name)
    if (isAsleep(sleeper)) wake(sleeper, state.now())
    // A timer that is left would keep the process alive.
    if (sleepers.size === 0) clearTimeout(timer)
    schedule()
    return true
  }

  function refuse(error: unknown): void {
    for (const { sleep } of asleep()) sleep.reject(error)
    sleepers.clear()
  }

  /** Drops the sleepers whose lease is over. While a request is in flight, its sleeper waits for the response. */
  function dropLapsed(): void {
    if (requests.inFlight().length > 0) return
    const latest = real.elapsed() - leaseOf()
    for (const sleeper of all()) if (!isAsleep(sleeper) && sleeper.seenElapsed < latest) sleepers.delete(sleeper.name)
  }

  /** After a change of mode, a reset or a loaded snapshot, the instants of sleeps mean nothing. */
  function endOutdated(): void {
    const { mode } = state.record.clock
    const current = `${mode} ${state.epoch}`
    if (settledFor === current) return
    settledFor = current
    completeFor = 0
    wakeAll()
  }

  function wakeDue(now: Instant): void {
    const elapsed = real.elapsed()
    for (const sleeper of asleep().toSorted(byInstantAndName)) {
      const { until, endsEarlyAt } = sleeper.sleep
      if (until <= now || endsEarlyAt <= elapsed) wake(sleeper, now)
    }
  }

  /** The earliest wake-up if the clock may leap there: nobody is awake, and nothing is under way. */
  function leapGoal(): Instant | undefined {
    const { mode, expectedSleepers = 0 } = state.record.clock
    if (sleepers.size >= expectedSleepers) completeFor = expectedSleepers
    const mayLeap =
      mode === 'auto' && completeFor === expectedSleepers && all().every(isAsleep) && requests.inFlight().length === 0
    return mayLeap && state.gate.busy === undefined ? earliest(asleep()) : undefined
  }

  /**
   * The instant from which a sleep counts. Rounds on an `auto` clock are exact: what a client does between two sleeps
   * takes no time. Sleepers that the clock expects start together, when it was set.
   */
  function startOf(known: Sleeper | undefined): Instant {
    const { mode, base, elapsedStart, expectedSleepers = 0 } = state.record.clock
    const first = completeFor === expectedSleepers ? undefined : { wokenAt: base, wokenElapsed: elapsedStart }
    const last = known ?? first
    const isInRound = mode === 'auto' && last !== undefined && real.elapsed() - last.wokenElapsed <= leaseOf()
    return isInRound ? last.wokenAt : state.now()
  }

  function settle(): void {
    isScheduled = false
    clearTimeout(timer)
    if (sleepers.size === 0) return
    try {
      if (state.isGone) throw new EmulatorError('unauthorized', 'Invalid token', `the domain ${state.name} was deleted`)
      endOutdated()
      dropLapsed()
      wakeDue(state.now())
      const goal = leapGoal()
      if (goal !== undefined) {
        state.command(() => {
          state.moveTo(goal)
        })
        wakeDue(goal)
      }
    } catch (error) {
      refuse(error)
    }
    scheduleLater()
  }

  /** In the next turn of the event loop, so that calls that have arrived by now are in flight then. */
  function schedule(): void {
    if (isScheduled || sleepers.size === 0) return
    isScheduled = true
    setImmediate(settle)
  }

  /** Looks again when a sleep or a lease ends by itself. A lease matters only while others sleep. */
  function scheduleLater(): void {
    const pending = asleep()
    if (pending.length === 0) return
    const { clock } = state.record
    const [now, elapsed, lease] = [state.now(), real.elapsed(), leaseOf()]
    const ends = pending.map(({ sleep }) => sleep.endsEarlyAt - elapsed)
    if (isRunning(clock.mode)) ends.push(...pending.map(({ sleep }) => (sleep.until - now) / rateOf(clock)))
    for (const sleeper of all()) if (!isAsleep(sleeper)) ends.push(sleeper.seenElapsed + lease - elapsed)
    timer = setTimeout(settle, Math.max(1, Math.ceil(Math.min(...ends) / 1000)))
    void state.gate.busy?.then(schedule)
  }

  return {
    sleep: ({ for: length, name, signal }) => {
      endOutdated()
      dropLapsed()
      const known = sleepers.get(name)
      if (known !== undefined && isAsleep(known)) wake(known, state.now())
      const [now, elapsed] = [state.now(), real.elapsed()]
      const until = toInstant(Math.max(now, startOf(known) + length))
      if (!isInCalendar(until))
        throw new EmulatorError('badRequest', `a clock cannot pass ${CALENDAR_END}`, undefined, '/for')
      return new Promise((resolve, reject) => {
        const endsEarlyAt = toMicros(elapsed + MAX_SLEEP)
        const sleep: Sleep = { until, endsEarlyAt, resolve, reject }
        const sleeper = { name, sleep, wokenAt: now, wokenElapsed: elapsed, seenElapsed: elapsed }
        sleepers.set(name, sleeper)
        const onAbort = (): void => {
          if (sleeper.sleep === sleep) forget(name)
        }
        signal.addEventListener('abort', onAbort)
        if (signal.aborted) onAbort()
        schedule()
      })
    },
    drop: (name) => {
      if (!forget(name)) throw new EmulatorError('notFound', `no sleeper is named ${name.slice(0, 100)}`)
    },
    forget,
    list: () => {
      endOutdated()
      dropLapsed()
      return all()
        .map(({ name, sleep }) => ({ name, until: sleep?.until }))
        .toSorted((one, other) => compare(one.name, other.name))
    },
  }
}

function isAsleep(sleeper: Sleeper): sleeper is SleepingSleeper {
  return sleeper.sleep !== undefined
}

function earliest(sleeping: readonly SleepingSleeper[]): Instant | undefined {
  return sleeping.length === 0 ? undefined : toInstant(Math.min(...sleeping.map(({ sleep }) => sleep.until)))
}

function byInstantAndName(one: SleepingSleeper, other: SleepingSleeper): number {
  return one.sleep.until - other.sleep.until || compare(one.name, other.name)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one === other ? 0 : 1
}
