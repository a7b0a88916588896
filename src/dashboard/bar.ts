import { toneOfStatus, type Tone } from '../axis/tone.ts'
import type { JobAnswer, TimelineAnswer } from '../client/answers/jobs.ts'
import type { ItemOutcome } from '../model/job-timeline.ts'
import { instantOf, type Instant } from './instants.ts'

/** A stretch of a bar: some items with the same outcome. Positions and widths are fractions of the bar. */
export interface BarPart {
  readonly outcome: ItemOutcome
  readonly x: number
  readonly width: number
  /** 1 once the items have their result; before that, the fraction of the time until then that has passed. */
  readonly fill: number
}

export interface Bar {
  readonly parts: readonly BarPart[]
  readonly counts: Readonly<Record<ItemOutcome, number>>
  readonly total: number
  /** The fraction of the job's time that has passed; undefined if time alone never ends it. */
  readonly progress: number | undefined
}

const OUTCOMES = ['done', 'failed', 'cancelled', 'none'] as const

/** The bar of a job at an instant: its items side by side in order of time, all of the same width. */
export function barOf(timeline: TimelineAnswer, now: Instant): Bar {
  const steps = timeline.steps.length > 0 ? timeline.steps : [wholeJob(timeline)]
  const total = steps.reduce((sum, step) => sum + weightOf(step), 0)
  const counts = { done: 0, failed: 0, cancelled: 0, none: 0 }
  const parts: BarPart[] = []
  let before = 0
  let start = instantOf(timeline.startedAt)
  let end = start
  for (const step of steps) {
    // Parsed once each: bars are drawn ten times a second. Items that end together fill together.
    const at = step.at === null ? Infinity : instantOf(step.at)
    if (at > end) [start, end] = [end, at]
    const fill = at === Infinity ? 0 : share(now, start, at)
    for (const outcome of OUTCOMES) {
      const count = step[outcome] ?? 0
      if (count === 0) continue
      if (fill === 1) counts[outcome] += count
      parts.push({ outcome, x: before / total, width: count / total, fill })
      before += count
    }
  }
  const isWithoutItems = timeline.steps.length === 0
  return { parts, counts, total: isWithoutItems ? 0 : total, progress: progressOf(timeline, now) }
}

/** A job without items is one stretch, from its start to its end. */
function wholeJob(timeline: TimelineAnswer): TimelineAnswer['steps'][number] {
  const tone = endTone(timeline)
  return { at: timeline.endsAt, [tone === 'running' ? 'none' : tone]: 1 }
}

function weightOf(step: TimelineAnswer['steps'][number]): number {
  return OUTCOMES.reduce((sum, outcome) => sum + (step[outcome] ?? 0), 0)
}

function progressOf({ startedAt, endsAt }: TimelineAnswer, now: Instant): number | undefined {
  return endsAt === null ? undefined : share(now, instantOf(startedAt), instantOf(endsAt))
}

/** The position of an instant between two others, from 0 to 1. */
export function share(at: Instant, from: Instant, to: Instant): number {
  if (at >= to) return 1
  return at <= from ? 0 : (at - from) / (to - from)
}

/** Clamps an instant to the time of a job, so that the bar of a finished job is not drawn again. */
export function within({ startedAt, endsAt }: TimelineAnswer, now: Instant): Instant {
  const start = instantOf(startedAt)
  const end = endsAt === null ? start : instantOf(endsAt)
  return Math.max(start, Math.min(end, now))
}

function endTone({ endStatus, cancelledAt }: TimelineAnswer): Tone {
  return endStatus === null ? 'running' : toneOfStatus(endStatus, cancelledAt !== null)
}

/** The tone of a job: by the word of its status, not by where the job comes from. */
export function toneOf({ job, timeline }: Pick<JobAnswer, 'job' | 'timeline'>): Tone {
  const wasCancelled = job.abort === true || (timeline !== undefined && timeline.cancelledAt !== null)
  return toneOfStatus(job.overall_status, wasCancelled)
}

/** The bar in words, for screen readers. */
export function barText({ counts, total, progress }: Bar): string {
  const percent = progress === undefined ? 'no end in sight' : `${Math.floor(progress * 100)} % of its time over`
  if (total === 0) return percent
  const { done, failed, cancelled } = counts
  const others = [failed > 0 ? `${failed} failed` : '', cancelled > 0 ? `${cancelled} cancelled` : '']
  return [`${done} of ${total} items done`, ...others, percent].filter(Boolean).join(', ')
}
