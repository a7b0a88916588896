import type { TimelineAnswer } from '../client/answers/jobs.ts'
import type { TimeWindow } from '../axis/window.ts'
import type { ItemOutcome } from '../model/job-timeline.ts'
import { instantOf, SECOND, type Instant } from './instants.ts'

/** The number of results of each outcome from an instant on. */
interface Level {
  readonly at: Instant
  readonly counts: Readonly<Record<ItemOutcome, number>>
}

/** The room after the end of a job, as part of its length. */
const MARGIN = 0.08

/** The time that the chart of a job shows: from its start to its end, or to the last of other instants if it has none. */
export function chartRange({ startedAt, endsAt }: TimelineAnswer, others: readonly Instant[]): TimeWindow {
  const from = instantOf(startedAt)
  const last = endsAt === null ? Math.max(from, ...others) : instantOf(endsAt)
  return { from, to: last + Math.max((last - from) * MARGIN, SECOND) }
}

/** The results of a job as steps in time, without those whose time is unknown. */
export function levelsOf({ startedAt, steps }: TimelineAnswer): Level[] {
  let counts: Record<ItemOutcome, number> = { done: 0, failed: 0, cancelled: 0, none: 0 }
  const levels: Level[] = [{ at: instantOf(startedAt), counts }]
  for (const step of steps) {
    if (step.at === null) continue
    const { done = 0, failed = 0, cancelled = 0, none = 0 } = step
    counts = {
      done: counts.done + done,
      failed: counts.failed + failed,
      cancelled: counts.cancelled + cancelled,
      none: counts.none + none,
    }
    levels.push({ at: instantOf(step.at), counts })
  }
  return levels
}

/** Outcomes from the bottom of the chart to its top. */
const STACK = ['done', 'failed', 'cancelled'] as const

/** Rectangles of a stacked step chart, one for each level and outcome. */
export function stackOf(levels: readonly Level[], until: Instant) {
  return levels.flatMap((level, index) => {
    const to = Math.min(until, levels[index + 1]?.at ?? until)
    if (to <= level.at) return []
    let below = 0
    return STACK.flatMap((outcome) => {
      const count = level.counts[outcome]
      const rectangle = { outcome, from: level.at, to, below, count }
      below += count
      return count === 0 ? [] : [rectangle]
    })
  })
}
