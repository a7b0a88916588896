import type { JournalEntry } from '../model/journal.ts'
import { toMicros, type Micros } from '../model/time.ts'
import { findingsOf, type JobPolls, type PollingFinding } from './polling-rules.ts'
import type { CallOperation } from '../model/operations.ts'
import { pollsOf, waitedAfter, type Poll } from './polls.ts'

/** How the jobs of a domain were polled, as far back as its journal goes. */
export interface PollingReport {
  readonly jobs: readonly JobPolling[]
  readonly signIns: number
  readonly findings: readonly PollingFinding[]
}

export interface JobPolling {
  readonly job: string
  readonly gets: number
  /** Between the polls up to the one that showed the final status; undefined for a single poll. */
  readonly intervals: { readonly min: Micros; readonly median: Micros; readonly max: Micros } | undefined
  readonly backOff: boolean
  readonly pollsAfterEnd: number
  /** Polls that followed such a response. */
  readonly retries: { readonly after401: number; readonly after429: number; readonly after5xx: number }
  /** How often a response had a Retry-After, and how often the client waited that long. */
  readonly retryAfter: { readonly asked: number; readonly kept: number }
  /** While the job was polled. */
  readonly signIns: number
}

/** Reports on the entries of a journal, for one job or for all. */
export function pollingReport(
  entries: readonly JournalEntry[],
  operations: readonly CallOperation[],
  job?: string,
): PollingReport {
  const { polls: pollsByJob, signIns } = pollsOf(entries, operations)
  const polled = [...pollsByJob]
    .filter(([id]) => job === undefined || job === id)
    .map(([id, polls]) => jobPollsOf(id, polls, signIns))
  return {
    jobs: polled.map((each) => polling(each)),
    signIns: signIns.length,
    findings: polled.flatMap((each) => findingsOf(each)),
  }
}

function jobPollsOf(job: string, polls: readonly Poll[], signIns: readonly JournalEntry[]): JobPolls {
  const intervals = polls.flatMap(({ interval, isAfterEnd }) =>
    isAfterEnd || interval === undefined ? [] : [interval],
  )
  return { job, polls, intervals, isBackingOff: isBackingOff(intervals), signIns }
}

function polling({ job, polls, intervals, isBackingOff, signIns }: JobPolls): JobPolling {
  const first = polls[0]?.entry.elapsedAt ?? 0
  const last = polls.at(-1)?.entry.elapsedAt ?? 0
  const after = (matches: (status: number) => boolean): number =>
    polls.filter(({ previous }) => previous?.outcome?.status !== undefined && matches(previous.outcome.status)).length
  return {
    job,
    gets: polls.length,
    intervals: spreadOf(intervals),
    backOff: isBackingOff,
    pollsAfterEnd: polls.filter(({ isAfterEnd }) => isAfterEnd).length,
    retries: {
      after401: after((status) => status === 401),
      after429: after((status) => status === 429),
      after5xx: after((status) => status >= 500),
    },
    retryAfter: retryAfterOf(polls),
    signIns: signIns.filter(({ elapsedAt }) => elapsedAt >= first && elapsedAt <= last).length,
  }
}

function retryAfterOf(polls: readonly Poll[]): JobPolling['retryAfter'] {
  const asked = polls.filter(({ entry }) => entry.outcome?.retryAfter !== undefined)
  const kept = polls.filter(({ entry, previous }) => {
    if (previous?.outcome?.retryAfter === undefined) return false
    return waitedAfter(previous, entry) >= previous.outcome.retryAfter
  })
  return { asked: asked.length, kept: kept.length }
}

function spreadOf(intervals: readonly Micros[]): JobPolling['intervals'] {
  const sorted = [...intervals].sort((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return undefined
  const middle = sorted.length / 2
  return { min, median: meanOf(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1)), max }
}

/** Whether later intervals are a third longer than earlier ones on average: less may be jitter. */
function isBackingOff(intervals: readonly Micros[]): boolean {
  const half = Math.floor(intervals.length / 2)
  if (half === 0) return false
  return meanOf(intervals.slice(-half)) >= (4 / 3) * meanOf(intervals.slice(0, half))
}

function meanOf(values: readonly Micros[]): Micros {
  return toMicros(Math.round(values.reduce((sum, value) => sum + value, 0) / values.length))
}
