import Type, { type TObject, type TProperties } from 'typebox'
import { documented, instantSchema, type Note } from './certainty.ts'

interface BulkJobOptions {
  readonly uriKind: string
  readonly cloud: string
  readonly operations: readonly string[]
  /** Fields of the request that the job repeats. */
  readonly echoes?: TProperties
}

/** The members with which every job begins, in the order of the vendor's samples. Other members of a captured job are sent unchanged. */
export function jobMembers(uriKind: string) {
  return {
    id: Type.String(documented('The job.')),
    uri: Type.String(documented(`\`kylo:<account>:cckm:${uriKind}:<id>\`.`)),
    account: Type.String(documented('The account: `kylo` in the root domain, `kylo-<id>` in another.')),
    createdAt: instantSchema(documented('UTC, up to microseconds, without trailing zeros of the fraction.')),
    updatedAt: instantSchema(documented('Set at creation, at a cancel that takes effect, and at the end.')),
    completed_at: Type.Optional(instantSchema(documented('When the job ended. Its absence before that is assumed.'))),
  }
}

/** The document of a bulk job. */
export function bulkJobDocument({ uriKind, cloud, operations, echoes = {} }: BulkJobOptions): TObject {
  return Type.Object({
    ...jobMembers(uriKind),
    overall_status: Type.String(
      documented(
        '`completed` is documented; `in_progress` and `error` are seen in a client; `aborted` is assumed (switches `failureWord`, `abortedWord`). Clients should expect others.',
      ),
    ),
    detailed_status: Type.Optional(
      detailsSchema(
        documented('`Success` is documented; other texts are assumed.'),
        documented('The result of each item, by its id. When it appears is assumed (switch `initialDetails`).'),
      ),
    ),
    abort: Type.Boolean(documented('True if the job was cancelled.')),
    cloud: Type.String(documented(`\`${cloud}\`.`)),
    ...echoes,
    operation: Type.String(documented(`The operation of the request: ${operations.join(', ')}.`)),
  })
}

/** `detailed_status`: a text for each item. */
export function detailsSchema(text: Note, note: Note) {
  return Type.Object({}, { additionalProperties: Type.String(text), ...note })
}

/** `overall_status` of a job other than a bulk job. */
export function statusSchema() {
  return Type.String(
    documented(
      '`in_progress`, `completed`, `failed` (switches `syncFailureWord`, `syncAbortedWord`). Clients should expect others.',
    ),
  )
}
