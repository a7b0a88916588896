/** The name of a kind of job in the vendor's API, such as `azure.bulkjobs`. All are in wire/families/. */
export type FamilyName = string

/** The part of a create request that selects items; the domain resolves it to their ids. */
export type ItemSelector =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** The backups of these keys; if there are none, those of unnamed keys. */
  | { readonly kind: 'backups'; readonly keys: readonly string[] }

/** A create request after reading, from which a job is created. */
export interface JobRequest {
  readonly family: FamilyName
  readonly operation: string
  readonly items: ItemSelector
  /** The request as input for random draws: equal requests have equal text. */
  readonly content: string
  /** Fields of the request that the vendor repeats in the job, as JSON text ready to send. */
  readonly echoes: Readonly<Record<string, string>>
}
