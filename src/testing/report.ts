import type { ClockAnswer, DomainHandle, ExplanationAnswer, JobAnswer, RequestAnswer } from '../index.ts'
import { isRunning } from '../model/domain.ts'
import { formatDuration } from '../model/duration.ts'
import { toMicros, type Micros } from '../model/time.ts'
import { parseInstant } from '../wire/timestamps.ts'
import type { Notes } from './handle.ts'
import { indented, realTime, requestLines } from './text.ts'
import { idleOf, nearestText } from './verdict.ts'

const MAX_JOBS = 10
const MAX_REQUEST_LINES = 10

/** Bound before any test can replace the global Date. */
const realNow = Date.now.bind(Date)

/** A client that has sent no request for longer sleeps, or has ended. */
const QUIET_MS = 1000

/**
 * Describes the domain of a failed test: open jobs and what would end them, the last requests, the most similar request to the
 * test's last query and, with `withIdle`, rules and faults that never matched (otherwise the verdict lists them).
 */
export async function reportOf(
  domain: DomainHandle,
  notes: Notes,
  { withIdle }: { readonly withIdle: boolean },
): Promise<string> {
  const now = realNow()
  const clock = await domain.clock.read()
  const parts = [
    await openJobs(domain, clock),
    await lastRequests(domain, now),
    ...(withIdle ? await idleOf(domain) : []),
    await nearestMiss(domain, notes),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

async function openJobs(domain: DomainHandle, clock: ClockAnswer): Promise<string> {
  const { jobs } = await domain.jobs.list()
  const open = jobs.filter(({ job }) => job.overall_status === 'in_progress')
  if (open.length === 0) return `no job is running; the clock ${clockText(clock)}`
  const shown = open.slice(0, MAX_JOBS)
  const lines = await Promise.all(shown.map(async (job) => jobLine(job, clock, await domain.jobs.explain(job.id))))
  const more = open.length > shown.length ? [`and ${open.length - shown.length} more`] : []
  return `running jobs:${indented([...lines, ...more])}`
}

/** `azure.bulkjobs ID: in_progress; the clock is frozen at T; completes at T+5s; call cckm.clock.advance('5s')` */
function jobLine({ id, family }: JobAnswer, clock: ClockAnswer, { status, waitsFor }: ExplanationAnswer): string {
  const ends = waitsFor.map((waiting) => endText(waiting, id, clock))
  return [`${family} ${id}: ${status}`, `the clock ${clockText(clock)}`, ...ends].join('; ')
}

function endText({ trigger, text, at }: ExplanationAnswer['waitsFor'][number], id: string, clock: ClockAnswer): string {
  if (at !== undefined) {
    const left = formatDuration(microsBetween(clock.now, at))
    const word = text.split(' ', 1)[0] ?? ''
    const verb = word === 'completed' ? 'completes' : `is ${word}`
    const advice = isRunning(clock.mode) ? `in ${left}` : `call cckm.clock.advance('${left}')`
    return `${verb} at ${at} (${left} from now); ${advice}`
  }
  if (trigger === 'signal') return `${text}; call cckm.jobs.signal('${id}', NAME)`
  return text
}

function clockText({ mode, now }: ClockAnswer): string {
  if (mode === 'frozen') return `is frozen at ${now}`
  return mode === 'step' ? `moves only when a job is polled, and is at ${now}` : `runs, and is at ${now}`
}

function microsBetween(from: string, to: string): Micros {
  return toMicros(Math.max(0, (parseInstant(to) ?? 0) - (parseInstant(from) ?? 0)))
}

async function lastRequests(domain: DomainHandle, now: number): Promise<string> {
  const requests = await domain.requests({ jobStatus: true })
  if (requests.length === 0) return 'no request arrived'
  const dropped = await domain.droppedRequests()
  const kept = dropped === 0 ? '' : `; ${dropped} older ones were dropped`
  const lines = requestLines(requests).slice(-MAX_REQUEST_LINES)
  const count = lines.reduce((sum, { requests: each }) => sum + each, 0)
  const shown = indented(lines.map(({ text }) => text))
  return `the last ${count} of ${requests.length} requests${kept}:${shown}\n${await idleClientText(domain, requests, now)}`
}

/** Reports whether the client sleeps, because advancing the domain's clock does not wake it. */
async function idleClientText(domain: DomainHandle, requests: readonly RequestAnswer[], now: number): Promise<string> {
  const since = Math.max(0, now - Date.parse(requests.at(-1)?.realAt ?? ''))
  const last = `the last request arrived ${realTime(since)} ago (real time)`
  const open = await domain.requestsInFlight()
  if (open.length > 0) return `${last}; in flight:${indented(requestLines(open).map(({ text }) => text))}`
  if (since < QUIET_MS) return `${last}; nothing is in flight`
  return (
    `${last}; nothing is in flight: the client sleeps, or has ended. ` +
    'Shorten its pauses for the test, fake its timers and call cckm.clock.advance(TIME, { timers }), or give the test more time'
  )
}

/** The most similar request to the test's last query; empty if that found requests, because the failure has another reason. */
async function nearestMiss(domain: DomainHandle, { lastQuery, timedOut }: Notes): Promise<string> {
  if (lastQuery === undefined || Object.keys(lastQuery).length === 0) return ''
  const { count } = await domain.countRequests(lastQuery)
  if (count > 0 && lastQuery !== timedOut) return ''
  const nearest = await nearestText(domain, lastQuery)
  return nearest === '' ? '' : `the test asked for ${JSON.stringify(lastQuery)}: ${count} requests match;${nearest}`
}
