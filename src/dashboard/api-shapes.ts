/** What the page reads of the control API's answers. test/dashboard/shapes.test.ts holds it to what the server sends. */

export interface Clock {
  readonly mode: 'running' | 'frozen' | 'step'
  readonly now: string
  readonly rate: number
  readonly nextTransitionAt: string | null
}

export interface Info {
  readonly version: string
  readonly families: readonly { readonly name: string; readonly operations: readonly string[] }[]
}

export interface DomainSummary {
  readonly name: string
  readonly jobs: number
  readonly clock: Clock
}

export type Outcome = 'done' | 'failed' | 'cancelled' | 'none'

export interface TimelineStep extends Readonly<Partial<Record<Outcome, number>>> {
  readonly at: string | null
}

export interface Timeline {
  readonly startedAt: string
  readonly endsAt: string | null
  readonly endStatus: string | null
  readonly cancelledAt: string | null
  readonly steps: readonly TimelineStep[]
}

export interface Job {
  readonly id: string
  readonly family: string
  readonly scenario: string | null
  readonly nextTransitionAt: string | null
  readonly timeline?: Timeline
  readonly job: {
    readonly overall_status: string
    readonly operation?: unknown
    readonly createdAt?: unknown
    readonly abort?: unknown
    readonly detailed_status?: Readonly<Record<string, string>>
  }
}

export interface JobHistory extends Job {
  readonly plan: Readonly<Record<string, unknown>>
  readonly events: readonly { readonly kind: string; readonly at: string; readonly name?: string }[]
}

export interface Span {
  readonly from: string
  readonly to: string | null
}

export interface JobList {
  readonly total: number
  readonly jobs: readonly Job[]
  readonly span?: Span | null
}

export interface Explanation {
  readonly text: string
  readonly chosenBy: string | null
  readonly waitsFor: readonly { readonly trigger: string; readonly text: string; readonly at?: string }[]
}

export interface Fault {
  readonly id: string
  readonly on?: object
  readonly times?: number
  readonly do: object
  readonly seen: number
  readonly hits: number
}

export interface Request {
  readonly at: string
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly status: number | null
  readonly durationMs: number | null
  readonly query: object
  readonly headers: object
  readonly body: unknown
  readonly job?: string
  readonly fault?: string
}

export interface PollingReport {
  readonly signIns: number
  readonly jobs: readonly {
    readonly job: string
    readonly gets: number
    readonly intervals: { readonly min: string; readonly median: string; readonly max: string } | null
    readonly backOff: boolean
    readonly pollsAfterEnd: number
    readonly retryAfter: { readonly asked: number; readonly kept: number }
    readonly signIns: number
  }[]
  readonly findings: readonly { readonly rule: string; readonly level: 'error' | 'hint'; readonly message: string }[]
}

export interface Advance {
  readonly now: string
  readonly total: number
}
