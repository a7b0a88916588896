import { EmulatorError } from '../errors.ts'
import { DURATION_EXPECTED, parseDuration } from '../model/duration.ts'
import type { Instant, Micros } from '../model/time.ts'
import { parseInstant, whyNoInstant } from '../wire/timestamps.ts'

/**
 * Readers of the values of queries and bodies. A value that is not of the expected form is a bad request with `pointer`, its
 * place in the body or the name of its query parameter.
 */

export function microsOf(text: string, pointer: string): Micros {
  const micros = parseDuration(text)
  if (micros === undefined) throw invalid(pointer, `${JSON.stringify(text)} is not ${DURATION_EXPECTED}`)
  return micros
}

export function instantOf(text: string, pointer: string): Instant {
  const instant = parseInstant(text)
  if (instant === undefined) throw invalid(pointer, `${JSON.stringify(text)} ${whyNoInstant(text)}`)
  return instant
}

/** Only `true` and `false`, so that no `yes`, `1` or `0` is misread. */
export function flagOf(text: string | undefined, pointer: string): boolean {
  if (text === undefined || text === 'false') return false
  if (text !== 'true') throw invalid(pointer, `${JSON.stringify(text)} is not true or false`)
  return true
}

/** A whole number from -1 up, which means all. */
export function countOf(text: string | undefined, pointer: string, absent: number): number {
  if (text === undefined || text === '') return absent
  const count = /^-?\d{1,9}$/.test(text) ? Number(text) : NaN
  if (Number.isNaN(count) || count < -1) throw invalid(pointer, `${JSON.stringify(text)} is not a whole number`)
  return count
}

/** How many entries a list skips. */
export function skipOf(text: string | undefined): number {
  const skip = countOf(text, '/skip', 0)
  if (skip < 0) throw invalid('/skip', `${JSON.stringify(text)} is less than 0`)
  return skip
}

export function invalid(pointer: string, message: string): EmulatorError {
  return new EmulatorError('badRequest', `${pointer === '' ? 'the body' : pointer} ${message}`, undefined, pointer)
}
