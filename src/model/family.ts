import type { Change, KindName } from './resource.ts'

/** The name of a kind of job in the vendor's API, such as `azure.bulkjobs`. wire/families/ has them all. */
export type FamilyName = string

/** What the items of a job do to the resources that they name, as its request says it. */
export interface JobAction {
  /** An item that names a resource of another kind does nothing. */
  readonly kind: KindName
  readonly change: Change
  /** Another resource, whose record goes into the values of the change as `with`. The first item that succeeds changes it too. */
  readonly with?: { readonly kind: KindName; readonly idOrName: string; readonly change: Change }
}

/** What a create request says of its items; the domain resolves it to their ids. */
export type ItemSelector =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** The backups of these keys; of keys that are not named, if there are none. */
  | { readonly kind: 'backups'; readonly keys: readonly string[] }

/** A create request, read and understood: what a job is made from. */
export interface JobRequest {
  readonly family: FamilyName
  readonly operation: string
  readonly items: ItemSelector
  /** The request as it counts for random draws: equal requests have equal text. */
  readonly content: string
  /** Fields of the request that the vendor repeats in the job, as JSON text ready to send. */
  readonly echoes: Readonly<Record<string, string>>
  /** undefined: its items change nothing. */
  readonly action: JobAction | undefined
}
