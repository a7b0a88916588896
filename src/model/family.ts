/** A kind of job in the vendor's API. The rows that describe each are in wire/families.ts. */
export type FamilyName = 'azure.bulkjobs' | 'aws.bulkjob'

/** Which items a job has: named by the request, or made up (two backups of a key) since there is no inventory yet. */
export type ItemSource =
  { readonly kind: 'named'; readonly ids: readonly string[] } | { readonly kind: 'made'; readonly count: number }

/** A create request, read and understood: what a job is made from. */
export interface JobRequest {
  readonly family: FamilyName
  readonly operation: string
  readonly items: ItemSource
  /** The request as it counts for random draws: equal requests have equal text. */
  readonly content: string
  /** Fields of the request that the vendor repeats in the job, in order, as JSON text ready to send. */
  readonly echoes: Readonly<Record<string, string>>
}
