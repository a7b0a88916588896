import { useRef } from 'preact/hooks'
import type { JobAnswer, JobListAnswer } from '../client/answers.ts'
import { share, toneOf } from './bar.ts'
import { textOf } from './form.ts'
import { instantOf, parseInstant, shownInstant, formatInstant, type Instant } from './instants.ts'
import { rangeOf, ticksOf, widened, type Range } from './scrub.ts'
import { useNow, type ReadClock } from './use-now.ts'
import { useWorld } from './world.ts'

/** Few jobs get more room each, many less, down to where they can just be told apart. */
const laneOf = (jobs: number): number => Math.max(4, Math.min(10, Math.round(40 / Math.max(1, jobs))))

/** Looks at any instant, past or to come. It moves what is seen and never the clock. */
export function Scrubber({ read, list }: { read: ReadClock; list: JobListAnswer | undefined }) {
  const { place, go } = useWorld()
  const now = useNow(read)
  // A running clock must not move the ends of the slider under somebody's hand.
  const held = useRef<Range | undefined>(undefined)
  const range = widened(held.current ?? rangeOf(list?.span, now), place.at)
  const viewed = place.at ?? now

  const look = (at: Instant, how: 'push' | 'replace'): void => go({ at: Math.round(at) }, how)
  return (
    <div class="scrubber">
      <Lanes jobs={list?.jobs ?? []} range={range} now={now} viewed={viewed} />
      <input
        type="range"
        aria-label="Look at an instant"
        aria-valuetext={`${shownInstant(viewed)}${place.at === undefined ? ', now' : ''}`}
        min={0}
        max={Math.round((range.to - range.from) / range.step)}
        step="any"
        value={(viewed - range.from) / range.step}
        onPointerDown={() => (held.current = range)}
        onPointerUp={() => (held.current = undefined)}
        onInput={({ currentTarget }) =>
          look(range.from + Number(currentTarget.value) * range.step, place.at === undefined ? 'push' : 'replace')
        }
        onKeyDown={(event) => {
          const by = KEYS[event.key]
          if (by === undefined) return
          event.preventDefault()
          look(viewed + by * range.step, place.at === undefined ? 'push' : 'replace')
        }}
      />
      <Ticks range={range} />
      <Viewed now={now} />
    </div>
  )
}

/** Arrows go one step, a page ten. Home and End stay the slider's own. */
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
}

function Viewed({ now }: { now: Instant }) {
  const { place, go } = useWorld()
  const { at } = place
  return (
    <div class={at === undefined ? 'viewed' : 'viewed away'}>
      <p>
        {at === undefined ? (
          'Looking at now. Drag to look back, or ahead: the clock stays where it is.'
        ) : (
          <>
            <strong>Looking at {shownInstant(at)}</strong>; the clock is at {shownInstant(now)}. Commands are off here.
          </>
        )}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const asked = parseInstant(textOf(event.currentTarget, 'at'))
          if (asked !== undefined) go({ at: asked })
        }}
      >
        <label>
          Instant <input key={at} name="at" defaultValue={formatInstant(at ?? now)} size={27} autocomplete="off" />
        </label>
        <button>Look</button>
        <button type="button" class="primary" disabled={at === undefined} onClick={() => go({ at: undefined })}>
          Back to now
        </button>
      </form>
    </div>
  )
}

interface LanesProps {
  readonly jobs: readonly JobAnswer[]
  readonly range: Range
  readonly now: Instant
  readonly viewed: Instant
}

/** The jobs of the page on one axis of time: where something happens, at a glance. */
function Lanes({ jobs, range, now, viewed }: LanesProps) {
  const percent = (at: Instant): number => share(at, range.from, range.to) * 100
  const drawn = jobs.flatMap((job) => {
    const { timeline } = job
    if (timeline === undefined) return []
    const from = percent(instantOf(timeline.startedAt))
    const to = timeline.endsAt === null ? 100 : percent(instantOf(timeline.endsAt))
    return [{ id: job.id, from, width: Math.max(0.3, to - from), tone: toneOf(job) }]
  })
  const lane = laneOf(drawn.length)
  const height = Math.max(1, drawn.length) * lane
  return (
    <svg class="lanes" height={height} aria-hidden="true">
      {drawn.map(({ id, from, width, tone }, index) => (
        <rect key={id} class={`tone-${tone}`} x={`${from}%`} y={index * lane} width={`${width}%`} height={lane - 1} />
      ))}
      <line class="now" x1={`${percent(now)}%`} x2={`${percent(now)}%`} y1="0" y2={height} />
      <line class="looked-at" x1={`${percent(viewed)}%`} x2={`${percent(viewed)}%`} y1="0" y2={height} />
    </svg>
  )
}

function Ticks({ range }: { range: Range }) {
  const isLong = range.to - range.from > 2 * 86_400_000_000
  return (
    <svg class="ticks" height="16" aria-hidden="true">
      {ticksOf(range.from, range.to, 6).map((tick) => (
        <text key={tick} x={`${share(tick, range.from, range.to) * 100}%`} y="12">
          {isLong ? shownInstant(tick).slice(0, 10) : shownInstant(tick).slice(11)}
        </text>
      ))}
    </svg>
  )
}
