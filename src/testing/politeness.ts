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
  /** Hints count as well. */
  readonly strict?: boolean
  /** Findings of these rules do not count. */
  readonly allow?: readonly PollingRule[]
}

interface Politeness {
  readonly isPolite: boolean
  /** Each finding that counts, with the requests that show it. */
  readonly text: string
}

/** Checks the polling report of a domain. */
export async function politenessOf(
  domain: Pick<DomainHandle, 'pollingReport'>,
  { strict = false, allow = [] }: PolitenessOptions = {},
): Promise<Politeness> {
  const unknown = allow.find((rule) => !RULES.includes(rule))
  if (unknown !== undefined)
    throw new TypeError(`${JSON.stringify(unknown)} is not a rule of the polling report: there are ${RULES.join(', ')}`)
  const { findings } = await domain.pollingReport()
  const counted = findings.filter(
    ({ rule, level }) => (strict || level === 'error') && !allow.includes(rule as PollingRule),
  )
  return { isPolite: counted.length === 0, text: counted.map(findingText).join('\n') }
}

function findingText({ rule, message, requests }: PollingReportAnswer['findings'][number]): string {
  return `${rule}: ${message}${indented(requests.map(requestLine))}`
}
