/** A moment: whole microseconds since 1970-01-01T00:00:00Z, the precision the vendor writes. */
export type Instant = number

/** A length of time in whole microseconds. */
export type Micros = number

export const MILLISECOND: Micros = 1_000
export const SECOND: Micros = 1_000_000
export const MINUTE: Micros = 60 * SECOND
export const HOUR: Micros = 60 * MINUTE
export const DAY: Micros = 24 * HOUR

/**
 * The end of the emulator's calendar, 2255-01-01T00:00:00Z: the last new year whose instants are exact numbers. The calendar
 * begins as long before 1970.
 */
export const LAST_INSTANT: Instant = 8_993_721_600 * SECOND

/** Where the calendar ends, for messages. */
export const CALENDAR_END = "2255-01-01T00:00:00Z, the end of the emulator's calendar"

/** Whether an instant is an exact number: the limit of all instants that are read, planned or reached. */
export function isInCalendar(instant: Instant): boolean {
  return Math.abs(instant) <= LAST_INSTANT
}
