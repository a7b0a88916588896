import type { ClockAnswer } from '../client/answers/domains.ts'
import type { ExplanationAnswer } from '../client/answers/jobs.ts'
import { isRunning } from '../model/domain.ts'
import { formatDuration } from '../model/duration.ts'
import type { RequestQuery } from '../model/journal.ts'
import { toMicros, type Micros } from '../model/time.ts'
import { parseInstant } from '../wire/timestamps.ts'
import type { Observation, RunningJob } from './observation.ts'
import { idleOf, nearestText } from './problems.ts'
import { indented, realTime, requestLine, requestLines } from './text.ts'

const MAX_JOBS = 10
const MAX_REQUEST_LINES = 10

/** A client that has sent no request for longer sleeps, or has ended. */
const QUIET_MS = 1000

interface ReportOptions {
  /** Lists the rules and faults that never matched too. */
  readonly withIdle: boolean
  /** What the test asked the journal for last, and whether its wait for that timed out. */
  readonly asked?: { readonly query: RequestQuery; readonly text: string; readonly timedOut: boolean } | undefined
}

/**
 * Describes a domain at the end of a test: its running jobs and what would end them, its last requests, the most similar
 * request to the test's last query and, with `withIdle`, rules and faults that never matched.
 */
export function reportOf(observation: Observation, { withIdle, asked }: ReportOptions): string {
  const parts = [
    runningJobs(observation),
    lastRequests(observation),
    ...(withIdle ? idleOf(observation) : []),
    nearestMiss(observation, asked),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function runningJobs({ runningJobs: running, clock }: Observation): string {
  if (running.length === 0) return `no job is running; the clock ${clockText(clock)}`
  const lines = running.slice(0, MAX_JOBS).map((job) => jobLine(job, clock))
  const more = running.length > MAX_JOBS ? [`and ${running.length - MAX_JOBS} more`] : []
  return `running jobs:${indented([...lines, ...more])}`
}

/** `azure.bulkjobs ID: in_progress; the clock is frozen at T; completes at T+5s (5s from now); advance the clock by 5s` */
function jobLine({ id, family, explanation: { status, waitsFor } }: RunningJob, clock: ClockAnswer): string {
  const ends = waitsFor.map((waiting) => endText(waiting, clock))
  return [`${family} ${id}: ${status}`, `the clock ${clockText(clock)}`, ...ends].join('; ')
}

function endText({ trigger, text, at }: ExplanationAnswer['waitsFor'][number], clock: ClockAnswer): string {
  if (at !== undefined) {
    const left = formatDuration(microsBetween(clock.now, at))
    const word = text.split(' ', 1)[0] ?? ''
    const verb = word === 'completed' ? 'completes' : `is ${word}`
    const advice = isRunning(clock.mode) ? `in ${left}` : `advance the clock by ${left}`
    return `${verb} at ${at} (${left} from now); ${advice}`
  }
  return trigger === 'signal' ? `${text}; send it that signal` : text
}

function clockText({ mode, now }: ClockAnswer): string {
  if (mode === 'frozen') return `is frozen at ${now}`
  return mode === 'step' ? `moves only when a job is polled, and is at ${now}` : `runs, and is at ${now}`
}

function microsBetween(from: string, to: string): Micros {
  return toMicros(Math.max(0, (parseInstant(to) ?? 0) - (parseInstant(from) ?? 0)))
}

function lastRequests(observation: Observation): string {
  const { requests, dropped } = observation
  if (requests.length === 0) return 'no request arrived'
  const kept = dropped === 0 ? '' : `; ${dropped} older ones were dropped`
  const lines = requestLines(requests).slice(-MAX_REQUEST_LINES)
  const count = lines.reduce((sum, { requests: each }) => sum + each, 0)
  const shown = indented(lines.map(({ text }) => text))
  return `the last ${count} of ${requests.length} requests${kept}:${shown}\n${idleClientText(observation)}`
}

/** Says whether the client sleeps, because advancing the domain's clock does not wake it. */
function idleClientText({ quietMs, inFlight }: Observation): string {
  const last = `the last request arrived ${realTime(quietMs)} ago (real time)`
  if (inFlight.length > 0) return `${last}; in flight:${indented(inFlight.map(requestLine))}`
  if (quietMs < QUIET_MS) return `${last}; nothing is in flight`
  return (
    `${last}; nothing is in flight: the client sleeps, or has ended. ` +
    'Shorten its pauses for the test, fake its timers and advance them with the clock, or give the test more time'
  )
}

/** The most similar request to the test's last query; empty if that found requests, because the failure has another reason. */
function nearestMiss(observation: Observation, asked: ReportOptions['asked']): string {
  if (asked === undefined) return ''
  const count = observation.find(asked.query).length
  if (count > 0 && !asked.timedOut) return ''
  const nearest = nearestText(observation, asked.query)
  return nearest === '' ? '' : `the test asked for ${asked.text}: ${count} requests match;${nearest}`
}
