import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from '../model/time.ts'
import { STEPS } from './steps.ts'
import type { TimeWindow } from './window.ts'

/** A labelled instant of an axis. */
interface Tick {
  readonly at: number
  /** The place on the axis, from 0 to 1. */
  readonly x: number
  readonly label: string
}

const MONTH = 30 * DAY
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400]

/** At most `max` ticks at round instants, far enough from the ends that labels of 1/`max` of the width fit in and apart. */
export function ticksOf(window: TimeWindow, max: number): Tick[] {
  const length = window.to - window.from
  const edge = 1 / (2 * max)
  const step = STEPS.find((each) => length / each <= max)
  const instants = step === undefined ? months(window, max) : multiples(window, step)
  return instants
    .map((at) => ({ at, x: (at - window.from) / length, label: labelOf(at, step) }))
    .filter(({ x }) => x >= edge && x <= 1 - edge)
}

function multiples({ from, to }: TimeWindow, step: number): number[] {
  const first = Math.ceil(from / step) * step
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_each, index) => first + index * step,
  )
}

/** The first days of months. */
function months({ from, to }: TimeWindow, max: number): number[] {
  const count = MONTHS.find((each) => (to - from) / (each * MONTH) <= max) ?? 6000
  const start = new Date(from / MILLISECOND)
  const first = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / count) * count
  const instants = Array.from({ length: max + 2 }, (_each, index) => startOfMonth(first + index * count))
  return instants.filter((at) => at >= from && at <= to)
}

/** Months are counted from the year 0. */
function startOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12) * MILLISECOND
}

/** As much of an instant as distinguishes it from its neighbours; at midnight the day. */
function labelOf(at: number, step: number | undefined): string {
  const [date, time] = [dateOf(at), timeOf(at)]
  if (step === undefined || step >= DAY) return date
  if (at % DAY === 0) return date.slice(5)
  if (step >= MINUTE) return time.slice(0, 5)
  if (step >= SECOND) return time.slice(0, 8)
  return step >= MILLISECOND ? time.slice(6, 12) : `${time.slice(9)}${String(at % MILLISECOND).padStart(3, '0')}`
}

/** `2026-01-31`, in UTC. */
function dateOf(at: number): string {
  return isoOf(at).slice(0, 10)
}

/** `09:00:00.000`, in UTC. */
function timeOf(at: number): string {
  return isoOf(at).slice(11, 23)
}

function isoOf(at: number): string {
  return new Date(Math.floor(at / MILLISECOND)).toISOString()
}

/** A window as people read it, without the parts that both ends share: `2026-01-31 09:00:00 – 09:01:20`. */
export function windowText({ from, to }: TimeWindow): string {
  const precision = to - from < 10 * SECOND ? 12 : to - from < HOUR ? 8 : 5
  const start = `${dateOf(from)} ${timeOf(from).slice(0, precision)}`
  const end = timeOf(to).slice(0, precision)
  if (to - from >= 30 * DAY) return `${dateOf(from)} – ${dateOf(to)}`
  return dateOf(from) === dateOf(to) ? `${start} – ${end}` : `${start} – ${dateOf(to)} ${end}`
}
