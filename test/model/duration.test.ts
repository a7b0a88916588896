import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../src/model/duration.ts'
import { DAY, HOUR, LAST_INSTANT, MILLISECOND, MINUTE, SECOND, toMicros } from '../../src/model/time.ts'

describe('reading a duration', () => {
  it.each([
    ['0s', 0],
    ['150ms', 150 * MILLISECOND],
    ['5s', 5 * SECOND],
    ['11m', 11 * MINUTE],
    ['2h', 2 * HOUR],
    ['365d', 365 * DAY],
    ['1.5s', 1_500_000],
    ['7us', 7],
    ['7µs', 7],
    ['1h30m0s', 90 * MINUTE],
    ['2h0m0.5s', 2 * HOUR + 500 * MILLISECOND],
    ['PT5M', 5 * MINUTE],
    ['PT0S', 0],
    ['PT1.25S', 1_250_000],
    ['P1D', DAY],
    ['P1DT2H3M4S', DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND],
    ['0.4us', 0],
  ])('reads %s', (text, micros) => {
    expect(parseDuration(text)).toBe(micros)
  })
})

describe('an invalid duration', () => {
  it.each([
    ...['', '5', '-5s', '+5s', '5 s', ' 5s', '5s ', '5S', '.5s', '5.s', '1e3s', 's', '5x', '5sec', 'never', '40%'],
    ...['P', 'PT', 'P1DT', 'P1Y', 'P1M', 'PT5', 'pt5m', 'P5S', 'Infinity', '1,5s', '٥s', '5s\n'],
    ...['104100d', '9'.repeat(400) + 's', 'PT' + '9'.repeat(400) + 'S'],
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

describe('writing a duration like Go', () => {
  it.each([
    [0, '0s'],
    [1, '1µs'],
    [1_500, '1500µs'],
    [150 * MILLISECOND, '150ms'],
    [SECOND, '1s'],
    [1_666_667, '1.666667s'],
    [MINUTE, '1m0s'],
    [HOUR + 2 * MINUTE + 3 * SECOND, '1h2m3s'],
    [365 * DAY, '8760h0m0s'],
  ])('writes %i', (micros, text) => {
    expect(formatDuration(toMicros(micros))).toBe(text)
  })
})

it('reads a written duration as the same value', () => {
  const micros = fc.oneof(fc.integer({ min: 0, max: LAST_INSTANT }), fc.integer({ min: 0, max: 2 * MINUTE }))
  fc.assert(
    fc.property(micros, (length) => {
      expect(parseDuration(formatDuration(toMicros(length)))).toBe(length)
    }),
  )
})

it('reads both spellings of a duration as the same value', () => {
  const count = fc.nat({ max: 99 })
  fc.assert(
    fc.property(count, count, count, (hours, minutes, seconds) => {
      expect(parseDuration(`PT${hours}H${minutes}M${seconds}S`)).toBe(parseDuration(`${hours}h${minutes}m${seconds}s`))
    }),
  )
})
