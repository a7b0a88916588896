import { formatDuration } from '../model/duration.ts'
import type { JournalEntry } from '../model/journal.ts'
import { MILLISECOND, SECOND, toMicros, type Micros } from '../model/time.ts'
import { waitedAfter, type Poll } from './polls.ts'

/** A rule that the polling of a job breaks, with the requests that show it. */
export interface PollingFinding {
  readonly rule: string
  readonly level: 'error' | 'hint'
  readonly message: string
  readonly requests: readonly JournalEntry[]
}

/** The input of the rules: the polls of one job, and the sign-ins of its domain. */
export interface JobPolls {
  readonly job: string
  readonly polls: readonly Poll[]
  readonly intervals: readonly Micros[]
  readonly isBackingOff: boolean
  readonly signIns: readonly JournalEntry[]
}

type Rule = (jobPolls: JobPolls) => Omit<PollingFinding, 'rule'> | undefined

/** A client that polls faster than this is too fast. */
const MIN_INTERVAL: Micros = SECOND
/** A pattern needs this many intervals. */
const MIN_PATTERN = 3

const RULES: Readonly<Record<string, Rule>> = {
  'retry-after-broken': ({ job, polls }) => {
    const early = polls.filter(({ entry, previous }) => previous !== undefined && isEarly(previous, entry))
    return error(early, `polled the job ${job} again before the Retry-After of its last response had passed`)
  },
  'polled-after-the-end': ({ job, polls }) =>
    error(
      polls.filter(({ isAfterEnd }) => isAfterEnd),
      `polled the job ${job} again after a response had shown its final status`,
    ),
  'under-one-second': ({ job, polls }) => {
    const fast = polls.filter((poll) => !poll.isParallel && !poll.isAfterEnd && isTooFast(poll))
    const shortest = toMicros(Math.min(...fast.map(({ interval = 0 }) => interval)))
    return error(fast, `polled the job ${job} after ${shown(shortest)}: wait at least one second`)
  },
  'parallel-hammering': ({ job, polls }) =>
    error(
      polls.filter(({ isParallel }) => isParallel),
      `polled the job ${job} again while its last poll was still in flight`,
    ),
  'no-sign-in-after-401': ({ job, polls, signIns }) => {
    const repeated = polls.filter((poll) => isRepeated401(poll))
    const last = polls.at(-1)?.entry
    const answeredAt = last?.outcome?.elapsedAnsweredAt ?? 0
    const gaveUp =
      last?.outcome?.status === 401 && !signIns.some(({ elapsedAt }) => elapsedAt >= answeredAt) ? [last] : []
    const requests = [...repeated.map(({ entry }) => entry), ...gaveUp.filter((it) => repeated.at(-1)?.entry !== it)]
    if (requests.length === 0) return undefined
    return { level: 'error', message: `got 401 on the job ${job} and did not sign in again`, requests }
  },
  'flat-interval': ({ job, polls, intervals, isBackingOff }) => {
    const [min, max] = [Math.min(...intervals), Math.max(...intervals)]
    if (intervals.length < MIN_PATTERN || isBackingOff || max > 1.25 * min) return undefined
    const message = `polled the job ${job} every ${shown(toMicros(min))}, ${intervals.length} times: increase the interval over time`
    return { level: 'hint', message, requests: polls.map(({ entry }) => entry) }
  },
  'sign-in-per-poll': ({ job, polls }) => {
    const signIns = polls.slice(1).flatMap((poll) => (poll.previous?.outcome?.status === 401 ? [] : poll.signIns))
    if (polls.length <= MIN_PATTERN || signIns.length < polls.length - 1) return undefined
    const message = `signed in before each poll of the job ${job}: use a token until it expires`
    return { level: 'hint', message, requests: signIns }
  },
}

/** The findings of all rules about one job. */
export function findingsOf(jobPolls: JobPolls): readonly PollingFinding[] {
  return Object.entries(RULES).flatMap(([rule, check]) => {
    const finding = check(jobPolls)
    return finding === undefined ? [] : [{ rule, ...finding }]
  })
}

function error(polls: readonly Poll[], message: string): Omit<PollingFinding, 'rule'> | undefined {
  if (polls.length === 0) return undefined
  return { level: 'error', message, requests: polls.map(({ entry }) => entry) }
}

/** Clients measure from the end of the response on, and their timers are coarse. */
const TOLERANCE = toMicros(20 * MILLISECOND)

function isEarly(previous: JournalEntry, next: JournalEntry): boolean {
  const { retryAfter, status } = previous.outcome ?? {}
  if (retryAfter === undefined || status === undefined) return false
  return waitedAfter(previous, next) + TOLERANCE < retryAfter
}

/** After a 401, a client may sign in and poll again at once. */
function isTooFast({ interval, previous }: Poll): boolean {
  return interval !== undefined && interval + TOLERANCE < MIN_INTERVAL && previous?.outcome?.status !== 401
}

/** A poll that got 401 again, without a sign-in since the one before. */
function isRepeated401({ entry, previous, signIns, isParallel }: Poll): boolean {
  return !isParallel && previous?.outcome?.status === 401 && entry.outcome?.status === 401 && signIns.length === 0
}

function shown(micros: Micros): string {
  return formatDuration(toMicros(Math.round(micros / MILLISECOND) * MILLISECOND))
}
