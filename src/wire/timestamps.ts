import { LAST_INSTANT, SECOND, type Instant } from '../model/time.ts'

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/

/**
 * Reads an RFC 3339 instant with up to nine digits of fraction; what is finer than a microsecond is cut.
 *
 * @returns undefined for anything else, days that the calendar does not have included.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text)
  if (match === null) return undefined
  const [, date = '', time = '', fraction = '', zone = 'Z'] = match
  const milliseconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`)
  if (Number.isNaN(milliseconds) || !isRealDay(date)) return undefined
  const instant = milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'))
  return Math.abs(instant) <= LAST_INSTANT ? instant : undefined
}

/** `Date.parse` takes 30 February for 1 March; the calendar does not. */
function isRealDay(date: string): boolean {
  const isInEveryMonth = Number(date.slice(8)) <= 28
  return isInEveryMonth || new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
}

/** Writes an instant as the vendor does: UTC, `Z`, microseconds with the trailing zeros of the fraction cut. */
export function formatInstant(instant: Instant): string {
  const seconds = Math.floor(instant / SECOND)
  const micros = instant - seconds * SECOND
  const whole = new Date(seconds * 1000).toISOString().slice(0, -5)
  if (micros === 0) return `${whole}Z`
  return `${whole}.${String(micros).padStart(6, '0').replace(/0+$/, '')}Z`
}
