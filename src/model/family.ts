import type { Change, KindName, ResourceRecord } from './resource.ts'
import type { Instant } from './time.ts'

/** The name of a kind of job in the vendor's API, such as `azure.bulkjobs`. All are in wire/families/. */
export type FamilyName = string

/** What the items of a job do to the resources that they name, as its request says it. */
export interface JobAction {
  /** An item that names a resource of another kind does nothing. */
  readonly kind: KindName
  readonly change: Change
  /** Another resource, whose record the values of the change come from. The first item that succeeds changes it too. */
  readonly with?: ActionSource
}

interface ActionSource {
  readonly kind: KindName
  readonly idOrName: string
  readonly valuesOf: (record: ResourceRecord) => ResourceRecord
  readonly change: Change
}

/** The part of a create request that selects items; the domain resolves it to their ids. */
export type ItemSelector = { readonly kind: 'ids'; readonly ids: readonly string[] } | BackupSelector

/** The backups of a vault, of some keys, or of all there are, made between two instants. */
export interface BackupSelector {
  readonly kind: 'backups'
  readonly vault: string | undefined
  readonly keys: readonly string[]
  readonly after: Instant | undefined
  readonly before: Instant | undefined
}

/** What a selector chooses of an inventory. */
export interface Selection {
  readonly ids: readonly string[]
  /** The vaults and keys that it names and the inventory does not have; one without a name stands for all. */
  readonly unknown: readonly string[]
}

/** A create request after reading, from which a job is created. */
export interface JobRequest {
  readonly family: FamilyName
  readonly operation: string
  readonly items: ItemSelector
  /** The request as input for random draws: equal requests have equal text. */
  readonly content: string
  /** Fields of the request that the vendor repeats in the job, as JSON text ready to send. */
  readonly echoes: Readonly<Record<string, string>>
  /** undefined: its items change nothing. */
  readonly action: JobAction | undefined
}
