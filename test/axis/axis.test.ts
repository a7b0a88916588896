// The time axis of the dashboard and the trace: the window that it shows first, what is outside, and its labels.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { isIn, layOut, packLanes, placeOn } from '../../src/axis/layout.ts'
import { ticksOf, windowText } from '../../src/axis/ticks.ts'
import { fitWindow, slideTo, stepOf, windowOf, ZOOMS, type AxisRow, type TimeWindow } from '../../src/axis/window.ts'
import { DAY, HOUR, LAST_INSTANT, MINUTE, SECOND } from '../../src/model/time.ts'
import { parseInstant } from '../../src/wire/timestamps.ts'

const at = (text: string): number => parseInstant(text) ?? NaN
const NOW = at('2026-11-28T12:00:00Z')

const row = (id: string, from: number, to: number | undefined): AxisRow => ({ id, spans: [{ from, to }] })
const lengthOf = ({ from, to }: TimeWindow): number => to - from
/** The width of a row in the fitted window, as part of the axis. */
const widthIn = (rows: readonly AxisRow[], id: string, now = NOW): number =>
  layOut(rows, fitWindow(rows, now), now)
    .rows.flat()
    .filter((bar) => bar.id === id)
    .reduce((sum, { width }) => sum + width, 0)

/** Documents of the shipped seed: years old, milliseconds long. */
const OLD = [
  row('d1', at('2023-02-10T08:00:00Z'), at('2023-02-10T08:00:00.5Z')),
  row('d2', at('2024-02-06T09:22:54Z'), at('2024-02-06T09:22:54.1Z')),
  row('d3', at('2025-03-18T14:02:11Z'), at('2025-03-18T14:02:17Z')),
]
const BUSY = [
  ...OLD,
  ...Array.from({ length: 18 }, (_each, index) =>
    row(`demo${index}`, NOW - index * 30 * SECOND, NOW - index * 30 * SECOND + 10 * MINUTE),
  ),
  ...Array.from({ length: 6 }, (_each, index) =>
    row(`slow${index}`, NOW - index * 90 * SECOND, NOW - index * 90 * SECOND + HOUR),
  ),
  ...Array.from({ length: 10 }, (_each, index) => row(`stuck${index}`, NOW - (20 + 720 * index) * MINUTE, undefined)),
]

describe('the fitted window', () => {
  it.each([
    ['alone', []],
    ['among documents of earlier years', OLD],
    ['among two hundred jobs of every length', BUSY],
  ])('makes a new job of five seconds a twentieth of the axis at least, %s', (_name, others) => {
    for (const age of [0, 2, 5, 20, 50]) {
      const from = NOW - age * SECOND
      const rows = [...others, row('new', from, from + 5 * SECOND)]
      expect([age, widthIn(rows, 'new') >= 0.05]).toEqual([age, true])
      expect(isIn(fitWindow(rows, NOW), NOW)).toBe(true)
    }
  })

  it('holds open jobs whole: the running ones of the demo, with what is planned', () => {
    const window = fitWindow(BUSY, NOW)
    expect(window.fitsTo).toBe('now')
    expect([isIn(window, NOW - 9 * MINUTE), isIn(window, NOW + HOUR)]).toEqual([true, true])
    expect(lengthOf(window)).toBeLessThan(90 * MINUTE)
  })

  it('goes back to the last jobs where all ended years ago, and says so', () => {
    const window = fitWindow(OLD, NOW)
    expect(window.fitsTo).toBe('past')
    expect(isIn(window, at('2025-03-18T14:02:14Z'))).toBe(true)
    expect(widthIn(OLD, 'd3')).toBeGreaterThan(0.2)
    expect(layOut(OLD, window, NOW)).toMatchObject({ before: 2, after: 0 })
  })

  it('shows the last jobs of a test whole, however long ago it ended', () => {
    const test = [0, 7, 30].map((second, index) => row(`t${index}`, NOW + second * SECOND, NOW + (second + 5) * SECOND))
    const window = fitWindow(test, NOW + 3 * HOUR)
    expect(window.fitsTo).toBe('past')
    expect(layOut(test, window, NOW + 3 * HOUR).rows).toHaveLength(3)
  })

  it('goes ahead to the first jobs of a domain that only has jobs in the future', () => {
    const rows = [row('a', NOW + 30 * DAY, NOW + 30 * DAY + MINUTE), row('b', NOW + 31 * DAY, undefined)]
    const window = fitWindow(rows, NOW)
    expect(window.fitsTo).toBe('future')
    expect(layOut(rows, window, NOW)).toMatchObject({ before: 0, after: 1 })
  })

  it('lies around now where there is no job', () => {
    expect(fitWindow([], NOW)).toMatchObject({ fitsTo: 'nothing' })
    expect(fitWindow([{ id: 'empty', spans: [] }], NOW)).toEqual(fitWindow([], NOW))
    expect(lengthOf(fitWindow([], NOW))).toBeGreaterThanOrEqual(10 * MINUTE)
  })

  it.each([0, SECOND, HOUR, 900 * DAY])('holds a job that never ends from its start to now, begun %d µs ago', (age) => {
    const window = fitWindow([row('stuck', NOW - age, undefined)], NOW)
    expect([isIn(window, NOW - age), isIn(window, NOW), window.fitsTo]).toEqual([true, true, 'now'])
  })

  it('is as sensible with 64,000 jobs, and quick', () => {
    const rows = Array.from({ length: 64_000 }, (_each, index) =>
      row(`j${index}`, NOW - index * MINUTE, NOW - index * MINUTE + 5 * SECOND),
    )
    const window = fitWindow(rows, NOW)
    const { before, rows: shown } = layOut(rows, window, NOW)
    expect(before + shown.length).toBe(64_000)
    expect(widthIn(rows, 'j0')).toBeGreaterThan(0.05)
  })

  it('fits to the states of a key as to jobs: spans count, not rows', () => {
    const change = NOW - 3 * SECOND
    const rows = [
      {
        id: 'key',
        spans: [
          { from: NOW - 300 * DAY, to: change },
          { from: change, to: NOW + 2 * SECOND },
        ],
      },
    ]
    const window = fitWindow(rows, NOW)
    expect(lengthOf(window)).toBeLessThan(MINUTE)
    expect(layOut(rows, window, NOW).rows).toMatchObject([[{ index: 0, startsBefore: true }, { index: 1 }]])
  })

  const instant = fc.oneof(
    fc.integer({ min: -3000 * DAY, max: 3000 * DAY }).map((offset) => NOW + offset),
    fc.integer({ min: -60 * SECOND, max: MINUTE }).map((offset) => NOW + offset),
  )
  const span = fc.record({
    from: instant,
    length: fc.option(fc.oneof(fc.integer({ min: 0, max: MINUTE }), fc.integer({ min: 0, max: 3000 * DAY })), {
      nil: undefined,
    }),
  })
  const anyRows = fc.array(fc.array(span, { maxLength: 3 }), { maxLength: 30 }).map((rows) =>
    rows.map((spans, index): AxisRow => ({
      id: `r${index}`,
      spans: spans.map(({ from, length }) => ({ from, to: length === undefined ? undefined : from + length })),
    })),
  )

  it('is never empty, holds now or says why not, and shows a row where there is one', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const window = fitWindow(rows, NOW)
        expect(lengthOf(window)).toBeGreaterThan(0)
        expect(isIn(window, NOW) || window.fitsTo === 'past' || window.fitsTo === 'future').toBe(true)
        const { rows: shown, before, after } = layOut(rows, window, NOW)
        const withSpans = rows.filter(({ spans }) => spans.length > 0).length
        expect(shown.length + before + after).toBe(withSpans)
        expect(shown.length > 0).toBe(withSpans > 0)
      }),
    )
  })

  it('holds open and just finished spans while the one nearest to now stays wide enough', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 0, max: 55 }), (rows, age) => {
        const from = NOW - age * SECOND
        // Nothing shorter and nearer to now than the new job.
        const others = rows.filter(({ spans }) =>
          spans.every(
            (each) => Math.abs(each.from - NOW) > MINUTE && each.to !== undefined && each.to - each.from > MINUTE,
          ),
        )
        expect(widthIn([...others, row('new', from, from + 5 * SECOND)], 'new')).toBeGreaterThanOrEqual(0.05)
      }),
    )
  })

  it('moves with a running clock by leaps, not steadily', () => {
    const rows = [row('j', NOW, NOW + 5 * SECOND)]
    const starts = Array.from({ length: 50 }, (_each, index) => fitWindow(rows, NOW + index * (SECOND / 10)))
    expect(new Set(starts.map(({ from, to }) => `${from} ${to}`)).size).toBeLessThan(3)
  })
})

describe('a zoom', () => {
  it('is as long as it says, and holds the instant that it is about', () => {
    for (const zoom of ['10 m', '1 h', '1 d'] as const) {
      const window = windowOf(zoom, BUSY, NOW)
      expect([lengthOf(window), isIn(window, NOW)]).toEqual([ZOOMS[zoom], true])
    }
  })

  it('shows everything, and what is known to exist beside the rows', () => {
    const known = { from: NOW - 2000 * DAY, to: NOW + DAY }
    const window = windowOf('all', BUSY, NOW, known)
    expect(layOut(BUSY, window, NOW)).toMatchObject({ before: 0, after: 0 })
    expect([isIn(window, known.from), isIn(window, known.to)]).toEqual([true, true])
    expect(lengthOf(windowOf('all', [], NOW))).toBeGreaterThan(0)
  })

  it('slides to an instant outside without a change of its length', () => {
    const window = { from: 100, to: 200 }
    expect([150, 50, 250].map((instant) => slideTo(window, instant))).toEqual([
      window,
      { from: 50, to: 150 },
      { from: 150, to: 250 },
    ])
  })

  it('has steps relative to its length', () => {
    expect(stepOf({ from: 0, to: 20 * SECOND })).toBeLessThan(SECOND)
    expect(stepOf({ from: 0, to: 10 * MINUTE })).toBe(5 * SECOND)
    expect(stepOf({ from: 0, to: 3650 * DAY })).toBeGreaterThanOrEqual(DAY)
  })
})

describe('bars', () => {
  const window = { from: 0, to: 100 }

  it('are cut at the ends of the window, and know what is still to come', () => {
    const { rows } = layOut([row('a', -50, 50), row('b', 20, undefined), row('c', 90, 200)], window, 40)
    expect(rows).toEqual([
      [{ id: 'a', index: 0, x: 0, width: 0.5, past: 0.4, startsBefore: true, endsAfter: false }],
      [{ id: 'b', index: 0, x: 0.2, width: 0.8, past: 0.2, startsBefore: false, endsAfter: true }],
      [{ id: 'c', index: 0, x: 0.9, width: 1 - 0.9, past: 0, startsBefore: false, endsAfter: true }],
    ])
  })

  it('share a lane where they do not touch', () => {
    const rows = [row('a', 0, 20), row('b', 10, 40), row('c', 30, 50)]
    const lanes = packLanes(layOut(rows, window, 0).rows, 0.05)
    expect(lanes.map((lane) => lane.map(({ id }) => id))).toEqual([['a', 'c'], ['b']])
  })

  it('have places from 0 to 1', () => {
    expect([-5, 0, 25, 100, 500].map((instant) => placeOn(window, instant))).toEqual([0, 0, 0.25, 1, 1])
  })
})

describe('ticks', () => {
  it('are few, in the window, at round instants, and their labels never touch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 60_000 * DAY }),
        fc.integer({ min: -60_000 * DAY, max: LAST_INSTANT - 60_000 * DAY }),
        fc.integer({ min: 2, max: 12 }),
        (length, from, max) => {
          const ticks = ticksOf({ from, to: from + length }, max)
          expect(ticks.length).toBeLessThanOrEqual(max)
          // Each label may be 1/max wide, centred: none reaches over an end or into the next.
          const edges = ticks.flatMap(({ x }) => [x - 0.5 / max, x + 0.5 / max])
          expect(edges.every((x) => x >= -1e-9 && x <= 1 + 1e-9)).toBe(true)
          for (const [index, { x }] of ticks.entries())
            expect(index === 0 || x - ticks[index - 1]!.x >= 0.8 / max).toBe(true)
        },
      ),
    )
  })

  const labels = (from: string, to: string, max = 6): string[] =>
    ticksOf({ from: at(from), to: at(to) }, max).map(({ label }) => label)

  it('say as much as tells them apart', () => {
    expect(labels('2026-01-01T12:00:00Z', '2026-01-01T12:00:20Z', 4)).toEqual(['12:00:05', '12:00:10', '12:00:15'])
    expect(labels('2026-01-01T12:00:00Z', '2026-01-01T13:00:00Z', 4)).toEqual(['12:15', '12:30', '12:45'])
    expect(labels('2026-01-01T18:00:00Z', '2026-01-02T18:00:00Z', 4)).toEqual(['01-02', '06:00', '12:00'])
    expect(labels('2026-01-01T12:00:00Z', '2026-01-01T12:00:00.4Z', 4)).toEqual(['00.100', '00.200', '00.300'])
    expect(labels('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', 5)).toEqual([
      '2026-01-08',
      '2026-01-15',
      '2026-01-22',
    ])
    expect(labels('2023-02-01T00:00:00Z', '2026-11-28T00:00:00Z', 5)).toEqual([
      '2024-01-01',
      '2025-01-01',
      '2026-01-01',
    ])
  })

  it('are told with the window in words', () => {
    const text = (from: string, to: string): string => windowText({ from: at(from), to: at(to) })
    expect(text('2026-01-01T12:00:00Z', '2026-01-01T12:00:20Z')).toBe('2026-01-01 12:00:00 – 12:00:20')
    expect(text('2026-01-01T12:00:00Z', '2026-01-02T12:00:00Z')).toBe('2026-01-01 12:00 – 2026-01-02 12:00')
    expect(text('2023-01-01T12:00:00Z', '2026-01-02T12:00:00Z')).toBe('2023-01-01 – 2026-01-02')
    expect(text('2026-01-01T12:00:00Z', '2026-01-01T12:00:02Z')).toBe('2026-01-01 12:00:00.000 – 12:00:02.000')
  })
})
