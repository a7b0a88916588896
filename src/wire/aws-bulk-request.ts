import Type, { type Static } from 'typebox'
import type { Issue } from '../model/issue.ts'
import { checkOf } from '../model/validate.ts'
import { dotted, withoutNulls, withoutUnknown, type RequestReader } from './request-reading.ts'

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

/** Fields that mean something for one operation only: idle beside any other. */
const BELONGS_TO = {
  days: { operation: 'schedulekeydeletion', hasType: Number.isInteger },
  policy_template_id: { operation: 'applypolicytemplate', hasType: (value: unknown) => typeof value === 'string' },
} as const

export const awsBulkRequest: RequestReader = {
  schema: AwsBulkRequest,
  read: (sent, settings) => {
    const { body, idle } = withoutIdle(withoutNulls(sent))
    const checked = check(body)
    const { issues, ignored } = withoutUnknown('issues' in checked ? checked.issues : [], settings)
    const refused = issues.length === 0 && settings.strictFields ? idle : issues
    if (refused.length > 0) return { issues: refused }
    const { keys, operation } = body as AwsBulkBody
    return {
      request: {
        operation,
        items: { kind: 'named', ids: [...new Set(keys)] },
        echoes: { keys: JSON.stringify(keys) },
      },
      ignored: [...ignored, ...idle.map(({ pointer, message }) => `${dotted(pointer)} (${message})`)],
    }
  },
}

/** A body without its idle fields. One of the wrong type stays: a typed decoder refuses it before it looks at the operation. */
function withoutIdle(body: unknown): { readonly body: unknown; readonly idle: readonly Issue[] } {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return { body, idle: [] }
  const fields = body as Readonly<Record<string, unknown>>
  const idle = Object.entries(BELONGS_TO).filter(
    ([field, { operation, hasType }]) => fields.operation !== operation && hasType(fields[field]),
  )
  const names = new Set(idle.map(([field]) => field))
  return {
    body: Object.fromEntries(Object.entries(fields).filter(([field]) => !names.has(field))),
    idle: idle.map(([field, { operation }]) => ({
      pointer: `/${field}`,
      message: `goes only with the operation ${operation}`,
    })),
  }
}
