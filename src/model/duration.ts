import { DAY, HOUR, LAST_INSTANT, MILLISECOND, MINUTE, SECOND, toMicros, type Micros } from './time.ts'

const UNITS: Readonly<Record<string, Micros>> = {
  d: DAY,
  h: HOUR,
  m: MINUTE,
  s: SECOND,
  ms: MILLISECOND,
  us: toMicros(1),
  µs: toMicros(1),
}

const SHORT = /^(?:\d+(?:\.\d+)?(?:ms|us|µs|d|h|m|s))+$/
const SHORT_PART = /(\d+(?:\.\d+)?)(ms|us|µs|d|h|m|s)/g
const ISO = /^P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const ISO_UNITS = [DAY, HOUR, MINUTE, SECOND]

/**
 * Reads a duration: `150ms`, `5s`, `11m`, `2h`, `365d`, as Go prints them (`1h30m0s`) or ISO 8601 (`PT5M`).
 *
 * @returns whole microseconds, or undefined when the text is none of these or too long for the calendar.
 * @example
 * ```ts
 * import { parseDuration } from './duration.ts'
 * parseDuration('1h30m0s') // => 5_400_000_000
 * ```
 */
export function parseDuration(text: string): Micros | undefined {
  const parts = SHORT.test(text) ? shortParts(text) : isoParts(text)
  if (parts === undefined) return undefined
  const micros = toMicros(Math.round(parts.reduce((sum, part) => sum + part, 0)))
  return micros <= LAST_INSTANT ? micros : undefined
}

/** What an error about a duration names as expected. */
export const DURATION_EXPECTED =
  'a duration such as 150ms, 5s, 11m, 2h, 365d, 1h30m0s or PT5M (a bare number has no unit: write 5s)'

function shortParts(text: string): number[] {
  return [...text.matchAll(SHORT_PART)].map(([, amount, unit]) => Number(amount) * (UNITS[unit ?? ''] ?? 0))
}

function isoParts(text: string): number[] | undefined {
  const match = ISO.exec(text)
  return match?.slice(1).map((amount: string | undefined, index) => Number(amount ?? 0) * (ISO_UNITS[index] ?? 0))
}

/** Formats a duration as Go does (`1h2m3s`, `50s`, `150ms`), which is the form in CM's messages. */
export function formatDuration(micros: Micros): string {
  if (micros < SECOND) return micros % MILLISECOND === 0 && micros > 0 ? `${micros / MILLISECOND}ms` : subSecond(micros)
  const hours = Math.floor(micros / HOUR)
  const minutes = Math.floor((micros % HOUR) / MINUTE)
  const seconds = (micros % MINUTE) / SECOND
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}

function subSecond(micros: Micros): string {
  return micros === 0 ? '0s' : `${micros}µs`
}
