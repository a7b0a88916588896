import { toMicros } from '../model/time.ts'
import type { AdvanceAnswer, DomainHandle, TransitionAnswer } from '../index.ts'
import { formatDuration, parseDuration } from '../model/duration.ts'
import type { LocalRequests } from './in-flight.ts'

/** The object that controls the fake timers of a test: `vi` of vitest, `jest` of jest. */
export interface FakeTimers {
  readonly advanceTimersByTimeAsync: (milliseconds: number) => Promise<unknown>
}

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
const FAKED = "['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date']"
const MAX_TRANSITIONS = 1000
const MAX_STOPS = 100_000

/**
 * Advances the fake timers of a client and the domain's clock together, timer by timer, and after each timer waits until no
 * request is in flight.
 */
export async function advanceWithTimers(context: AdvanceContext, by: string): Promise<AdvanceAnswer> {
  const { domain, timers } = context
  const clock = fakeClock()
  const end = clock.now + millisecondsOf(by)
  const transitions: TransitionAnswer[] = []
  let total = 0
  await waitUntilIdle(context)
  for (let stops = 0; ; stops += 1) {
    const next = nextTimer(clock)
    if (clock.now >= end && (next === undefined || next > end)) break
    if (stops === MAX_STOPS) throw new Error(`the client set ${MAX_STOPS} timers within ${by} and would not stop`)
    const step = Math.max(0, Math.min(next ?? end, end) - clock.now)
    if (step > 0) {
      const advanced = await domain.clock.advance(formatDuration(toMicros(Math.round(step * 1000))))
      total += advanced.total
      transitions.push(...advanced.transitions.slice(0, MAX_TRANSITIONS - transitions.length))
    }
    await timers.advanceTimersByTimeAsync(step)
    await waitUntilIdle(context)
  }
  const { now } = await domain.clock.read()
  return { now, total, transitions }
}

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
