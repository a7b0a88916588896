declare const unit: unique symbol

/** A moment: whole microseconds since 1970-01-01T00:00:00Z, the precision the vendor writes. */
export type Instant = number & { readonly [unit]: 'microseconds since 1970' }

/** A length of time in whole microseconds. */
export type Micros = number & { readonly [unit]: 'microseconds' }

/** Declares a number to be an instant: to the compiler, the sum of an instant and a length is a plain number. */
export function toInstant(microsSince1970: number): Instant {
  return microsSince1970 as Instant
}

/** Declares a number to be a length of time. */
export function toMicros(micros: number): Micros {
  return micros as Micros
}

export const MILLISECOND = toMicros(1_000)
export const SECOND = toMicros(1_000_000)
export const MINUTE = toMicros(60 * SECOND)
export const HOUR = toMicros(60 * MINUTE)
export const DAY = toMicros(24 * HOUR)

/**
 * The end of the emulator's calendar, 2255-01-01T00:00:00Z: the last new year whose instants are exact numbers. The calendar
 * begins as long before 1970.
 */
export const LAST_INSTANT = toInstant(8_993_721_600 * SECOND)

/** Where the calendar ends, for messages. */
export const CALENDAR_END = "2255-01-01T00:00:00Z, the end of the emulator's calendar"

/** True if an instant is an exact number: the limit of all instants that are read, planned or reached. */
export function isInCalendar(instant: Instant): boolean {
  return Math.abs(instant) <= LAST_INSTANT
}
