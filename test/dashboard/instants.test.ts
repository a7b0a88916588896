import { toInstant } from '../../src/model/time.ts'
import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import {
  DAY,
  formatInstant,
  HOUR,
  instantOf,
  MINUTE,
  parseInstant,
  SECOND,
  shownDuration,
  shownInstant,
} from '../../src/dashboard/instants.ts'
import * as wire from '../../src/wire/timestamps.ts'

const instant = fc.integer({ min: 0, max: 4_102_444_800_000_000 })

describe('Instants of the page', () => {
  it('are read and written as the emulator does', () => {
    fc.assert(
      fc.property(instant, (at) => {
        expect(formatInstant(at)).toBe(wire.formatInstant(toInstant(at)))
        expect(instantOf(wire.formatInstant(toInstant(at)))).toBe(at)
      }),
    )
  })

  it('are taken as people write them, and refused when they are none', () => {
    const noon = instantOf('2026-01-01T12:00:00Z')
    const written = [
      '2026-01-01 12:00',
      ' 2026-01-01T12:00:00z',
      '2026-01-01T13:00:00+01:00',
      '2026-01-01T12:00:00.000000999Z',
    ]
    expect(written.map(parseInstant)).toEqual(written.map(() => noon))
    expect(['', 'now', '2026-13-01T00:00:00Z', '12:00'].map(parseInstant)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(() => instantOf('now')).toThrow('not an instant: now')
  })

  it('are shown to the second, or to its tenth', () => {
    const at = instantOf('2026-01-01T12:00:02.55Z')
    expect([shownInstant(at), shownInstant(at, { tenths: true })]).toEqual([
      '2026-01-01 12:00:02',
      '2026-01-01 12:00:02.5',
    ])
  })

  it.each([
    [0, '0ms'],
    [30_000, '30ms'],
    [2.5 * SECOND, '2.5s'],
    [59.7 * SECOND, '1m'],
    [90 * SECOND, '1m 30s'],
    [HOUR, '1h'],
    [HOUR + MINUTE, '1h 1m'],
    [2 * DAY + 3 * HOUR + MINUTE, '2d 3h'],
    [-10 * MINUTE, '-10m'],
  ])('durations are short: %d µs is %s', (micros, text) => {
    expect(shownDuration(micros)).toBe(text)
  })
})
