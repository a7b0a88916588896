import type { Awaitable } from '../model/awaitable.ts'
import type { FamilyName } from '../model/family.ts'
import type { Job, JobEvent, JobTimes } from '../model/job.ts'
import type { Instant } from '../model/time.ts'

/** Names a domain within the store. */
export type DomainKey = number

/** A job with all that is fixed at write time. */
export interface JobWrite {
  readonly job: Job
  readonly times: JobTimes
  /** The vendor document of the job once it is over, where the end is known; undefined while it is not. */
  readonly finalText: string | undefined
  /** Hash of the create request; undefined for captured jobs, which no request made. */
  readonly content: number | undefined
  /** Which of the jobs of that content it is, from 0: what its id was drawn with. */
  readonly occurrence: number | undefined
}

export interface StoredJob {
  readonly job: Job
  /** Counts the events: what an append must name, so that two writers never both win. */
  readonly version: number
}

/** What an append changes, worked out from the job with the new event. */
export interface JobAppend {
  readonly id: string
  readonly event: JobEvent
  readonly expectedVersion: number
  readonly times: JobTimes
  readonly finalText: string | undefined
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
  /** Whether a job that is over comes as its last document. Not when looking back: the document may know more than the instant. */
  readonly asText: boolean
}

/** A job of a page: its final document where it is over at the asked instant, else what it takes to work it out. */
export type PageEntry = { readonly text: string } | { readonly stored: StoredJob }

export interface JobPage {
  readonly total: number
  readonly entries: readonly PageEntry[]
}

/**
 * Where jobs are kept. The one seam of the storage: a command is one `find` and one compare-and-append,
 * so no operation needs a transaction across two calls. Contract: test/store/job-store.test.ts.
 */
export interface JobStore {
  /** Adds a job; false when the domain has its id already. */
  insert(domain: DomainKey, write: JobWrite): Awaitable<boolean>
  /** Adds all or, when the iteration throws or an id is taken, none. Gives the taken id. */
  insertAll(domain: DomainKey, writes: Iterable<JobWrite>): Awaitable<{ readonly taken: string | undefined }>
  find(domain: DomainKey, id: string): Awaitable<StoredJob | undefined>
  /** The document of a job that is over and not deleted at that instant: one indexed read, nothing parsed. */
  finalText(domain: DomainKey, key: FinalTextKey): Awaitable<string | undefined>
  page(domain: DomainKey, query: JobQuery): Awaitable<JobPage>
  /** Jobs that time changes after `from` and up to `to`; of those that change in that span only, the first `limit`. */
  due(domain: DomainKey, span: DueSpan): Awaitable<DueJobs>
  /** Jobs in the middle of their changes at an instant, and the first change of those that come to it later. */
  pending(
    domain: DomainKey,
    at: Instant,
  ): Awaitable<{ readonly running: readonly StoredJob[]; readonly next: Instant | undefined }>
  /** False when the version is no longer the expected one. */
  append(domain: DomainKey, append: JobAppend): Awaitable<boolean>
  /** Which of the jobs of this content the next one is: one more than the last, 0 where there is none. */
  nextOccurrence(domain: DomainKey, content: number): Awaitable<number>
  count(domain: DomainKey): Awaitable<number>
  /** From when the first job is there to the last change that time brings; undefined where there is no job. */
  span(domain: DomainKey): Awaitable<JobSpan | undefined>
  /** The newest instant at which a job came to be there or something happened to one; undefined where there is no job. */
  newest(domain: DomainKey): Awaitable<Instant | undefined>
  /** Copies the jobs of a domain; their last documents too, unless the copy's domain has another id, which they hold. */
  copyDomain(copy: DomainCopy): Awaitable<void>
  dropDomain(domain: DomainKey): Awaitable<void>
}

export interface JobSpan {
  readonly from: Instant
  /** undefined: time changes none of them. */
  readonly to: Instant | undefined
}

export interface DomainCopy {
  readonly from: DomainKey
  readonly to: DomainKey
  readonly keepTexts: boolean
}

export interface DueSpan {
  readonly from: Instant
  readonly to: Instant
  readonly limit: number
}

export interface DueJobs {
  /** Jobs that change outside of the span too: what falls into it has to be worked out. */
  readonly edge: readonly StoredJob[]
  /** Jobs all of whose changes lie in the span, by their first change: enough of them to name the first `limit` changes. */
  readonly inside: readonly StoredJob[]
  /** How many changes all those inside have, named or not. */
  readonly insideTotal: number
}

export interface FinalTextKey {
  readonly family: FamilyName
  readonly id: string
  readonly at: Instant
}
