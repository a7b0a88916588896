import type { ClockAnswer, FaultAnswer } from '../client/answers/domains.ts'
import type { PollingReportAnswer, RequestAnswer } from '../client/answers/requests.ts'
import type { JobHistory } from '../domain/history.ts'
import type { Instant, Micros } from '../model/time.ts'

/** A domain as its trace shows it: without secrets. */
export interface Trace {
  readonly domain: string
  /** What the trace is about, such as the name of a test. */
  readonly title: string | undefined
  readonly version: string
  readonly clock: ClockAnswer
  readonly now: Instant
  readonly jobs: readonly JobHistory[]
  /** The number of jobs that are not shown; no request of the journal is about them. */
  readonly jobsLeftOut: number
  readonly requests: readonly TraceRequest[]
  readonly faults: readonly FaultAnswer[]
  readonly findings: PollingReportAnswer['findings']
}

export interface TraceRequest {
  readonly shown: RequestAnswer
  readonly at: Instant
  /** By the monotonic clock. */
  readonly elapsedAt: Micros
  /** The body of the answer, parsed if it was JSON; undefined if there was none, or it is not kept. */
  readonly answer: unknown
  readonly fault: FaultAnswer | undefined
}
