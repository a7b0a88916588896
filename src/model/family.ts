/** The name of a kind of job in the vendor's API, such as `azure.bulkjobs`. wire/families/ has them all. */
export type FamilyName = string

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
}
