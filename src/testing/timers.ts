import { toMicros } from '../model/time.ts'
import type { AdvanceAnswer, DomainHandle, TransitionAnswer } from '../index.ts'
import { formatDuration, parseDuration } from '../model/duration.ts'
import { sleep } from '../timers.ts'
import type { LocalRequests } from './in-flight.ts'

/** The object that controls the fake timers of a test: `vi` of vitest, `jest` of jest. */
export interface FakeTimers {
  readonly advanceTimersByTimeAsync: (milliseconds: number) => Promise<unknown>
}

/** The same, able to turn fake timers on and off: `vi`, `jest`. */
interface SwitchableTimers extends FakeTimers {
  readonly useFakeTimers: (options: {
    now: Date
    /** For vitest. */
    toFake: Faked[]
    /** For jest. */
    doNotFake: NotFaked[]
  }) => unknown
  readonly useRealTimers: () => unknown
}

/** How `clock.run` drives a client. */
export interface RunOptions {
  readonly timers: SwitchableTimers
  /** A duration of the domain's time after which the client must be done; `'1h'` unless given. */
  readonly max?: string
}

const FAKED_GLOBALS = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const
const REAL_GLOBALS = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
  ...(['setImmediate', 'clearImmediate'] as const),
] as const

type Faked = (typeof FAKED_GLOBALS)[number]
type NotFaked = (typeof REAL_GLOBALS)[number]

interface AdvanceContext {
  readonly domain: DomainHandle
  readonly local: LocalRequests
  readonly timers: FakeTimers
}

/** The clock of @sinonjs/fake-timers, which vitest and jest use. Its timers are a Map, in older versions an object. */
interface FakeClock {
  readonly now: number
  readonly timers?: Map<unknown, FakeTimer> | Readonly<Record<string, FakeTimer>>
}

interface FakeTimer {
  readonly callAt: number
}

// Bound when the module is loaded: a test may fake it later.
const turn = globalThis.setImmediate
const FAKED = `[${FAKED_GLOBALS.map((name) => `'${name}'`).join(', ')}]`
const MAX_TRANSITIONS = 1000
const MAX_STOPS = 100_000

/**
 * Advances the fake timers of a client and the domain's clock together, timer by timer, and after each timer waits until no
 * request is in flight.
 */
export async function advanceWithTimers(context: AdvanceContext, by: string): Promise<AdvanceAnswer> {
  const { domain } = context
  const clock = fakeClock()
  const end = clock.now + millisecondsOf(by)
  const transitions: TransitionAnswer[] = []
  let total = 0
  const resume = await freezeStepping(domain)
  try {
    await waitUntilIdle(context)
    for (let stops = 0; ; stops += 1) {
      const next = nextTimer(clock)
      if (clock.now >= end && (next === undefined || next > end)) break
      if (stops === MAX_STOPS) throw new Error(`the client set ${MAX_STOPS} timers within ${by} and would not stop`)
      const advanced = await advanceBoth(context, Math.min(next ?? end, end) - clock.now)
      total += advanced.total
      transitions.push(...advanced.transitions.slice(0, MAX_TRANSITIONS - transitions.length))
    }
  } finally {
    await resume()
  }
  const { now } = await domain.clock.read()
  return { now, total, transitions }
}

/**
 * A poll moves a `step` clock, and the client's timers would not follow: such a clock is frozen meanwhile. Returns a function
 * that restores its mode.
 */
async function freezeStepping({ clock }: DomainHandle): Promise<() => Promise<unknown>> {
  if ((await clock.read()).mode !== 'step') return () => Promise.resolve()
  await clock.freeze()
  return clock.step
}

/** Advances the clock of the domain, then the timers of the client, and waits until its requests are answered. */
async function advanceBoth(context: AdvanceContext, milliseconds: number): Promise<Omit<AdvanceAnswer, 'now'>> {
  const { domain, timers } = context
  const by = formatDuration(toMicros(Math.max(0, Math.round(milliseconds * 1000))))
  const advanced = milliseconds > 0 ? await domain.clock.advance(by) : { total: 0, transitions: [] }
  await timers.advanceTimersByTimeAsync(Math.max(0, milliseconds))
  await waitUntilIdle(context)
  return advanced
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown }

/**
 * Runs a client on fake timers, and lets the time of the client and of the domain pass together until its promise settles.
 *
 * @throws what the client throws, or an Error if it is not done within `max`.
 */
export async function runWithTimers<T>(
  context: Omit<AdvanceContext, 'timers'>,
  work: () => T | Promise<T>,
  { timers, max = '1h' }: Partial<RunOptions>,
): Promise<T> {
  const length = millisecondsOf(max)
  if (!isSwitchable(timers)) throw new TypeError(NEEDED_TIMERS)
  const { domain } = context
  const resume = await freezeFor(domain)
  try {
    const now = new Date((await domain.clock.read()).now)
    timers.useFakeTimers({ now, toFake: [...FAKED_GLOBALS], doNotFake: [...REAL_GLOBALS] })
    const outcome = await outcomeOf({ ...context, timers }, work, { max, length })
    if ('error' in outcome) throw outcome.error
    return outcome.value
  } finally {
    timers.useRealTimers()
    await resume()
  }
}

const SWITCHES = ['useFakeTimers', 'advanceTimersByTimeAsync', 'useRealTimers'] as const
const NEEDED_TIMERS =
  'run needs the fake timers of the test: run(work, { timers: vi }) with vitest, jest with jest, ' +
  `or an object that has ${SWITCHES.join(', ')}`

/** False for sinon and for `mock.timers` of node:test, which lack some of the functions. */
function isSwitchable(timers: Partial<SwitchableTimers> | null | undefined): timers is SwitchableTimers {
  return SWITCHES.every((name) => typeof timers?.[name] === 'function')
}

/** Freezes the clock, by which tokens expire meanwhile. Returns a function that restores both. */
async function freezeFor(domain: DomainHandle): Promise<() => Promise<void>> {
  const { mode, lease, expectedSleepers: sleepers } = await domain.clock.read()
  const { tokenClock } = await domain.settings()
  await domain.clock.freeze()
  await domain.settings({ tokenClock: 'domain' })
  return async () => {
    await domain.clock.set({ mode, lease, sleepers })
    await domain.settings({ tokenClock })
  }
}

async function outcomeOf<T>(
  context: AdvanceContext,
  work: () => T | Promise<T>,
  { max, length }: { readonly max: string; readonly length: number },
): Promise<Outcome<T>> {
  const clock = fakeClock()
  const end = clock.now + length
  let outcome: Outcome<T> | undefined
  // Attached at once, so that no rejection is unhandled.
  const settled = settle(work).then((settledAs) => (outcome = settledAs))
  for (let stops = 0; ; stops += 1) {
    await waitUntilIdle(context)
    const next = nextTimer(clock) ?? (outcome === undefined ? await timerWithin(clock, settled) : undefined)
    if (outcome !== undefined) return outcome
    if (next === undefined || next > end || stops === MAX_STOPS)
      throw new Error(await whyNotDone(context, { max, next: stops === MAX_STOPS ? undefined : next, now: clock.now }))
    await advanceBoth(context, next - clock.now)
  }
}

async function settle<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

/** How long a client may do without a timer and a request, in real time: it reads a file, or computes. */
const MAX_REAL_MS = 5_000
const LOOK_MS = 5

/** The next timer that the client sets, or undefined once it is done, or if it sets none. */
async function timerWithin(clock: FakeClock, settled: Promise<unknown>): Promise<number | undefined> {
  const watch = new AbortController()
  void settled.then(() => {
    watch.abort()
  })
  for (let waited = 0; waited < MAX_REAL_MS && !watch.signal.aborted; waited += LOOK_MS) {
    const next = nextTimer(clock)
    if (next !== undefined) return next
    await sleep(LOOK_MS, watch.signal)
  }
  return undefined
}

interface Unfinished {
  readonly max: string
  readonly next: number | undefined
  readonly now: number
}

async function whyNotDone({ domain }: AdvanceContext, { max, next, now }: Unfinished): Promise<string> {
  const waitsFor =
    next === undefined
      ? 'it waits for something other than a fake timer or an answer (timers of node:timers/promises are real)'
      : `its next timer is due in ${formatDuration(toMicros(Math.round((next - now) * 1000)))}`
  const { jobs } = await domain.jobs.list({ limit: MAX_NAMED_JOBS, overall_status: 'in_progress' })
  const explained = await Promise.all(
    jobs.map(async ({ id }) => `\njob ${id}: ${(await domain.jobs.explain(id)).text}`),
  )
  return `the client was not done within ${max} of the domain's time: ${waitsFor}${explained.join('')}`
}

const MAX_NAMED_JOBS = 5

function fakeClock(): FakeClock {
  const clockOf = (timer: unknown): FakeClock | undefined => (timer as { clock?: FakeClock }).clock
  const clock = clockOf(globalThis.setTimeout)
  if (clock === undefined)
    throw new Error(`there are no fake timers to advance: call vi.useFakeTimers({ toFake: ${FAKED} }) first`)
  if (clockOf(globalThis.setImmediate) !== undefined || clockOf(globalThis.queueMicrotask) !== undefined)
    throw new Error(
      `fake only timers and Date, otherwise responses cannot arrive: vi.useFakeTimers({ toFake: ${FAKED} })`,
    )
  return clock
}

function nextTimer({ timers }: FakeClock): number | undefined {
  const all = timers instanceof Map ? [...timers.values()] : Object.values(timers ?? {})
  return all.length === 0 ? undefined : Math.min(...all.map(({ callAt }) => callAt))
}

function millisecondsOf(by: string): number {
  const micros = parseDuration(by)
  if (micros === undefined) throw new TypeError(`${JSON.stringify(by)} is not a duration such as 150ms, 5s, 11m or 2h`)
  return micros / 1000
}

/** Waits in real time until no request is in flight, in this process or at the server, and no new one has started. */
async function waitUntilIdle({ domain, local }: Omit<AdvanceContext, 'timers'>): Promise<void> {
  let started: number
  do {
    await turns()
    await local.idle()
    started = local.started()
    await domain.settle({ timeout: '30s' })
    await turns()
  } while (local.open() > 0 || local.started() !== started)
}

/** Waits long enough for a client to process a response: its promises, then its next call or timer. */
async function turns(): Promise<void> {
  for (let left = 4; left > 0; left -= 1)
    await new Promise<void>((resolve) => {
      turn(resolve)
    })
}
