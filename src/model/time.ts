/** A moment: whole microseconds since 1970-01-01T00:00:00Z, the precision the vendor writes. */
export type Instant = number

/** A length of time in whole microseconds. */
export type Micros = number

export const MILLISECOND: Micros = 1_000
export const SECOND: Micros = 1_000_000
export const MINUTE: Micros = 60 * SECOND
export const HOUR: Micros = 60 * MINUTE
export const DAY: Micros = 24 * HOUR

/** The last instant that RFC 3339 and a JavaScript safe integer can both hold: 2255-01-01T00:00:00Z. */
export const LAST_INSTANT: Instant = 8_993_721_600 * SECOND
