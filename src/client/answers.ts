import type { FailureKind } from '../model/failure-kind.ts'
import type { FamilyName } from '../model/family.ts'
import type { FaultSource } from '../model/fault.ts'
import type { ChangeName, ChangeOrigin } from '../model/resource.ts'
import type { ClockMode } from '../model/domain.ts'

/** Responses of the control API, as the server writes and the client reads them. Instants are RFC 3339. */

export interface ClockAnswer {
  readonly mode: ClockMode
  readonly now: string
  readonly rate: number
  readonly nextTransitionAt: string | null
}

/** A clock with the clients that sleep by it. */
export interface FullClockAnswer extends ClockAnswer {
  /** By name; `until` is the wake-up, null for one that is awake. */
  readonly sleepers: readonly { readonly name: string; readonly until: string | null }[]
  /** Of `auto`: the real time after which a sleeper that neither sleeps nor calls is dropped. */
  readonly lease?: string
  /** Of `auto`: it does not leap before it knows this many sleepers. */
  readonly expectedSleepers?: number
}

export interface SleepAnswer {
  readonly now: string
  /** True: the domain's time has not come that far. Sleep again for the rest. */
  readonly early?: boolean
}

export interface DomainAnswer {
  readonly name: string
  readonly id: string
  readonly jobs: number
  readonly clock: ClockAnswer
}

/**
 * All that a client needs to work in a domain. On a locked emulator the bearer of a CM token gets no `username`, `user`
 * and `password`.
 */
export interface DomainAccess {
  readonly name: string
  readonly id: string
  readonly created: boolean
  /** The domain for a sign-in that names it: the same as `name`. */
  readonly domain: string
  /** Signs in to the domain without naming it: `admin@t-42`. */
  readonly username: string
  /** The same user for a sign-in that names the domain: `admin`. */
  readonly user: string
  readonly password: string
  readonly jwt: string
}

export interface TransitionAnswer {
  /** What changes: a job, or a resource that no job changes. */
  readonly subject: { readonly job: string } | { readonly resource: string; readonly kind: string }
  /** The job, where it or an item of it changes. */
  readonly job?: string
  readonly item?: string
  readonly from: string | null
  readonly to: string
  readonly at: string
  /** What the item does to a resource. */
  readonly effect?: { readonly resource: string; readonly kind: string; readonly change: ChangeName }
}

export interface AdvanceAnswer {
  readonly now: string
  /** The number of all transitions on the way; `transitions` has the first of them. */
  readonly total: number
  readonly transitions: readonly TransitionAnswer[]
}

/** A job as the vendor writes it. */
interface VendorJob {
  readonly id: string
  readonly overall_status: string
  readonly detailed_status?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

export interface JobAnswer {
  readonly id: string
  readonly family: FamilyName
  readonly scenario: string | null
  readonly job: VendorJob
  /** Present if API clients no longer see the job; `job` is its last state. */
  readonly deleted?: true
  readonly nextTransitionAt: string | null
  /** Present if requested. */
  readonly timeline?: TimelineAnswer
}

/** A job from its start to its end, by its plan and the events so far. */
export interface TimelineAnswer {
  readonly startedAt: string
  /** null: time alone never ends it. */
  readonly endsAt: string | null
  readonly endStatus: string | null
  readonly cancelledAt: string | null
  /** Items in order of time: the number of each outcome that has its result by `at` (null: unknown). */
  readonly steps: readonly {
    readonly at: string | null
    readonly done?: number
    readonly failed?: number
    readonly cancelled?: number
    readonly none?: number
  }[]
}

/** From the start of the first job to the last change that time alone causes. */
export interface SpanAnswer {
  readonly from: string
  readonly to: string | null
}

export interface JobHistoryAnswer extends JobAnswer {
  readonly plan: Readonly<Record<string, unknown>>
  readonly events: readonly { readonly kind: string; readonly at: string; readonly name?: string }[]
}

export interface JobListAnswer {
  readonly total: number
  readonly jobs: readonly JobAnswer[]
  /** Present if timelines were requested; null if there is no job. */
  readonly span?: SpanAnswer | null
}

interface WaitingAnswer {
  readonly trigger: 'after' | 'polls' | 'signal' | 'never' | 'cancel'
  readonly text: string
  readonly at?: string
}

export interface ExplanationAnswer {
  readonly job: string
  readonly status: string
  readonly isFinal: boolean
  /** Present if API clients no longer see the job. */
  readonly deleted?: true
  readonly scenario: string | null
  readonly chosenBy: string | null
  /** The id of the job rule that chose it. */
  readonly rule?: string
  readonly now: string
  readonly clock: string
  readonly waitsFor: readonly WaitingAnswer[]
  readonly nextTransitionAt: string | null
  /** Its statuses before the end, each from that instant on; absent: in_progress. */
  readonly phases?: readonly { readonly status: string; readonly at: string }[]
  readonly pauses?: readonly { readonly from: string; readonly until: string }[]
  /** What its items did to resources, and what they will do. */
  readonly effects: readonly {
    readonly item: string
    readonly resource: string
    readonly change: ChangeName
    readonly at: string
  }[]
  readonly text: string
}

/** A resource of the inventory. */
export interface ResourceAnswer {
  readonly id: string
  readonly kind: string
  /** As the vendor writes it. */
  readonly record: Readonly<Record<string, unknown>>
  /** A synchronization has yet to show it to API clients. */
  readonly hidden?: true
  /** If requested: what it is, whatever its kind. */
  readonly summary?: ResourceSummaryAnswer
}

interface ResourceSummaryAnswer {
  readonly name?: string
  readonly state?: string
  /** The id or a name of the container. */
  readonly container?: string
  readonly region?: string
  readonly changedAt: string
}

export interface ResourceHistoryAnswer extends ResourceAnswer {
  /** Its changes in order, those to come too. */
  readonly effects: readonly {
    readonly at: string
    readonly change: ChangeName
    readonly by: ChangeOrigin
  }[]
}

/** What a resource is from one change to the next. */
export interface ResourceTimelineAnswer {
  readonly id: string
  readonly kind: string
  readonly name?: string
  /** Its creation and its changes in order, those to come too. */
  readonly steps: readonly ResourceStepAnswer[]
}

export interface ResourceStepAnswer {
  readonly at: string
  readonly change: ChangeName
  readonly by: ChangeOrigin
  /** The state from then on, if its kind has any. */
  readonly state?: string
  readonly hidden?: true
  /** It is not there any more. */
  readonly removed?: true
}

/** Which resources some ids or names are of. */
export interface ResourceMatchesAnswer {
  readonly resources: readonly { readonly name: string; readonly id: string; readonly kind: string }[]
}

export interface ResourceListAnswer {
  readonly total: number
  readonly resources: readonly ResourceAnswer[]
}

export interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string; readonly pointer?: string }
}

export interface InfoAnswer {
  readonly name: string
  readonly version: string
  readonly cmVersion: string
  readonly domains: number
  readonly families: readonly {
    readonly name: FamilyName
    readonly operations: readonly string[]
    /** The field of a create request that names the items of the job. */
    readonly itemField: string
    /** The body of a create. */
    readonly example?: unknown
  }[]
  /** The kinds of resources, keys first. */
  readonly kinds: readonly {
    readonly name: string
    /** The words for its states. */
    readonly states: readonly string[]
    /** The kind that contains it. */
    readonly container?: string
  }[]
}

/** A fault with its counts. */
export interface FaultAnswer extends FaultSource {
  readonly id: string
  /** The number of matching calls so far. */
  readonly seen: number
  readonly hits: number
  /** The instant of the domain at which it was set, from which `on.from` counts. */
  readonly setAt?: string
}

/** A request of the journal, without secrets. */
export interface RequestAnswer extends RequestNewsAnswer {
  /** As in the header X-Emulator-Request-Id of its response. */
  readonly id: string
  readonly realAt: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** Why some headers are not shown. */
  readonly headersOmitted?: string
  /** null if there was none, or an unreadable one. */
  readonly body: unknown
  /** Why a body is not shown. */
  readonly bodyOmitted?: string
  readonly job?: string
  /** If requested: the overall_status in its response, if that was one job and was stored. */
  readonly jobStatus?: string
  /** The id of the fault that hit it. */
  readonly fault?: string
}

export interface RequestNewsAnswer {
  readonly at: string
  readonly operation: string
  readonly method: string
  readonly path: string
  /** null if no response was sent. */
  readonly status: number | null
  /** null while it is in flight. */
  readonly durationMs: number | null
}

export interface RequestListAnswer {
  readonly total: number
  /** The number of older requests that the journal no longer has. */
  readonly dropped: number
  readonly requests: readonly RequestAnswer[]
}

export interface RequestCountAnswer {
  readonly count: number
  /** Present if the count was not the expected one. */
  readonly nearest?: NearestAnswer | null
}

export interface NearestAnswer {
  readonly request: RequestAnswer
  readonly differs: readonly { readonly field: string; readonly expected: string; readonly actual: string }[]
  readonly text: string
}

/** The intervals between polls; durations as text. */
export interface PaceAnswer {
  /** null for a single poll. */
  readonly intervals: { readonly min: string; readonly median: string; readonly max: string } | null
  /** The intervals grow, or have grown to a maximum. */
  readonly backOff: boolean
  /** The intervals have grown to a maximum. */
  readonly capped: boolean
  /** False on a `step` clock, which polls move: there are no findings about intervals. */
  readonly judged: { readonly intervals: boolean; readonly because?: 'step clock' }
}

interface JobPollingAnswer extends PaceAnswer {
  readonly job: string
  readonly gets: number
  readonly pollsAfterEnd: number
  readonly retries: { readonly after401: number; readonly after429: number; readonly after5xx: number }
  readonly retryAfter: { readonly asked: number; readonly kept: number }
  readonly signIns: number
}

/** How the jobs of a family were polled by their list. */
interface ListPollingAnswer extends PaceAnswer {
  readonly family: string
  readonly calls: number
}

export interface PollingReportAnswer {
  readonly jobs: readonly JobPollingAnswer[]
  /** Empty in a report about one job. */
  readonly lists: readonly ListPollingAnswer[]
  /** Operations with a Retry-After in a response, and how often the client waited that long. */
  readonly operations: readonly { readonly operation: string; readonly asked: number; readonly kept: number }[]
  readonly signIns: number
  readonly findings: readonly {
    readonly rule: string
    readonly level: 'error' | 'hint'
    /** Absent if the finding is about an operation. */
    readonly job?: string
    readonly operation?: string
    readonly message: string
    readonly requests: readonly RequestAnswer[]
  }[]
}

/** The end of a test. */
export interface EndAnswer {
  /** There are no problems. */
  readonly ok: boolean
  readonly problems: readonly { readonly rule: FailureKind; readonly message: string }[]
  /** The problems and the report, for people. */
  readonly text: string
  /** A self-contained HTML page of what happened, without secrets, if asked for. */
  readonly trace?: string
}
