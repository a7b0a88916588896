import { CALENDAR_END, SECOND, isInCalendar, toInstant, type Instant } from '../model/time.ts'

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.(\d{1,9}))?(?:[Zz]|[+-]\d{2}:\d{2})$/

/**
 * Reads an RFC 3339 instant with up to nine digits of fraction; digits past the microseconds are dropped.
 *
 * @returns undefined for anything else, including dates that do not exist and instants that are not exact.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text)
  const written = text.toUpperCase()
  const seconds = Math.floor(Date.parse(written) / 1000)
  if (match === null || Number.isNaN(seconds) || !isReal(written.slice(0, 10))) return undefined
  const [, fraction = ''] = match
  const instant = toInstant(seconds * SECOND + Number(fraction.slice(0, 6).padEnd(6, '0')))
  return isInCalendar(instant) ? instant : undefined
}

/** Says why a value is not an instant. */
export function whyNoInstant(text: unknown, example = '2026-01-01T00:00:00Z'): string {
  const isInstant = typeof text === 'string' && RFC_3339.test(text) && !Number.isNaN(Date.parse(text.toUpperCase()))
  return isInstant && isReal(text.slice(0, 10))
    ? `is too early, or after ${CALENDAR_END}`
    : `is not an RFC 3339 instant such as ${example}`
}

const SHORTEST_MONTH = 28

/** `Date.parse` takes 30 February for 1 March; the calendar does not. */
function isReal(date: string): boolean {
  const day = Number(date.slice(-2))
  return day <= SHORTEST_MONTH || new Date(date).getUTCDate() === day
}

/** The same to the nanosecond. `nanos`, 1 to 999, are those below the microsecond of the instant. */
export function formatNanoseconds(instant: Instant, nanos: number): string {
  const seconds = Math.floor(instant / SECOND)
  const fraction = (instant - seconds * SECOND) * 1000 + nanos
  const whole = new Date(seconds * 1000).toISOString().slice(0, -5)
  return `${whole}.${String(fraction).padStart(9, '0').replace(/0+$/, '')}Z`
}

/** Writes an instant as the vendor does: UTC, `Z`, microseconds with the trailing zeros of the fraction cut. */
export function formatInstant(instant: Instant): string {
  const seconds = Math.floor(instant / SECOND)
  const micros = instant - seconds * SECOND
  const whole = new Date(seconds * 1000).toISOString().slice(0, -5)
  if (micros === 0) return `${whole}Z`
  return `${whole}.${String(micros).padStart(6, '0').replace(/0+$/, '')}Z`
}
