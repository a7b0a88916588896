import type { FamilyName } from '../model/family.ts'
import type { ItemTime, Job, JobEvent, JobTimes } from '../model/job.ts'
import type { Instant } from '../model/time.ts'

/** Names a content: the jobs and resources that one domain or snapshot has. */
export type ContentKey = number

/** The jobs and resources that a domain shows. */
export interface JobScope {
  readonly content: ContentKey
  /** Those with a larger `seq` are still being added and are not shown. */
  readonly visibleTo: number
}

/** What is worked out from a job's plan and events when it is written. */
export interface DerivedJob {
  readonly times: JobTimes
  /** The job's items, and when each of them ends. */
  readonly items: readonly ItemTime[]
  /** The ids of the resources that it may act on. */
  readonly targets: readonly string[]
  /** The vendor document of the job once it is over, where the end is known; undefined while it is not. */
  readonly finalText: string | undefined
}

/** A job with all that is fixed at write time. */
export interface JobWrite extends DerivedJob {
  readonly job: Job
  /** Hash of the create request; undefined for captured jobs, which no request made. */
  readonly requestHash: number | undefined
  /** Which of the jobs of that request it is, from 0: what its id was drawn with. */
  readonly occurrence: number | undefined
}

/** What one more event changes; `items` are those that now end at another instant. */
export interface JobAppend extends Omit<DerivedJob, 'targets'> {
  readonly id: string
  readonly event: JobEvent
}

export type SortField = 'id' | 'createdAt' | 'updatedAt' | 'completed_at' | 'overall_status' | 'cloud' | 'operation'

/** Which jobs a list shows, by the status at an instant. */
export interface JobQuery {
  readonly at: Instant
  /** undefined: every family. */
  readonly family: FamilyName | undefined
  readonly ids: readonly string[]
  readonly statuses: readonly string[]
  readonly clouds: readonly string[]
  readonly operations: readonly string[]
  readonly sort: readonly { readonly field: SortField; readonly descending: boolean }[]
  readonly skip: number
  /** undefined: all of them. */
  readonly limit: number | undefined
}

/** Which jobs a page has, by `seq` and in their order; `total` counts those of all pages. */
export interface JobPage {
  readonly total: number
  readonly seqs: readonly number[]
}

/** How the jobs of a page are read. */
export interface EntryRequest {
  readonly at: Instant
  /** Whether a job that is over comes as its last document. Not when looking back: the document may know more than the instant. */
  readonly asText: boolean
}

/** A job of a page: its final document where it is over at the asked instant, else what it takes to work it out. */
export type PageEntry = { readonly text: string } | { readonly job: Job }

/** Jobs in the database. Every method answers at once; several make one command within `Store.transaction`. */
export interface JobStore {
  /** Adds a job after all others; false when the content has its id already. */
  insert(content: ContentKey, write: JobWrite): boolean
  find(scope: JobScope, id: string): Job | undefined
  /** The document of a job that is over and not deleted at that instant: one indexed read, nothing parsed. */
  finalText(scope: JobScope, key: FinalTextKey): string | undefined
  page(scope: JobScope, query: JobQuery): JobPage
  /** The jobs with these `seq`, in that order. */
  entries(scope: JobScope, seqs: readonly number[], request: EntryRequest): readonly PageEntry[]
  /** The jobs of the first `limit` changes that time brings in a span, by `seq`. */
  due(scope: JobScope, span: DueSpan): readonly DueJob[]
  /** How many changes time brings after `from` and up to `to`. */
  countDue(scope: JobScope, from: Instant, to: Instant): number
  /** The first instant after this one at which time changes a job; undefined: there is none. */
  nextTransitionAt(scope: JobScope, after: Instant): Instant | undefined
  append(scope: JobScope, append: JobAppend): void
  /** The jobs that may act on the resource with this id, by `seq` and in their order. */
  actingOn(scope: JobScope, resource: string): readonly number[]
  /** Which of the jobs of this request the next one is: one more than the last, 0 where there is none. */
  nextOccurrence(scope: JobScope, requestHash: number): number
  count(scope: JobScope): number
  /** From when the first job is there to the last change that time brings; undefined where there is no job. */
  span(scope: JobScope): JobSpan | undefined
  /** The newest instant at which a job came to be there or something happened to one; undefined where there is no job. */
  newest(scope: JobScope): Instant | undefined
}

/** What happens to whole contents. Each generator pauses between steps that are worth a transaction of their own. */
export interface ContentStore {
  /** An empty content. Until a domain names it, the next start drops it. */
  create(): ContentKey
  /** The `seq` of the last job or resource, 0 where there is none. */
  lastSeq(content: ContentKey): number
  /**
   * Copies all jobs and resources of a scope into an empty content. Documents of created jobs hold the id of their domain: without
   * `keepTexts` they are left out, and rendered when they are read.
   */
  copy(from: JobScope, to: ContentKey, options: { readonly keepTexts: boolean }): Generator<void, void>
  /** Deletes the jobs and resources after a `seq`. */
  trim(content: ContentKey, after: number): Generator<void, void>
  /** Deletes a content with all that is in it. */
  drop(content: ContentKey): Generator<void, void>
  /** Contents that no domain names. */
  unnamed(): readonly ContentKey[]
}

export interface JobSpan {
  readonly from: Instant
  /** undefined: time changes none of them. */
  readonly to: Instant | undefined
}

/** A place in the order of changes: by instant, and at one instant by the `seq` of their jobs. */
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
