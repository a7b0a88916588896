import { isIn, layOut, placeOn } from '../axis/layout.ts'
import type { TimeWindow } from '../axis/window.ts'
import type { Instant } from './instants.ts'
import { rowText, type KeyRow } from './key-timeline.ts'
import { fillOf } from './patterns.tsx'

interface KeyBandProps {
  readonly row: KeyRow
  readonly window: TimeWindow
  readonly now: Instant
  readonly viewed: Instant
  readonly height: number
}

/** The states of a resource over time: what is to come is pale. Boundaries are its changes. */
export function KeyBand({ row, window, now, viewed, height }: KeyBandProps) {
  const bars = layOut([row], window, now).rows.flat()
  const line = (kind: string, at: Instant) =>
    isIn(window, at) && (
      <line class={kind} x1={percent(placeOn(window, at))} x2={percent(placeOn(window, at))} y1="0" y2={height} />
    )
  return (
    <svg class="band" role="img" aria-label={rowText(row)} height={height}>
      {bars.map(({ index, x, width, past }) => {
        const span = row.spans[index]
        if (span === undefined) return null
        const { tone, text } = span
        const box = { y: 2, height: height - 4, fill: fillOf(tone), class: `state-fill ${tone}` }
        return (
          <g key={index}>
            <title>{text}</title>
            <rect {...box} x={percent(x)} width={percent(width)} class={`${box.class} to-be`} />
            <rect {...box} x={percent(x)} width={percent(past)} />
            {index > 0 && <line class="boundary" x1={percent(x)} x2={percent(x)} y1="0" y2={height} />}
          </g>
        )
      })}
      {line('now', now)}
      {line('looked-at', viewed)}
    </svg>
  )
}

function percent(part: number): string {
  return `${Math.round(part * 1_000_000) / 10_000}%`
}
