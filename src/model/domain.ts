import type { Instant, Micros } from './time.ts'

/** The root domain's id, as in every JWT sample of the vendor. */
export const ROOT_DOMAIN_ID = '00000000-0000-0000-0000-000000000000'
export const ROOT_DOMAIN = 'root'

/** Names of domains: 1 to 64 of these characters, equal without case; not `.` or `..`, which URLs resolve. */
export const DOMAIN_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/

/** The largest rate of a running clock; the smallest is anything above 0. */
export const MAX_RATE = 1_000_000

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * True if a name has the form of a domain's id. No domain gets such a name: a sign-in by id would find the wrong
 * domain.
 */
export function isIdLike(name: string): boolean {
  return UUID.test(name)
}

/**
 * The name of the domain at a path of the vendor's API: the segments below root, joined with dots, so that `/root/a/b` is
 * the domain `a.b`. A path with a segment that cannot be a name comes back unchanged, and is then no name either.
 */
export function domainNameOf(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '')
  const below = segments[0]?.toLowerCase() === ROOT_DOMAIN ? segments.slice(1) : segments
  if (below.length === 0) return ROOT_DOMAIN
  return below.every((segment) => DOMAIN_NAME.test(segment)) ? below.join('.') : path
}

export const CLOCK_MODES = ['running', 'frozen', 'step', 'auto'] as const
export type ClockMode = (typeof CLOCK_MODES)[number]

/** True if a clock moves by itself: `auto` is a running clock at rate 1 that also leaps to the next wake-up. */
export function isRunning(mode: ClockMode): boolean {
  return mode === 'running' || mode === 'auto'
}

/** Domain seconds per real second, while a clock runs. */
export function rateOf({ mode, rate }: Pick<ClockState, 'mode' | 'rate'>): number {
  return mode === 'auto' ? 1 : rate
}

/**
 * The stored state of a clock. `running` and `auto`: now = `base` + (elapsed - `elapsedStart`) * rate; `frozen` and `step`:
 * now = `base`.
 * There is no timer behind it.
 */
export interface ClockState {
  readonly mode: ClockMode
  readonly base: Instant
  /** Real time at which the clock was set to `base`; a restart continues from there. */
  readonly realStart: Instant
  /** The same moment on the monotonic clock of this process; meaningless in another process. */
  readonly elapsedStart: Micros
  /** Of a running clock; the rate of `auto` is 1. */
  readonly rate: number
  /** Of `auto`: the real time after which a sleeper that neither sleeps nor calls is dropped; absent: five seconds. */
  readonly lease?: Micros | undefined
  /** Of `auto`: it does not leap before it knows this many sleepers. */
  readonly expectedSleepers?: number | undefined
}
