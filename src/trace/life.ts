import { placeOn } from '../axis/layout.ts'
import { ticksOf } from '../axis/ticks.ts'
import { toneOfStatus, type Tone } from '../axis/tone.ts'
import type { AxisRow, TimeWindow } from '../axis/window.ts'
import type { JobHistory } from '../domain/history.ts'
import { html, type Html } from './html.ts'

/** Labels of an axis at most; a narrow page hides every second one. */
const MAX_TICKS = 8

/** When a job ends or has ended; undefined if time alone does not end it. */
export function endOf({ transitions, isFinal, existsFrom }: JobHistory): number | undefined {
  const end = transitions.findLast(({ item }) => item === undefined)?.at
  return end ?? (isFinal ? existsFrom : undefined)
}

/** A job as a row of the time axis. */
export function rowOf(job: JobHistory): AxisRow {
  return { id: job.id, spans: [{ from: job.existsFrom, to: endOf(job) }] }
}

export function toneOf({ status, events }: JobHistory): Tone {
  return toneOfStatus(
    status,
    events.some(({ kind }) => kind === 'cancel'),
  )
}

/** The labels of an axis. */
export function ruler(window: TimeWindow): Html {
  const ticks = ticksOf(window, MAX_TICKS).map(({ x, label }) => html`<span style="left:${percent(x)}">${label}</span>`)
  return html`<div class="ruler" aria-hidden="true">${ticks}</div>`
}

/** A line at an instant. */
export function lineAt(window: TimeWindow, at: number, name: string): Html {
  const x = percent(placeOn(window, at))
  return html`<line class="${name}" x1="${x}" x2="${x}" y1="0" y2="100%" />`
}

export function percent(part: number): string {
  return `${Math.round(part * 10_000) / 100}%`
}
