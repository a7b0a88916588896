import Type, { type Static } from 'typebox'
import { checkOf, type Violation } from '../model/validate.ts'
import { withoutNulls, withoutUnknown, type RequestReader } from './request-reading.ts'

export const AWS_OPERATIONS = [
  'enablekey',
  'disablekey',
  'schedulekeydeletion',
  'cancelkeydeletion',
  'applypolicytemplate',
] as const

/** Body of "Create AWS Bulk Job" (thalesdocs 2.14). Key ids are of any form: the vendor's own samples are no UUIDs. */
const AwsBulkRequest = Type.Object(
  {
    keys: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 100 }),
    operation: Type.Enum([...AWS_OPERATIONS]),
    days: Type.Optional(Type.Integer({ minimum: 7, maximum: 30 })),
    policy_template_id: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false },
)

type AwsBulkBody = Static<typeof AwsBulkRequest>

const check = checkOf(AwsBulkRequest)

/** Fields that mean something for one operation only. */
const BELONGS_TO = { days: 'schedulekeydeletion', policy_template_id: 'applypolicytemplate' } as const

export const awsBulkRequest: RequestReader = {
  schema: AwsBulkRequest,
  read: (sent, settings) => {
    const body = withoutNulls(sent)
    const checked = check(body)
    const { violations, ignored } = withoutUnknown('violations' in checked ? checked.violations : [], settings)
    const misplaced = violations.length === 0 ? misplacedFields(body as AwsBulkBody) : []
    if (violations.length + misplaced.length > 0) return { violations: [...violations, ...misplaced] }
    const { keys, operation } = body as AwsBulkBody
    return {
      request: {
        operation,
        items: { kind: 'named', ids: [...new Set(keys)] },
        echoes: { keys: JSON.stringify(keys) },
      },
      ignored,
    }
  },
}

function misplacedFields(body: AwsBulkBody): Violation[] {
  return Object.entries(BELONGS_TO)
    .filter(([field, operation]) => field in body && body.operation !== operation)
    .map(([field, operation]) => ({ pointer: `/${field}`, message: `goes only with the operation ${operation}` }))
}
