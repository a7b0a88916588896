import type { JournalEntry } from '../model/journal.ts'
import { SECOND, toMicros, type Micros } from '../model/time.ts'
import type { ListPolling } from './list-polls.ts'
import type { Pace } from './pace.ts'
import type { Poll } from './polls.ts'
import { earlyText, isEarly, shown, TOLERANCE, type EarlyRequest, type OperationRetries } from './retry-after.ts'

/** A rule that a client breaks, with the requests that show it. It is about a job, or about an operation. */
export interface PollingFinding {
  readonly rule: string
  readonly job?: string
  readonly operation?: string
  readonly level: 'error' | 'hint'
  readonly message: string
  readonly requests: readonly JournalEntry[]
}

/** The input of the rules: the polls of one job, and the sign-ins of its domain. */
export interface JobPolls {
  readonly job: string
  readonly polls: readonly Poll[]
  readonly intervals: readonly Micros[]
  readonly pace: Pace
  readonly signIns: readonly JournalEntry[]
}

type Finding = Pick<PollingFinding, 'level' | 'message' | 'requests'>
type Rule = (jobPolls: JobPolls) => Finding | undefined

/** A client that polls faster than this is too fast. */
const MIN_INTERVAL: Micros = SECOND
/** A pattern needs this many intervals. */
const MIN_PATTERN = 3

const RULES: Readonly<Record<string, Rule>> = {
  'retry-after-broken': ({ job, polls }) => {
    const early = polls.flatMap(({ entry, previous }) =>
      previous !== undefined && isEarly(previous, entry) ? [{ previous, entry }] : [],
    )
    return early.length === 0 ? undefined : broken(early, `polled the job ${job} again too early`)
  },
  'polled-after-the-end': ({ job, polls }) =>
    error(
      polls.filter(({ isAfterEnd }) => isAfterEnd),
      `polled the job ${job} again after a response had shown its final status`,
    ),
  'under-one-second': ({ job, polls, pace }) => {
    if (!pace.judged.intervals) return undefined
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
  'flat-interval': ({ job, polls, intervals, pace }) =>
    flat(intervals, pace, { subject: `the job ${job}`, requests: polls.map(({ entry }) => entry) }),
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
    return finding === undefined ? [] : [{ rule, job: jobPolls.job, ...finding }]
  })
}

/** The findings about polling by list. A few lists in a row are no pattern. */
export function listFindings({ family, operation, polls, ...pace }: ListPolling): readonly PollingFinding[] {
  if (!pace.judged.intervals) return []
  const paced = polls.filter(({ previous }) => previous.outcome?.status !== 401)
  const intervals = paced.map(({ interval }) => interval)
  const fast = paced.filter(({ interval }) => interval + TOLERANCE < MIN_INTERVAL)
  const subject = `the list of ${family}`
  const shortest = toMicros(Math.min(...fast.map(({ interval }) => interval)))
  const message = `polled ${subject} ${fast.length} times after less than a second (${shown(shortest)}): wait at least one second`
  const requests = paced.map(({ entry }) => entry)
  const hint = flat(intervals, pace, { subject, requests })
  return [
    ...(fast.length < MIN_PATTERN
      ? []
      : [{ rule: 'under-one-second', operation, level: 'error' as const, message, requests: pairs(fast) }]),
    ...(hint === undefined ? [] : [{ rule: 'flat-interval', operation, ...hint }]),
  ]
}

/** The findings about operations other than polls whose Retry-After was not kept. */
export function retryFindings(retries: readonly OperationRetries[]): readonly PollingFinding[] {
  return retries
    .filter(({ early }) => early.length > 0)
    .map(({ operation, early }) => ({
      rule: 'retry-after-broken',
      operation,
      ...broken(early, `called ${operation} again too early`),
    }))
}

function error(polls: readonly Poll[], message: string): Finding | undefined {
  if (polls.length === 0) return undefined
  return { level: 'error', message, requests: polls.map(({ entry }) => entry) }
}

function broken(early: readonly EarlyRequest[], what: string): Finding {
  return { level: 'error', message: `${what}: ${earlyText(early)}`, requests: pairs(early) }
}

/** Both requests of each, once. */
function pairs(all: readonly EarlyRequest[]): readonly JournalEntry[] {
  return [...new Set(all.flatMap(({ previous, entry }) => [previous, entry]))]
}

interface FlatSubject {
  readonly subject: string
  readonly requests: readonly JournalEntry[]
}

function flat(intervals: readonly Micros[], pace: Pace, { subject, requests }: FlatSubject): Finding | undefined {
  const [min, max] = [Math.min(...intervals), Math.max(...intervals)]
  if (!pace.judged.intervals || intervals.length < MIN_PATTERN || pace.backOff || max > 1.25 * min) return undefined
  const message = `polled ${subject} every ${shown(toMicros(min))}, ${intervals.length} times: increase the interval over time`
  return { level: 'hint', message, requests }
}

/** After a 401, a client may sign in and poll again at once. */
function isTooFast({ interval, previous }: Poll): boolean {
  return interval !== undefined && interval + TOLERANCE < MIN_INTERVAL && previous?.outcome?.status !== 401
}

/** A poll that got 401 again, without a sign-in since the one before. */
function isRepeated401({ entry, previous, signIns, isParallel }: Poll): boolean {
  return !isParallel && previous?.outcome?.status === 401 && entry.outcome?.status === 401 && signIns.length === 0
}
