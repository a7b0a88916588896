import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { LAST_INSTANT, toInstant } from '../../src/model/time.ts'
import { formatInstant, parseInstant } from '../../src/wire/timestamps.ts'

const instant = fc.integer({ min: toInstant(-1 * LAST_INSTANT), max: LAST_INSTANT })
/** In the century of real jobs: whole seconds, milliseconds, microseconds. */
const recent = fc
  .tuple(fc.integer({ min: 0, max: 3_000_000_000_000_000 }), fc.constantFrom(1, 1_000, 1_000_000))
  .map(([at, unit]) => at - (at % unit))

describe('an instant', () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [1_707_211_374_517_569, '2024-02-06T09:22:54.517569Z'],
    [1_707_211_374_549_530, '2024-02-06T09:22:54.54953Z'],
    [1_707_211_374_500_000, '2024-02-06T09:22:54.5Z'],
    [1_707_211_374_000_001, '2024-02-06T09:22:54.000001Z'],
    [1_707_211_370_000_000, '2024-02-06T09:22:50Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
    [LAST_INSTANT, '2255-01-01T00:00:00Z'],
    [toInstant(-1 * LAST_INSTANT), '1684-12-31T00:00:00Z'],
  ])('writes %i as %s', (at, text) => {
    expect(formatInstant(toInstant(at))).toBe(text)
    expect(parseInstant(text)).toBe(at)
  })

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.oneof(instant, recent), (at) => {
        expect(parseInstant(formatInstant(toInstant(at)))).toBe(at)
      }),
    )
  })

  it.each([
    ['2024-02-06t09:22:54.5z', '2024-02-06T09:22:54.5Z'],
    ['2024-02-06T09:22:54.100Z', '2024-02-06T09:22:54.1Z'],
    ['2024-02-06T10:22:54+01:00', '2024-02-06T09:22:54Z'],
    ['2024-02-06T00:52:54.25-08:30', '2024-02-06T09:22:54.25Z'],
    ['2024-03-01T00:30:00+01:00', '2024-02-29T23:30:00Z'],
    ['2024-02-06T09:22:54.1234567Z', '2024-02-06T09:22:54.123456Z'],
    ['2024-02-06T09:22:54.999999999Z', '2024-02-06T09:22:54.999999Z'],
    ['1969-12-31T23:59:59.9999999Z', '1969-12-31T23:59:59.999999Z'],
    ['2024-12-31T23:59:59Z', '2024-12-31T23:59:59Z'],
    ['2023-02-28T00:00:00Z', '2023-02-28T00:00:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ])('may be written %s', (text, plain) => {
    expect(formatInstant(parseInstant(text)!)).toBe(plain)
  })

  it('is the same with a UTC offset as with Z, and refused with both or neither', () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'))
    const year = fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1890, max: 2260 }))
    const moment = fc
      .tuple(year, part(14), part(33), part(25), part(61), part(61), fc.constantFrom('', '.5', '.000001', '.123456'))
      .map(([y, mo, d, h, mi, s, fraction]) => `${String(y).padStart(4, '0')}-${mo}-${d}T${h}:${mi}:${s}${fraction}`)
    fc.assert(
      fc.property(moment, (text) => {
        expect(parseInstant(`${text}Z`)).toBe(parseInstant(`${text}+00:00`))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('an invalid instant', () => {
  it.each([
    ['a day without a time', '2024-02-06'],
    ['a time without a zone', '2024-02-06T09:22:54'],
    ['a time without seconds', '2024-02-06T09:22Z'],
    ['a space for the T', '2024-02-06 09:22:54Z'],
    ['an empty fraction', '2024-02-06T09:22:54.Z'],
    ['a fraction after a comma', '2024-02-06T09:22:54,5Z'],
    ['a fraction of ten digits', '2024-02-06T09:22:54.1234567890Z'],
    ['a zone without a colon', '2024-02-06T09:22:54+0100'],
    ['a zone of letters', '2024-02-06T09:22:54UTC'],
    ['an invalid zone', '2024-02-06T09:22:54+24:00'],
    ['a year of two digits', '24-02-06T09:22:54Z'],
    ['a year of five digits', '02024-02-06T09:22:54Z'],
    ['a year of six digits', '+002024-02-06T09:22:54Z'],
    ['a month of one digit', '2024-2-06T09:22:54Z'],
    ['a day of one digit', '2024-02-6T09:22:54Z'],
    ['an hour of one digit', '2024-02-06T9:22:54Z'],
    ['a minute of one digit', '2024-02-06T09:2:54Z'],
    ['a second of one digit', '2024-02-06T09:22:4Z'],
    // With one digit the sign after it is read as a digit.
    ['hour zero of one digit', '2024-02-06T0:00:00Z'],
    ['minute zero of one digit', '2024-02-06T09:0:00Z'],
    ['second zero of one digit', '2024-02-06T09:22:0Z'],
    // ASCII characters around the digits whose codes add up to 2000, 1 or 11.
    ['a year of signs', '/N/:-02-06T09:22:54Z'],
    ['a month of signs', '2024-/;-06T09:22:54Z'],
    ['a day of signs', '2024-02-/;T09:22:54Z'],
    ['an hour of signs', '2024-02-06T/;:22:54Z'],
    ['a minute of signs', '2024-02-06T09:/;:54Z'],
    ['a second of signs', '2024-02-06T09:22:/;Z'],
    ['a fraction of signs', '2024-02-06T09:22:54.;Z'],
    ['an invalid month', '2024-13-06T09:22:54Z'],
    ['month zero', '2024-00-06T09:22:54Z'],
    ['day zero', '2024-02-00T09:22:54Z'],
    ['29 February of another year', '2023-02-29T09:22:54Z'],
    ['30 February', '2024-02-30T09:22:54Z'],
    ['31 April', '2024-04-31T09:22:54Z'],
    ['midnight as 24:00', '2024-02-06T24:00:00Z'],
    ['midnight as 24:00 elsewhere', '2024-02-06T24:00:00+01:00'],
    ['minute 60', '2024-02-06T09:60:54Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['text before it', 'at 2024-02-06T09:22:54Z'],
    ['text after it', '2024-02-06T09:22:54Z.'],
    ['text after its zone', '2024-02-06T09:22:54+01:00 and later'],
    ['a newline after it', '2024-02-06T09:22:54Z\n'],
    ['a NUL after it', '2024-02-06T09:22:54Z\u0000'],
    ['two instants', '2000-01-01T00:00:00.2024-02-06T09:22:54Z'],
    ['a remark after it', '2024-02-06T09:22:54Z (or later)'],
    ['a remark with an instant', '2024-02-06T09:22:54Z (2024-02-06T09:22:54Z'],
    ['a word', 'now'],
    ['nothing', ''],
    // Microseconds since 1970 are exact for 285 years only.
    ['a microsecond too late', '2255-01-01T00:00:00.000001Z'],
    ['a microsecond too early', '1684-12-30T23:59:59.999999Z'],
    ['the Middle Ages', '1500-01-01T00:00:00Z'],
    ['antiquity', '0050-01-01T00:00:00Z'],
    ['the far future', '9999-12-31T23:59:59Z'],
  ])('refuses %s', (_what, text) => {
    expect(parseInstant(text)).toBeUndefined()
  })
})
