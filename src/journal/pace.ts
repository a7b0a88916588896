import type { JournalEntry } from '../model/journal.ts'
import { toMicros, type Micros } from '../model/time.ts'

/** The intervals between polls, and what they amount to. */
export interface Pace {
  /** undefined for a single poll. */
  readonly intervals: { readonly min: Micros; readonly median: Micros; readonly max: Micros } | undefined
  /** The intervals grow, or have grown to a maximum. */
  readonly backOff: boolean
  /** They have grown to a maximum, which the client keeps to. */
  readonly capped: boolean
  /** Polls move a `step` clock, so that intervals on it say nothing about the client. */
  readonly judged: { readonly intervals: true } | { readonly intervals: false; readonly because: 'step clock' }
}

export function paceOf(intervals: readonly Micros[], entries: readonly JournalEntry[]): Pace {
  if (entries.some(({ onStepClock }) => onStepClock))
    return {
      intervals: spreadOf(intervals),
      backOff: false,
      capped: false,
      judged: { intervals: false, because: 'step clock' },
    }
  const capped = isCapped(intervals)
  return {
    intervals: spreadOf(intervals),
    backOff: capped || isBackingOff(intervals),
    capped,
    judged: { intervals: true },
  }
}

function spreadOf(intervals: readonly Micros[]): Pace['intervals'] {
  const sorted = [...intervals].sort((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return undefined
  return { min, median: medianOf(sorted), max }
}

/** Whether later intervals are a third longer than earlier ones on average: less may be jitter. */
function isBackingOff(intervals: readonly Micros[]): boolean {
  const half = Math.floor(intervals.length / 2)
  if (half === 0) return false
  return meanOf(intervals.slice(-half)) >= GROWTH * meanOf(intervals.slice(0, half))
}

const GROWTH = 4 / 3
/** Jitter around the maximum. */
const MIN_SHARE_OF_CAP = 0.6
/** A client keeps to a maximum if this many intervals, and half of all, are of it. */
const MIN_CAPPED = 3

/** Whether intervals grow to a maximum, and most of the later ones are about as long. */
function isCapped(intervals: readonly Micros[]): boolean {
  const cap = MIN_SHARE_OF_CAP * Math.max(...intervals)
  const start = intervals.findIndex((interval) => interval >= cap)
  const tail = intervals.slice(start)
  const atCap = tail.filter((interval) => interval >= cap)
  const isKept = atCap.length >= MIN_CAPPED && atCap.length >= (3 / 4) * tail.length
  return isKept && start > 0 && meanOf(tail) >= GROWTH * meanOf(intervals.slice(0, start))
}

function medianOf(sorted: readonly Micros[]): Micros {
  const middle = sorted.length / 2
  return meanOf(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1))
}

function meanOf(values: readonly Micros[]): Micros {
  return toMicros(Math.round(values.reduce((sum, value) => sum + value, 0) / values.length))
}
