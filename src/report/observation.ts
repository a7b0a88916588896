import type { ClockAnswer, FaultAnswer } from '../client/answers/domains.ts'
import type { ExplanationAnswer } from '../client/answers/jobs.ts'
import type { NearestAnswer, RequestAnswer, RequestNewsAnswer } from '../client/answers/requests.ts'
import type { RequestQuery } from '../model/journal.ts'
import type { JobRule } from '../model/rule.ts'

/** A domain at the end of a test, as its control API shows it. */
export interface Observation {
  readonly clock: ClockAnswer
  readonly runningJobs: readonly RunningJob[]
  /** Oldest first, each with the job status that its answer showed. */
  readonly requests: readonly RequestAnswer[]
  /** How many older requests the journal no longer has. */
  readonly dropped: number
  readonly inFlight: readonly RequestNewsAnswer[]
  readonly rules: readonly JobRule[]
  readonly faults: readonly FaultAnswer[]
  /** Milliseconds of real time since the last request arrived; 0 if none has. */
  readonly quietMs: number
  readonly find: (query: RequestQuery) => readonly RequestAnswer[]
  /** The request that is most similar to a query; null if there is none. */
  readonly nearest: (query: RequestQuery) => NearestAnswer | null
}

export interface RunningJob {
  readonly id: string
  readonly family: string
  readonly explanation: ExplanationAnswer
}
