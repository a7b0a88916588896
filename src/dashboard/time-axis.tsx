import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isIn, layOut, packLanes, placeOn, type AxisBar } from '../axis/layout.ts'
import { ticksOf, windowText } from '../axis/ticks.ts'
import { ZOOMS, type FittedWindow, type TimeWindow, type Zoom } from '../axis/window.ts'
import type { AxisJob, AxisJobs } from './axis-jobs.ts'
import { shownDuration, type Instant } from './instants.ts'
import { KeyBand } from './key-band.tsx'
import type { KeyRow } from './key-timeline.ts'
import { fillOf } from './patterns.tsx'
import { useWorld } from './world.ts'

const MAX_HEIGHT = 130
const MAX_LANE = 14
const MIN_LANE = 3
/** Jobs that run all the time shown say little: their lanes are narrow. */
const MAX_THROUGHOUT_HEIGHT = 40
const MAX_THROUGHOUT_LANE = 5
const MIN_THROUGHOUT_LANE = 2
/** The least distance of two bars in a lane, and the least width of a bar, in pixels. */
const GAP = 6
const MIN_BAR = 3
/** The widest label of a tick with the room around it, in pixels. */
const LABEL = 88

const KEY_HEIGHT = 22

const ZOOM_NAMES = ['fit', ...Object.keys(ZOOMS), 'all'] as Zoom[]

interface TimeAxisProps {
  readonly axis: AxisJobs
  /** A key whose states are shown below the jobs. */
  readonly keyRow: KeyRow | undefined
  readonly window: FittedWindow
  readonly zoom: Zoom
  readonly onZoom: (zoom: Zoom) => void
  readonly now: Instant
  readonly viewed: Instant
}

/** The jobs of a domain on one axis of time, and what lies before and after the window shown. */
export function TimeAxis({ axis, keyRow, window, zoom, onZoom, now, viewed }: TimeAxisProps) {
  const { jobs, left } = axis
  const { rows, before, after } = layOut(jobs, window, now)
  const [frame, width] = useWidth()
  const lanes = packLanes(rows, GAP / width)
  const byId = new Map(jobs.map((job) => [job.id, job]))
  return (
    <div class="axis">
      <div class="row spread">
        <Stub count={before + left} word="before" onClick={() => onZoom('all')} />
        <p class="quiet window">{windowText(window)}</p>
        <Stub count={after} word="after" onClick={() => onZoom('all')} />
        <div class="group zooms" role="group" aria-label="Time shown">
          {ZOOM_NAMES.map((each) => (
            <button type="button" key={each} aria-pressed={zoom === each} onClick={() => onZoom(each)}>
              {each}
            </button>
          ))}
        </div>
      </div>
      <div class="frame" ref={frame}>
        <Lanes lanes={lanes} jobs={byId} window={window} now={now} viewed={viewed} />
        <p class="hint quiet">{hintOf({ axis, window, zoom, now, isEmpty: rows.length === 0 })}</p>
      </div>
      {keyRow !== undefined && (
        <div class="frame lane">
          <KeyBand row={keyRow} window={window} now={now} viewed={viewed} height={KEY_HEIGHT} />
        </div>
      )}
    </div>
  )
}

/** What lies outside of the window on one side. */
function Stub({ count, word, onClick }: { count: number; word: 'before' | 'after'; onClick: () => void }) {
  if (count === 0) return <span class={`stub ${word}`} />
  const text = word === 'before' ? `◂ ${count} before` : `${count} after ▸`
  return (
    <button type="button" class={`stub ${word}`} title="Show all" onClick={onClick}>
      {text}
    </button>
  )
}

interface HintContext extends Pick<TimeAxisProps, 'axis' | 'window' | 'zoom' | 'now'> {
  readonly isEmpty: boolean
}

/** Why the axis is empty or does not contain now; '' where it needs no words. */
function hintOf({ axis, window, zoom, now, isEmpty }: HintContext): string {
  if (axis.jobs.length === 0) return axis.left === 0 ? 'No jobs yet.' : 'No jobs to show.'
  if (zoom === 'all' && axis.left > 0)
    return `The newest ${axis.jobs.length} jobs are drawn, not the ${axis.left} older ones.`
  const what = isEmpty ? 'No jobs in this time.' : window.fitsTo === 'past' ? 'All jobs are over.' : ''
  if (now > window.to) return `${what} Now is ${shownDuration(now - window.to)} later.`
  if (now < window.from) return `${what} Now is ${shownDuration(window.from - now)} earlier.`
  return what
}

interface LanesProps {
  readonly lanes: readonly (readonly AxisBar[])[]
  readonly jobs: ReadonlyMap<string, AxisJob>
  readonly window: TimeWindow
  readonly now: Instant
  readonly viewed: Instant
}

/** The bars. They are hidden from screen readers, which have the table. */
function Lanes({ lanes, jobs, window, now, viewed }: LanesProps) {
  const throughout = lanes.filter(([bar]) => bar !== undefined && isThroughout(bar))
  const others = lanes.filter((lane) => !throughout.includes(lane))
  const lane = laneOf(others.length, { height: MAX_HEIGHT, min: MIN_LANE, max: MAX_LANE })
  const narrow = laneOf(throughout.length, {
    height: MAX_THROUGHOUT_HEIGHT,
    min: MIN_THROUGHOUT_LANE,
    max: MAX_THROUGHOUT_LANE,
  })
  const top = others.length * lane
  const height = Math.max(3 * MAX_LANE, top + throughout.length * narrow)
  return (
    <svg class="lanes" height={height} aria-hidden="true">
      {others.map((bars, index) =>
        bars.map((bar) => <JobBar key={bar.id} bar={bar} job={jobs.get(bar.id)} y={index * lane} height={lane} />),
      )}
      {throughout.map((bars, index) =>
        bars.map((bar) => (
          <JobBar key={bar.id} bar={bar} job={jobs.get(bar.id)} y={top + index * narrow} height={narrow} />
        )),
      )}
      {isIn(window, now) && <Line kind="now" at={placeOn(window, now)} height={height} />}
      {isIn(window, viewed) && <Line kind="looked-at" at={placeOn(window, viewed)} height={height} />}
    </svg>
  )
}

/** The height of each of so many lanes, in whole pixels. */
function laneOf(count: number, { height, min, max }: { height: number; min: number; max: number }): number {
  return Math.max(min, Math.min(max, Math.floor(height / Math.max(1, count))))
}

function isThroughout({ startsBefore, endsAfter }: AxisBar): boolean {
  return startsBefore && endsAfter
}

interface JobBarProps {
  readonly bar: AxisBar
  readonly job: AxisJob | undefined
  readonly y: number
  readonly height: number
}

function JobBar({ bar: { id, x, width, past }, job, y, height }: JobBarProps) {
  const { place, go } = useWorld()
  const tone = job?.tone ?? 'running'
  const gap = height > 8 ? 3 : 1
  const box = { x: percent(x), y: y + Math.floor(gap / 2), height: height - gap, rx: height > 8 ? 3 : 1 }
  return (
    <g class={`job ${tone} ${place.job === id ? 'open' : ''}`}>
      <rect data-job={id} class="whole" {...widthOf(width)} {...box} onClick={() => go({ job: id, tab: 'jobs' })}>
        <title>{job?.title}</title>
      </rect>
      {(past > 0 || width === 0) && <rect class="past" fill={fillOf(tone)} {...widthOf(past)} {...box} />}
    </g>
  )
}

/** Narrow bars stay visible: style sheets know a maximum, attributes do not. */
function widthOf(part: number) {
  return { width: percent(part), style: { width: `max(${MIN_BAR}px, ${percent(part)})` } }
}

function Line({ kind, at, height }: { kind: string; at: number; height: number }) {
  return <line class={kind} x1={percent(at)} x2={percent(at)} y1="0" y2={height} />
}

/** The labels of the axis, as many as fit. */
export function Ticks({ window }: { window: TimeWindow }) {
  const [frame, width] = useWidth()
  return (
    <div class="ticks" ref={frame} aria-hidden="true">
      {ticksOf(window, Math.max(1, Math.floor(width / LABEL))).map(({ at, x, label }) => (
        <span key={at} style={{ left: percent(x) }}>
          {label}
        </span>
      ))}
    </div>
  )
}

/** The current width of an element in pixels. */
function useWidth() {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(600)
  useLayoutEffect(() => {
    const { current } = ref
    if (current === null) return undefined
    const measure = (): void => setWidth(Math.max(1, current.clientWidth))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
}

function percent(part: number): string {
  return `${Math.round(part * 1_000_000) / 10_000}%`
}
