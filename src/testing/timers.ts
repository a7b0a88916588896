import { toMicros } from '../model/time.ts'
import type { AdvanceAnswer, DomainHandle, TransitionAnswer } from '../index.ts'
import { formatDuration, parseDuration } from '../model/duration.ts'
import type { LocalRequests } from './in-flight.ts'

/** What fakes the timers of a test: `vi` of vitest, `jest` of jest. */
export interface FakeTimers {
  readonly advanceTimersByTimeAsync: (milliseconds: number) => Promise<unknown>
}

interface Advancing {
  readonly domain: DomainHandle
  readonly local: LocalRequests
  readonly timers: FakeTimers
}

/** How fake timers are kept by @sinonjs/fake-timers, which vitest and jest bring: a Map, in older versions an object. */
interface FakeClock {
  readonly now: number
  readonly timers?: Map<unknown, FakeTimer> | Readonly<Record<string, FakeTimer>>
}

interface FakeTimer {
  readonly callAt: number
}

// The test's own are fake by then.
const turn = globalThis.setImmediate
const FAKED = "['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date']"
const NAMED_TRANSITIONS = 1000
const MAX_STOPS = 100_000

/**
 * Lets time pass for a client whose timers are faked: from one of its timers to the next, the domain's clock in step, and
 * after each until no request is in flight.
 */
export async function advanceWithTimers(advancing: Advancing, by: string): Promise<AdvanceAnswer> {
  const { domain, timers } = advancing
  const clock = fakeClock()
  const end = clock.now + millisecondsOf(by)
  const transitions: TransitionAnswer[] = []
  let total = 0
  await settle(advancing)
  for (let stops = 0; ; stops += 1) {
    const next = nextTimer(clock)
    if (clock.now >= end && (next === undefined || next > end)) break
    if (stops === MAX_STOPS)
      throw new Error(`the client set ${MAX_STOPS} timers within ${by}: it does not come to an end`)
    const step = Math.max(0, Math.min(next ?? end, end) - clock.now)
    if (step > 0) {
      const advanced = await domain.clock.advance(formatDuration(toMicros(Math.round(step * 1000))))
      total += advanced.total
      transitions.push(...advanced.transitions.slice(0, NAMED_TRANSITIONS - transitions.length))
    }
    await timers.advanceTimersByTimeAsync(step)
    await settle(advancing)
  }
  const { now } = await domain.clock.read()
  return { now, total, transitions }
}

function fakeClock(): FakeClock {
  const clockOf = (timer: unknown): FakeClock | undefined => (timer as { clock?: FakeClock }).clock
  const clock = clockOf(globalThis.setTimeout)
  if (clock === undefined)
    throw new Error(`there are no fake timers to advance: first vi.useFakeTimers({ toFake: ${FAKED} })`)
  if (clockOf(globalThis.setImmediate) !== undefined || clockOf(globalThis.queueMicrotask) !== undefined)
    throw new Error(
      `only timers and Date may be faked, or answers cannot arrive: vi.useFakeTimers({ toFake: ${FAKED} })`,
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

/** Waits for real until nothing of the domain is in flight, neither here nor at the server, and nothing new begins. */
async function settle({ domain, local }: Omit<Advancing, 'timers'>): Promise<void> {
  let begun: number
  do {
    await turns()
    await local.idle()
    begun = local.begun()
    await domain.settle({ timeout: '30s' })
    await turns()
  } while (local.open() > 0 || local.begun() !== begun)
}

/** Enough for what an answer sets off in a client: promises, then the next call or timer. */
async function turns(): Promise<void> {
  for (let left = 4; left > 0; left -= 1)
    await new Promise<void>((resolve) => {
      turn(resolve)
    })
}
