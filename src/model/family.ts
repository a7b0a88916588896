import type { Change, InventoryEdit, KindName, ResourceRecord } from './resource.ts'
import type { Settings } from './settings.ts'
import type { Instant, Micros } from './time.ts'

/** The name of a kind of job in the vendor's API, such as `azure.bulkjobs`. All are in wire/families/. */
export type FamilyName = string

/** What the items of a job do to the resources that they name, as its request says it. */
export interface JobAction {
  /** An item that names a resource of another kind does nothing. */
  readonly kind: KindName
  readonly change: Change
  /** Another resource, whose record the values of the change come from. The first item that succeeds changes it too. */
  readonly with?: ActionSource
  /** The kind of resource that an item makes of each resource that it covers. Absent: it makes none. */
  readonly copies?: KindName
}

interface ActionSource {
  readonly kind: KindName
  readonly idOrName: string
  readonly valuesOf: (record: ResourceRecord) => ResourceRecord
  readonly change: Change
}

/** The part of a create request that selects items; the domain resolves it to their ids. */
export type ItemSelector =
  { readonly kind: 'ids'; readonly ids: readonly string[] } | BackupSelector | ContainerSelector

/** The backups of a vault, of some keys, or of all there are, made between two instants. */
export interface BackupSelector {
  readonly kind: 'backups'
  readonly vault: string | undefined
  readonly keys: readonly string[]
  readonly after: Instant | undefined
  readonly before: Instant | undefined
}

/** The containers that a job synchronizes. */
export interface ContainerSelector {
  readonly kind: 'containers'
  /** Names or ids, as they were sent; undefined: all of the inventory. */
  readonly names: readonly string[] | undefined
  /** undefined: all regions of each container, where containers have regions. */
  readonly regions?: readonly string[] | undefined
}

/** What a selector chooses of an inventory. */
export interface Selection {
  readonly items: readonly SelectedItem[]
  /** The vaults and keys that it names and the inventory does not have; one without a name stands for all. */
  readonly unknown?: readonly string[]
  /** Every name and id of the containers that it covers: lists and the check for parallel jobs find the job by them. */
  readonly containers?: readonly string[]
}

/** An item of a job that is about to be created. */
export interface SelectedItem {
  /** Its key in `detailed_status`. */
  readonly id: string
  /** The container whose resources it synchronizes; absent: the item stands for itself. */
  readonly covers?: Coverage
  /** The name, as it was sent, of a container that the inventory does not have: with `inventory: strict` the item has this id, and fails. */
  readonly missing?: string
}

/** A part of the inventory: the resources of a container, or those in one region of it. */
export interface Coverage {
  /** The id of the vault or KMS account. */
  readonly container: string
  readonly region?: string
}

/** The inventory as a selector reads it. */
export type ReadableInventory = Pick<InventoryEdit, 'find' | 'list' | 'drawId'>

/** The rules of a family that its jobs follow. Only wire/ knows the vendor's words, so it hands them in. */
export interface FamilyRules {
  readonly name: FamilyName
  readonly cloud: string
  /** The items that a request selects without naming their ids; a family without it has no such requests. */
  readonly select?: (selector: Exclude<ItemSelector, { kind: 'ids' }>, inventory: ReadableInventory) => Selection
  /** Absent: as bulk jobs do. */
  readonly course?: JobCourse
}

/** How the jobs of a family unfold, where they differ from bulk jobs. */
export interface JobCourse {
  /** Text of an item that succeeds, in the place of `Success`. */
  readonly done: string
  /** Text of an item that fails, unless its scenario or the cloud gives a reason. */
  readonly failed: string
  /** Text of an item that a cancel left undone. */
  readonly undone: string
  /** Text of an item without a result while its job runs; absent: it is left out. */
  readonly pending?: string
  /** The switches that have the words for the job's end. */
  readonly failureWord: keyof Pick<Settings, 'failureWord' | 'syncFailureWord'>
  readonly abortedWord: keyof Pick<Settings, 'abortedWord' | 'syncAbortedWord'>
  /** How long after a cancel the job ends, unless a scenario of the user's own says what a cancel does. Only running jobs can be cancelled. */
  readonly cancelDelay: Micros
  /** Whether a start is refused while another job covers one of its containers (switch `parallelSync`). */
  readonly isExclusive: boolean
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
