import type { FamilyName } from '../model/family.ts'
import type { ItemTime, Job, JobEvent, JobTimes } from '../model/job.ts'
import type { Instant } from '../model/time.ts'

/** Identifies a content: the complete set of jobs and resources of one domain or snapshot. */
export type ContentKey = number

/** The jobs and resources that a domain shows. */
export interface JobScope {
  readonly content: ContentKey
  /** Those with a larger `seq` are still being added and are not shown. */
  readonly visibleTo: number
}

/** Values that are derived from a job's plan and events when it is written. */
export interface DerivedJob {
  readonly times: JobTimes
  /** The job's items, and when each of them ends. */
  readonly items: readonly ItemTime[]
  /** The ids of the resources that it may act on, and every name of the containers that it covers. */
  readonly targets: readonly string[]
  /** The vendor document of the finished job; undefined as long as the end is not known. */
  readonly finalText: string | undefined
}

/** A job with all values that are stored when it is inserted. */
export interface JobWrite extends DerivedJob {
  readonly job: Job
  /** Hash of the create request; undefined for captured jobs, which have no request. */
  readonly requestHash: number | undefined
  /** Number of the job among the jobs of equal requests, from 0; its id was drawn with it. */
  readonly occurrence: number | undefined
}

/** A new event with the values that it changes; `items` are those that now end at another instant. */
export interface JobAppend extends Omit<DerivedJob, 'targets'> {
  readonly id: string
  readonly event: JobEvent
}

export type SortField = 'id' | 'createdAt' | 'updatedAt' | 'completed_at' | 'overall_status' | 'cloud' | 'operation'

/** Filter, order and page of a list. Statuses are those at the instant `at`. */
export interface JobQuery {
  readonly at: Instant
  /** undefined: all families. */
  readonly family: FamilyName | undefined
  readonly ids: readonly string[]
  readonly statuses: readonly string[]
  readonly clouds: readonly string[]
  readonly operations: readonly string[]
  /** Jobs that cover one of these, by name or id; absent or empty: all jobs. */
  readonly containers?: readonly string[]
  /** Only jobs that have not ended. */
  readonly isRunning?: true
  readonly sort: readonly { readonly field: SortField; readonly descending: boolean }[]
  readonly skip: number
  /** undefined: no limit. */
  readonly limit: number | undefined
}

/** The `seq` of the jobs of a page, in order; `total` counts the jobs of all pages. */
export interface JobPage {
  readonly total: number
  readonly seqs: readonly number[]
}

/** How the jobs of a page are read. */
export interface EntryRequest {
  readonly at: Instant
  /** Whether a finished job is returned as its final document. False for a past instant: later events are in the document. */
  readonly asText: boolean
}

/** A job of a page: its final document if it has ended by the requested instant, otherwise the job to render. */
export type PageEntry = { readonly text: string } | { readonly job: Job }

/** Jobs in the database. Every method is synchronous; `Store.transaction` makes several calls one command. */
export interface JobStore {
  /** Adds a job after all others; false if the content already has a job with its id. */
  insert(content: ContentKey, write: JobWrite): boolean
  find(scope: JobScope, id: string): Job | undefined
  /** The document of a job that is finished and not deleted at the instant: one indexed read, without parsing. */
  finalText(scope: JobScope, key: FinalTextKey): string | undefined
  page(scope: JobScope, query: JobQuery): JobPage
  /** The jobs with these `seq`, in that order. */
  entries(scope: JobScope, seqs: readonly number[], request: EntryRequest): readonly PageEntry[]
  /** The jobs of the first `limit` changes by time in a span, ordered by `seq`. */
  due(scope: JobScope, span: DueSpan): readonly DueJob[]
  /** The number of changes by time after `from` and up to `to`. */
  countDue(scope: JobScope, from: Instant, to: Instant): number
  /** The first instant after `after` at which time changes a job; undefined: there is none. */
  nextTransitionAt(scope: JobScope, after: Instant): Instant | undefined
  append(scope: JobScope, append: JobAppend): void
  /**
   * When items of the jobs that cover a container have ended, up to an instant: the newest first, `limit` of them after
   * `skip`.
   */
  endsOver(
    scope: JobScope,
    container: string,
    span: { readonly to: Instant; readonly skip: number; readonly limit: number },
  ): readonly { readonly seq: number; readonly at: Instant }[]
  /** The jobs that may act on the resources with these ids, by `seq` and in their order; resources without any are left out. */
  actingOn(scope: JobScope, resources: readonly string[]): ReadonlyMap<string, readonly number[]>
  /** The `occurrence` of the next job of this request: one more than the last, 0 if there is none. */
  nextOccurrence(scope: JobScope, requestHash: number): number
  count(scope: JobScope): number
  /** From the instant at which the first job exists to the last change by time; undefined if there is no job. */
  span(scope: JobScope): JobSpan | undefined
  /** The newest instant at which a job was created or an event happened; undefined if there is no job. */
  newest(scope: JobScope): Instant | undefined
}

/** Operations on whole contents. The generators yield between steps, each of which is to be one transaction. */
export interface ContentStore {
  /** Creates an empty content. If no domain refers to it, the next start drops it. */
  create(): ContentKey
  /** The `seq` of the last job or resource, 0 if there is none. */
  lastSeq(content: ContentKey): number
  /**
   * Copies all jobs and resources of a scope into an empty content. Final documents of created jobs contain the id of their
   * domain: with `recordOf` they are not copied, jobs are rendered when they are read, and `recordOf` converts the records
   * of resources.
   */
  copy(from: JobScope, to: ContentKey, recordOf?: (record: string) => string): Generator<void, void>
  /** Deletes the jobs and resources after a `seq`. */
  trim(content: ContentKey, after: number): Generator<void, void>
  /** Deletes a content with all that is in it. */
  drop(content: ContentKey): Generator<void, void>
  /** Contents to which no domain refers. */
  unnamed(): readonly ContentKey[]
}

export interface JobSpan {
  readonly from: Instant
  /** undefined: time changes no job. */
  readonly to: Instant | undefined
}

/** A position in the order of changes: by instant, and at equal instants by the `seq` of the job. */
export interface DueCursor {
  readonly at: Instant
  readonly seq: number
}

interface DueSpan {
  /** Exclusive. */
  readonly from: DueCursor
  /** Inclusive. */
  readonly to: Instant
  readonly limit: number
}

interface DueJob {
  readonly seq: number
  readonly job: Job
}

interface FinalTextKey {
  readonly family: FamilyName
  readonly id: string
  readonly at: Instant
}
