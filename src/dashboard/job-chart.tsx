import type { JobHistoryAnswer, TimelineAnswer } from '../client/answers/jobs.ts'
import { isIn } from '../axis/layout.ts'
import { ticksOf } from '../axis/ticks.ts'
import { barText, barOf, share } from './bar.ts'
import { chartRange, levelsOf, stackOf } from './chart.ts'
import { instantOf, type Instant } from './instants.ts'
import { fillOf } from './patterns.tsx'

const HEIGHT = 120
const FOOT = 18

interface JobChartProps {
  readonly timeline: TimelineAnswer
  readonly events: JobHistoryAnswer['events']
  readonly viewed: Instant
}

/** The results of a job over time, its events, and the instant viewed. */
export function JobChart({ timeline, events, viewed }: JobChartProps) {
  const happened = events.map(({ at }) => instantOf(at))
  const range = chartRange(timeline, [viewed, ...happened])
  const total = Math.max(1, ...timeline.steps.map((_step, index) => countUpTo(timeline, index)))
  const x = (at: Instant): string => `${share(at, range.from, range.to) * 100}%`
  const width = (from: Instant, to: Instant): string =>
    `${(share(to, range.from, range.to) - share(from, range.from, range.to)) * 100}%`
  const y = (count: number): number => HEIGHT - (count / total) * (HEIGHT - 8)
  const levels = levelsOf(timeline)
  const draw = (until: Instant, kind: string) =>
    stackOf(levels, until).map(({ outcome, from, to, below, count }) => (
      <rect
        key={`${kind}${from}${outcome}`}
        class={`part ${outcome} ${kind}`}
        fill={fillOf(outcome)}
        x={x(from)}
        width={width(from, to)}
        y={y(below + count)}
        height={y(below) - y(below + count)}
      />
    ))
  return (
    <svg
      class="chart"
      role="img"
      aria-label={`Results over time: ${barText(barOf(timeline, viewed))}`}
      height={HEIGHT + FOOT}
    >
      <line class="axis" x1="0" x2="100%" y1={HEIGHT} y2={HEIGHT} />
      {draw(range.to, 'planned')}
      {draw(viewed, 'there')}
      {ticksOf(range, 4).map(({ at, label }) => (
        <g key={at}>
          <line class="axis" x1={x(at)} x2={x(at)} y1={HEIGHT} y2={HEIGHT + 4} />
          <text x={x(at)} y={HEIGHT + FOOT - 2}>
            {label}
          </text>
        </g>
      ))}
      {events
        .filter(({ at }) => isIn(range, instantOf(at)))
        .map(({ kind, at, name }, index) => (
          <g key={index} class="event">
            <line x1={x(instantOf(at))} x2={x(instantOf(at))} y1="0" y2={HEIGHT} />
            <title>{`${kind} ${name ?? ''} at ${at}`}</title>
          </g>
        ))}
      {isIn(range, viewed) && <line class="looked-at" x1={x(viewed)} x2={x(viewed)} y1="0" y2={HEIGHT} />}
    </svg>
  )
}

function countUpTo({ steps }: TimelineAnswer, index: number): number {
  return steps
    .slice(0, index + 1)
    .reduce((sum, { done = 0, failed = 0, cancelled = 0 }) => sum + done + failed + cancelled, 0)
}
