import type { DomainHandle, PollingReportAnswer } from '../index.ts'
import { indented, requestLine } from './text.ts'

const RULES = [
  'retry-after-broken',
  'polled-after-the-end',
  'under-one-second',
  'parallel-hammering',
  'no-sign-in-after-401',
  'flat-interval',
  'sign-in-per-poll',
] as const

export type PollingRule = (typeof RULES)[number]

export interface PolitenessOptions {
  /** Hints count as well, and intervals that cannot be judged are an error. */
  readonly strict?: boolean
  /** Findings of these rules do not count. */
  readonly allow?: readonly PollingRule[]
}

interface Politeness {
  readonly isPolite: boolean
  /** Each finding that counts, with the requests that show it. */
  readonly text: string
}

/**
 * Checks the polling report of a domain.
 *
 * @throws Error if there is nothing to judge: no job was polled, nor a list repeated, nor did a response ask to wait. With
 *   `strict` also if intervals were not judged, because the clock is a `step` clock.
 */
export async function politenessOf(
  domain: Pick<DomainHandle, 'pollingReport'>,
  { strict = false, allow = [] }: PolitenessOptions = {},
): Promise<Politeness> {
  const unknown = allow.find((rule) => !RULES.includes(rule))
  if (unknown !== undefined)
    throw new TypeError(`${JSON.stringify(unknown)} is not a rule of the polling report: there are ${RULES.join(', ')}`)
  const report = await domain.pollingReport()
  const counted = report.findings.filter(
    ({ rule, level }) => (strict || level === 'error') && !allow.includes(rule as PollingRule),
  )
  if (counted.length > 0) return { isPolite: false, text: counted.map(findingText).join('\n') }
  if (isEmpty(report)) throw new Error(NOTHING)
  const isJudged = INTERVAL_RULES.every((rule) => allow.includes(rule)) || hasJudgedIntervals(report)
  if (strict && !isJudged) throw new Error(`${NOT_JUDGED}: use another clock, or allow ${INTERVAL_RULES.join(' and ')}`)
  return { isPolite: true, text: `the polling report finds nothing wrong${isJudged ? '' : `; ${NOT_JUDGED}`}` }
}

const INTERVAL_RULES: readonly PollingRule[] = ['under-one-second', 'flat-interval']
const NOTHING = 'nothing to judge: the client polled no job, repeated no list, and no response had a Retry-After'
const NOT_JUDGED = 'intervals were not judged, because each poll moves a step clock'

function isEmpty({ jobs, lists, operations }: PollingReportAnswer): boolean {
  return jobs.length === 0 && lists.every(({ intervals }) => intervals === null) && operations.length === 0
}

function hasJudgedIntervals({ jobs, lists }: PollingReportAnswer): boolean {
  return [...jobs, ...lists].every(({ intervals, judged }) => intervals === null || judged.intervals)
}

function findingText({ rule, message, requests }: PollingReportAnswer['findings'][number]): string {
  return `${rule}: ${message}${indented(requests.map(requestLine))}`
}
