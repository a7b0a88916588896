import type {
  Change,
  Effect,
  KindBehaviour,
  KindName,
  LifeStep,
  Resource,
  ResourceQuery,
  ResourceRecord,
} from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import type { ContentKey, DueCursor, JobScope } from './job-store.ts'

/** What a list needs of a step beside its record. */
export interface StepValues {
  /** The values of the members that the kind has indexed, in its order. */
  readonly columns: readonly unknown[]
  /** The values of the members that its versions share; undefined if its kind has no versions. */
  readonly versionsOf: readonly unknown[] | undefined
  /** The values of its facets, by their paths with dots. */
  readonly facets: ResourceRecord
  /** The names by which the resource can be found, beside its id, and the values of the members that its kind looks up. */
  readonly names: readonly string[]
}

/** The whole life of a resource. */
export interface LifeWrite {
  readonly life: readonly LifeStep[]
  /** Asked only for the steps that are written. */
  readonly valuesOf: (record: ResourceRecord) => StepValues
}

export interface ResourceWrite extends LifeWrite {
  readonly resource: Resource
  /** Hash of the create request; undefined for a resource that no request made. */
  readonly requestHash: number | undefined
  /** Which of the resources of that request it is, from 0: what its id was drawn with. */
  readonly occurrence: number | undefined
}

/** A resource with its place in the order of the content. */
export interface StoredResource extends Resource {
  readonly seq: number
}

/** A resource as it is at an instant. */
export interface ShownResource {
  readonly seq: number
  readonly id: string
  readonly kind: KindName
  readonly isHidden: boolean
  readonly isLost: boolean
  readonly existsFrom: Instant
  /** Its last change until then, or its creation. */
  readonly since: Instant
  /** As JSON. */
  readonly text: string
}

/** Which resources a list shows, at an instant. */
export interface ShownQuery extends Omit<ResourceQuery, 'kind'> {
  readonly at: Instant
  /** undefined: all kinds. */
  readonly kind: KindName | undefined
  /** Whether those are shown too that a synchronization has yet to show. */
  readonly withHidden?: boolean
  /** What the kind says of its members. */
  readonly members: Pick<KindBehaviour, 'indexed' | 'facets' | 'lookups'>
  /** Chooses and orders by what the summaries of several kinds say, in place of `sort`. */
  readonly summary?: SummaryQuery
}

export type SummaryKind = Pick<KindBehaviour, 'name' | 'indexed' | 'facets' | 'lookups' | 'summary'>

export interface SummaryQuery {
  /** The kinds that are listed, in the order of `sort.by: 'kind'`. */
  readonly kinds: readonly SummaryKind[]
  readonly state: string | undefined
  /** All names of the container. */
  readonly container: readonly string[] | undefined
  /** The beginning of an id, or a part of a name. */
  readonly search: string | undefined
  readonly sort: { readonly by: 'createdAt' | 'kind' | 'changedAt'; readonly descending: boolean }
}

/** Which resources a page has, by `seq` and in their order; `total` counts those of all pages. */
interface ResourcePage {
  readonly total: number
  readonly seqs: readonly number[]
}

/** A resource that a synchronization has shown or found lost. */
export interface NoticedResource extends Pick<StoredResource, 'id' | 'kind'> {
  readonly at: Instant
  readonly change: Change
}

/** Resources in the database. The scope of the jobs holds for them too: both are of one sequence. */
export interface ResourceStore {
  /** Adds a resource after all others; false when the content has its id already. */
  insert(content: ContentKey, write: ResourceWrite): boolean
  find(scope: JobScope, id: string): StoredResource | undefined
  /** The resource with that id, or those that have that name at one time or another, as they are at an instant. */
  shown(scope: JobScope, key: ShownKey): readonly ShownResource[]
  page(scope: JobScope, query: ShownQuery): ResourcePage
  /** The resources with these `seq`, in that order, as they are at an instant. */
  entries(scope: JobScope, seqs: readonly number[], at: Instant): readonly ShownResource[]
  /** Adds what a direct call did. */
  append(content: ContentKey, seq: number, event: Effect): void
  /** Replaces the steps from an instant on. */
  rewrite(
    content: ContentKey,
    resource: Pick<StoredResource, 'seq' | 'kind'>,
    rewrite: LifeWrite & { readonly from: Instant },
  ): void
  /**
   * The resources that a synchronization after an instant can show, or find lost: those that are hidden or lost then. In
   * batches, between which the caller may rewrite those that it has.
   */
  hiddenOrLost(scope: JobScope, after: Instant): Iterable<readonly StoredResource[]>
  /** The resources that a job has made; those of them that are not there yet are removed by `unmake`. */
  madeBy(scope: JobScope, job: string): readonly Pick<StoredResource, 'id' | 'kind' | 'existsFrom'>[]
  unmake(scope: JobScope, job: string, after: Instant): void
  /** What synchronizations of a job have shown or found lost. */
  appearedOrVanishedBy(scope: JobScope, job: string): readonly NoticedResource[]
  /** Which of the resources of this request the next one is. */
  nextOccurrence(scope: JobScope, requestHash: number): number
  count(scope: JobScope): number
  /** Whether an item of a job has changed the resource with that id at an instant. */
  isActedOn(scope: JobScope, effect: { readonly id: string; readonly job: string; readonly at: Instant }): boolean
  /** The first changes of resources that time alone brings in a span, in order. */
  due(
    scope: JobScope,
    span: { readonly from: DueCursor; readonly to: Instant; readonly limit: number },
  ): readonly DueStep[]
  countDue(scope: JobScope, from: Instant, to: Instant): number
  nextDueAt(scope: JobScope, after: Instant): Instant | undefined
}

export interface DueStep {
  readonly seq: number
  readonly id: string
  readonly kind: KindName
  readonly at: Instant
  readonly change: Change
  /** The record before, as JSON. */
  readonly before: string
}

export interface ShownKey {
  /** undefined: all kinds. */
  readonly kind: KindName | undefined
  readonly idOrName: string
  readonly at: Instant
  readonly withHidden?: boolean
}
