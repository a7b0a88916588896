import type { DomainHandle, PollingReportAnswer } from '../index.ts'
import { indented, requestLine } from '../report/text.ts'

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
  /** Hints count as well, and it is an error if nothing was polled, or if intervals cannot be judged. */
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
 * @throws Error with `strict`, if intervals were not judged because the clock is a `step` clock, or if there was nothing to
 *   judge: no job was polled, no list repeated, and no response asked to wait.
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
  const unjudged = unjudgedText(report, allow)
  if (strict && unjudged !== undefined) throw new Error(unjudged)
  return {
    isPolite: true,
    text: `the polling report finds nothing wrong${unjudged === undefined ? '' : `: ${unjudged}`}`,
  }
}

const INTERVAL_RULES: readonly PollingRule[] = ['under-one-second', 'flat-interval']

/** What the report could not judge. */
function unjudgedText(report: PollingReportAnswer, allow: readonly PollingRule[]): string | undefined {
  if (isEmpty(report))
    return 'there is nothing to judge: the client polled no job, repeated no list, and no response had a Retry-After'
  if (INTERVAL_RULES.every((rule) => allow.includes(rule)) || hasJudgedIntervals(report)) return undefined
  return `intervals were not judged, because each poll moves a step clock: use another clock, or allow ${INTERVAL_RULES.join(' and ')}`
}

function isEmpty({ jobs, lists, operations }: PollingReportAnswer): boolean {
  return jobs.length === 0 && lists.every(({ intervals }) => intervals === null) && operations.length === 0
}

function hasJudgedIntervals({ jobs, lists }: PollingReportAnswer): boolean {
  return [...jobs, ...lists].every(({ intervals, judged }) => intervals === null || judged.intervals)
}

function findingText({ rule, message, requests }: PollingReportAnswer['findings'][number]): string {
  return `${rule}: ${message}${indented(requests.map(requestLine))}`
}
