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
    return error(early, `came back to the job ${job} before the Retry-After of its last answer was over`)
  },
  'polled-after-the-end': ({ job, polls }) =>
    error(
      polls.filter(({ isAfterEnd }) => isAfterEnd),
      `polled the job ${job} again after an answer had shown its end`,
    ),
  'under-one-second': ({ job, polls }) => {
    const hasty = polls.filter((poll) => !poll.isParallel && !poll.isAfterEnd && isHasty(poll))
    const [least] = hasty.map(({ interval = 0 }) => interval).sort((a, b) => a - b)
    return error(hasty, `polled the job ${job} after ${shown(toMicros(least ?? 0))}: wait a second at the very least`)
  },
  'parallel-hammering': ({ job, polls }) =>
    error(
      polls.filter(({ isParallel }) => isParallel),
      `polled the job ${job} again while its last poll was still under way`,
    ),
  'no-sign-in-after-401': ({ job, polls, signIns }) => {
    const stubborn = polls.filter((poll) => isStubborn(poll))
    const last = polls.at(-1)?.entry
    const answeredAt = last?.outcome?.elapsedAnsweredAt ?? 0
    const gaveUp =
      last?.outcome?.status === 401 && !signIns.some(({ elapsedAt }) => elapsedAt >= answeredAt) ? [last] : []
    const shown = [...stubborn.map(({ entry }) => entry), ...gaveUp.filter((it) => stubborn.at(-1)?.entry !== it)]
    if (shown.length === 0) return undefined
    const message = `was told 401 on the job ${job} and did not sign in anew`
    return { level: 'error', message, requests: shown }
  },
  'flat-interval': ({ job, polls, intervals, isBackingOff }) => {
    const [least, most] = [Math.min(...intervals), Math.max(...intervals)]
    if (intervals.length < MIN_PATTERN || isBackingOff || most > 1.25 * least) return undefined
    const message = `polled the job ${job} every ${shown(toMicros(least))}, ${intervals.length} times: back off as it takes longer`
    return { level: 'hint', message, requests: polls.map(({ entry }) => entry) }
  },
  'sign-in-per-poll': ({ job, polls }) => {
    const signIns = polls.slice(1).flatMap((poll) => (poll.previous?.outcome?.status === 401 ? [] : poll.signIns))
    if (polls.length <= MIN_PATTERN || signIns.length < polls.length - 1) return undefined
    const message = `signed in before each poll of the job ${job}: a token lives longer than that`
    return { level: 'hint', message, requests: signIns }
  },
}

/** The findings of all rules about one job. */
export function findingsOf(jobPolls: JobPolls): readonly PollingFinding[] {
  return Object.entries(RULES).flatMap(([rule, look]) => {
    const finding = look(jobPolls)
    return finding === undefined ? [] : [{ rule, ...finding }]
  })
}

function error(polls: readonly Poll[], message: string): Omit<PollingFinding, 'rule'> | undefined {
  if (polls.length === 0) return undefined
  return { level: 'error', message, requests: polls.map(({ entry }) => entry) }
}

/** Clients measure from when they have read the response, and their clocks are coarse. */
const TOLERANCE = toMicros(20 * MILLISECOND)

function isEarly(previous: JournalEntry, next: JournalEntry): boolean {
  const { retryAfter, status } = previous.outcome ?? {}
  if (retryAfter === undefined || status === undefined) return false
  return waitedAfter(previous, next) + TOLERANCE < retryAfter
}

/** After a 401, a client may sign in and poll again at once. */
function isHasty({ interval, previous }: Poll): boolean {
  return interval !== undefined && interval + TOLERANCE < MIN_INTERVAL && previous?.outcome?.status !== 401
}

function isStubborn({ entry, previous, signIns, isParallel }: Poll): boolean {
  return !isParallel && previous?.outcome?.status === 401 && entry.outcome?.status === 401 && signIns.length === 0
}

function shown(micros: Micros): string {
  return formatDuration(toMicros(Math.round(micros / MILLISECOND) * MILLISECOND))
}
