import type { Settings } from './settings.ts'
import type { Instant } from './time.ts'

/** The name of a kind of resource in the inventory, such as `azure.key`. wire/resources/ has them all. */
export type KindName = string

/** A resource as the vendor's API shows it: a JSON object, its members in the vendor's order. */
export type ResourceRecord = Readonly<Record<string, unknown>>

/** How many records a long read takes at once: few enough that they stay in V8's young generation. */
export const RECORDS_PER_READ = 200

/** What happens to a resource, in the words of the control API. */
export const CHANGES = [
  'created',
  'updated',
  'enabled',
  'disabled',
  'deletion-scheduled',
  'deletion-cancelled',
  'policy-applied',
  'tagged',
  'soft-deleted',
  'purged',
  'recovered',
  'restored',
  'deleted',
  'appeared',
  'vanished',
  'synchronized',
  'gone',
  'archived',
  'unarchived',
] as const

export type ChangeName = (typeof CHANGES)[number]

/** A change with what it needs, such as `{ name: 'deletion-scheduled', values: { days: 7 } }`. */
export interface Change {
  readonly name: ChangeName
  /** Members of the change, in the words of its kind. */
  readonly values?: ResourceRecord
}

/** Who made a change: a job, a request by its id, or a seed. */
export type ChangeOrigin = { readonly job: string } | { readonly request: string } | { readonly seed: true }

/** A change at its instant. The state of a resource is the fold of its effects over the record that it was made with. */
export interface Effect {
  readonly at: Instant
  readonly change: Change
  readonly by: ChangeOrigin
  /** Of a direct call: the jobs whose items acted on the resource before it at the same instant. Absent: none. */
  readonly after?: readonly string[]
}

/** A stored resource: its immutable part, and what calls did to it. Effects of jobs are found through their items. */
export interface Resource {
  readonly id: string
  readonly kind: KindName
  readonly existsFrom: Instant
  /** The record that it was made with. */
  readonly record: ResourceRecord
  readonly by: ChangeOrigin
  /** In the cloud, and not known to CM before a synchronization. */
  readonly isHidden: boolean
  /** Known to CM, and lost in the cloud: the next synchronization marks it gone. */
  readonly vanishes: boolean
  /** Whether its loss in the cloud shows only after a synchronization: the switch goneShown as it was at its creation. */
  readonly isLossSilent: boolean
  /** Effects of direct calls. Only ever appended. */
  readonly events: readonly Effect[]
}

/** The state of a resource at an instant. */
export interface ResourceState {
  readonly record: ResourceRecord
  /** A synchronization has yet to show it. */
  readonly isHidden: boolean
  /** It is no longer in the cloud, and the record does not say so yet. */
  readonly isLost: boolean
}

/** One step of a resource's life. The first is its creation. */
export interface LifeStep {
  readonly at: Instant
  /** undefined: it was made. */
  readonly change: Change | undefined
  readonly by: ChangeOrigin
  /** Whether time alone brought it. */
  readonly isDue: boolean
  /** undefined: it is no longer there. A list leaves it out, a path that names it is 404. */
  readonly state: ResourceState | undefined
}

/** Path of a member of a record: `['aws_param', 'KeyState']`. */
export type MemberPath = readonly string[]

/** A word for a state, and the value of the member that shows it. */
export interface StateWord {
  readonly word: string
  readonly path: MemberPath
  readonly value: string | boolean
}

/** Where the records of a kind have what every list of the inventory shows. */
export interface RecordSummary {
  readonly name: MemberPath
  /** A region, or a list of regions. */
  readonly region?: MemberPath
  /** The id or a name of the container: the KMS account of an AWS key, the vault of an Azure key. */
  readonly container?: MemberPath
  /** The first that applies is the state. */
  readonly states: readonly StateWord[]
}

/** How the resources of a kind behave. Only wire/ knows the vendor's spelling, so it hands these functions in. All are pure. */
export interface KindBehaviour {
  readonly name: KindName
  /**
   * Paths of the members that lists sort by, and of others with one value that few resources share; at most 12. The store has an
   * index for each. Once released, a kind keeps the order and adds at the end.
   */
  readonly indexed: readonly (readonly string[])[]
  /**
   * Paths of the members that lists filter by and whose values many resources share, such as states and regions: a filter reads
   * each combination of these values once, however many resources have it.
   */
  readonly facets?: readonly (readonly string[])[]
  /** Paths of the members whose values few resources share, such as ARNs and aliases: a filter for one finds it at once. */
  readonly lookups?: readonly (readonly string[])[]
  /** The record after a change; undefined if the change removes the resource. */
  readonly apply: (record: ResourceRecord, change: Change, at: Instant) => ResourceRecord | undefined
  /** The text with which the cloud refuses a change in this state; undefined if it allows it. */
  readonly refusal: (record: ResourceRecord, change: Change) => string | undefined
  /** The text with which an item fails whose resource is not there. */
  readonly missing?: (id: string) => string
  /** The change that time alone makes next, such as the day of a scheduled deletion. */
  readonly due: (record: ResourceRecord) => { readonly at: Instant; readonly change: Change } | undefined
  /** Other names by which paths and bodies may refer to the resource, beside its id. */
  readonly namesOf: (record: ResourceRecord) => readonly string[]
  /** The kind of its container; absent: resources of the kind lie in no other. */
  readonly containedBy?: KindName
  /** A name that no other resource of the kind may have; absent: there is none. */
  readonly uniqueNameOf?: (record: ResourceRecord) => string
  /** Whether the record says that the cloud has lost the resource. Absent: it never does. */
  readonly isGone?: (record: ResourceRecord) => boolean
  /** Where a record names its container, by id or name, and its region: what a synchronization covers. Absent: none covers the kind. */
  readonly area?: { readonly container: readonly string[]; readonly region?: readonly string[] }
  /** The members that two versions of one resource share. Absent: resources of the kind have no versions. */
  readonly versionsOf?: readonly (readonly string[])[]
  /** Where a record has the instant of the last synchronization that saw the resource. Absent: nowhere. */
  readonly seen?: { readonly path: readonly string[]; readonly at: (record: ResourceRecord) => Instant | undefined }
  /** Of a container: whether CM manages nothing in it, such as in an archived KMS account. */
  readonly isClosed?: (record: ResourceRecord) => boolean
  readonly summary: RecordSummary
}

/** Chooses resources by one member of their records. A record is chosen if any of the wanted values fits. */
export interface ResourceFilter {
  /** Path of the member: `['aws_param', 'KeyState']`. Of a list, each element counts. */
  readonly path: readonly string[]
  readonly wanted: readonly (string | number | boolean)[]
  /**
   * `equals` is the default; `differs`: it equals none of them. `contains`: the member is an object that has all members of the
   * wanted JSON text. `present`: whether the member is there, and neither null nor empty, is as wanted.
   */
  readonly match?: 'equals' | 'differs' | 'contains' | 'starts-with' | 'present'
}

/** A record is chosen if all filters of one of the lists choose it. */
export interface AnyOfFilters {
  readonly anyOf: readonly (readonly ResourceFilter[])[]
}

/** Which resources a list shows. */
export interface ResourceQuery {
  readonly kind: KindName
  readonly filters: readonly (ResourceFilter | AnyOfFilters)[]
  /** Only the newest version of each resource, of a kind that has versions (Azure's `version=-1`). */
  readonly isNewestOnly?: boolean
  /** Ties go by creation. */
  readonly sort: readonly { readonly path: readonly string[]; readonly descending: boolean }[]
  readonly skip: number
  /** undefined: all of them. */
  readonly limit: number | undefined
}

/** A resource as calls see it. */
export interface FoundResource {
  readonly id: string
  readonly kind: KindName
  readonly record: ResourceRecord
}

/**
 * The inventory of a domain as one call of the vendor's API reads and changes it: inside of one transaction, at one instant.
 * What is thrown undoes the whole call.
 */
export interface InventoryEdit {
  readonly now: Instant
  readonly settings: Settings
  /** The account words of uris: `kylo` in the root domain, `kylo-<id>` in another. */
  readonly domainId: string
  /** Finds a resource that is shown now, by its id or one of its names. */
  readonly find: (kind: KindName, idOrName: string) => FoundResource | undefined
  /** All resources shown now that the filters choose, in order of creation; those too that a synchronization has yet to show. */
  readonly list: (
    kind: KindName,
    filters: readonly ResourceFilter[],
    options?: { readonly hidden?: boolean },
  ) => readonly FoundResource[]
  /** Adds a resource; its id is the record's. Throws 409 if the id is taken. */
  readonly create: (kind: KindName, record: ResourceRecord) => FoundResource
  /** Why the cloud refuses a change of a resource that is shown now; undefined if it does not. It knows of losses that CM does not. */
  readonly refusalOf: (resource: FoundResource, change: Change) => string | undefined
  /** Changes a resource now. Throws the cloud's refusal in CM's error shape. */
  readonly change: (resource: FoundResource, change: Change) => FoundResource
  /** An identifier drawn for a purpose: the same for the same random seed, request and purpose. */
  readonly drawId: (purpose: string) => string
}

/** What a record depends on, beside what was asked for. */
export interface FillContext {
  /** The account words of uris follow it. */
  readonly domainId: string
  /** When the resource begins to exist: its `createdAt`, unless the record has one. */
  readonly now: Instant
  /** A UUID drawn for a purpose: the same for the same random seed, request (or element of a seed) and purpose. */
  readonly drawId: (purpose: string) => string
  /** The record of a container, by its id or a name of it. Of a seed, also a later one. */
  readonly find: (kind: KindName, idOrName: string) => ResourceRecord | undefined
  /** The id of the resource that it belongs to, where a seed's element says so. */
  readonly of?: string | undefined
  /** Which of the resources of a seed's element with `count` it is, from 1. */
  readonly number?: number | undefined
}
