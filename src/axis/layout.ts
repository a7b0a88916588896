import type { AxisRow, TimeWindow } from './window.ts'

/** A span on an axis. Places and widths are parts of the axis, from 0 to 1. */
export interface AxisBar {
  readonly id: string
  /** Which of the row's spans it is. */
  readonly index: number
  readonly x: number
  readonly width: number
  /** The width of what is over by now; less than `width` where something is still to come. */
  readonly past: number
  readonly startsBefore: boolean
  readonly endsAfter: boolean
}

interface Layout {
  /** The rows that are in the window, in the order given: one bar for each span that is. */
  readonly rows: readonly (readonly AxisBar[])[]
  /** How many rows end before the window, and how many begin after it. */
  readonly before: number
  readonly after: number
}

/** Where an instant stands on the axis, from 0 to 1; outside of the window it stands at the edge. */
export function placeOn({ from, to }: TimeWindow, at: number): number {
  return Math.min(1, Math.max(0, (at - from) / (to - from)))
}

export function isIn({ from, to }: TimeWindow, at: number): boolean {
  return at >= from && at <= to
}

/** Puts rows on an axis. A span without an end reaches to the end of the window. */
export function layOut(rows: readonly AxisRow[], window: TimeWindow, now: number): Layout {
  const shown: AxisBar[][] = []
  let [before, after] = [0, 0]
  for (const { id, spans } of rows) {
    const bars = spans.flatMap(({ from, to }, index) => {
      if (from > window.to || (to !== undefined && Math.max(from, to) < window.from)) return []
      const [x, end] = [placeOn(window, from), placeOn(window, to ?? window.to)]
      const past = Math.max(x, Math.min(end, placeOn(window, now))) - x
      return [
        {
          id,
          index,
          x,
          width: end - x,
          past,
          startsBefore: from < window.from,
          endsAfter: (to ?? Infinity) > window.to,
        },
      ]
    })
    if (bars.length > 0) shown.push(bars)
    else if (spans.some(({ from }) => from > window.to)) after += 1
    else if (spans.length > 0) before += 1
  }
  return { rows: shown, before, after }
}

/** Rows that fit one after the other into a lane share it. `gap` is the least distance between them. */
export function packLanes(rows: readonly (readonly AxisBar[])[], gap: number): (readonly AxisBar[])[] {
  const lanes: { end: number; readonly bars: AxisBar[] }[] = []
  const extent = (row: readonly AxisBar[]) => ({
    x: row[0]?.x ?? 0,
    end: Math.max(0, ...row.map(({ x, width }) => x + width)),
  })
  const inOrder = rows.map((row) => ({ row, ...extent(row) })).sort((a, b) => a.x - b.x)
  for (const { row, x, end } of inOrder) {
    const free = lanes.find((lane) => lane.end + gap <= x)
    if (free === undefined) lanes.push({ end, bars: [...row] })
    else {
      free.end = end
      free.bars.push(...row)
    }
  }
  return lanes.map(({ bars }) => bars)
}
