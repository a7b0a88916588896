import Type, { type TObject, type TProperties } from 'typebox'
import { documented, instantSchema } from './certainty.ts'

interface BulkJobOptions {
  readonly uriKind: string
  readonly cloud: string
  readonly operations: readonly string[]
  /** Fields of the request that the job repeats. */
  readonly echoes?: TProperties
}

/**
 * The document of a bulk job, with members in the order of the vendor's samples. Other members of a captured job are
 * sent unchanged.
 */
export function bulkJobDocument({ uriKind, cloud, operations, echoes = {} }: BulkJobOptions): TObject {
  return Type.Object({
    id: Type.String(documented('The job.')),
    uri: Type.String(documented(`\`kylo:<account>:cckm:${uriKind}:<id>\`.`)),
    account: Type.String(documented('The account: `kylo` in the root domain, `kylo-<id>` in another.')),
    createdAt: instantSchema(documented('UTC, up to microseconds, without trailing zeros of the fraction.')),
    updatedAt: instantSchema(documented('Set at creation, at a cancel that takes effect, and at the end.')),
    completed_at: Type.Optional(instantSchema(documented('When the job ended. Its absence before that is assumed.'))),
    overall_status: Type.String(
      documented(
        '`completed` is documented; `in_progress` and `error` are seen in a client; `aborted` is assumed (switches `failureWord`, `abortedWord`). Clients should expect others.',
      ),
    ),
    detailed_status: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: Type.String(documented('`Success` is documented; other texts are assumed.')),
          ...documented('The result of each item, by its id. When it appears is assumed (switch `initialDetails`).'),
        },
      ),
    ),
    abort: Type.Boolean(documented('True if the job was cancelled.')),
    cloud: Type.String(documented(`\`${cloud}\`.`)),
    ...echoes,
    operation: Type.String(documented(`The operation of the request: ${operations.join(', ')}.`)),
  })
}
