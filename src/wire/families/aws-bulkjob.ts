import Type from 'typebox'
import type { JobAction } from '../../model/family.ts'
import type { Change } from '../../model/resource.ts'
import type { Settings } from '../../model/settings.ts'
import { isRecord } from '../../model/is-record.ts'
import type { Issue } from '../../model/issue.ts'
import { documented } from '../certainty.ts'
import { bodyReader, dotted, withoutNulls } from '../create-request.ts'
import type { Family, RequestReading } from '../family.ts'
import { bulkJobDocument } from '../job-document.ts'

const operation = Type.Enum(
  ['enablekey', 'disablekey', 'schedulekeydeletion', 'cancelkeydeletion', 'applypolicytemplate'],
  documented('What to do with the keys.'),
)

/** Body of "Create AWS Bulk Job" (thalesdocs 2.14). Key ids have any form: the vendor's own samples are not UUIDs. */
const AwsBulkRequest = Type.Object({
  keys: Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    maxItems: 100,
    ...documented('Ids of keys, of any form; at most 100.'),
  }),
  operation,
  days: Type.Optional(
    Type.Integer({
      minimum: 7,
      maximum: 30,
      ...documented('Only for `schedulekeydeletion`. That it is 7 to 30 is seen in a client.'),
    }),
  ),
  policy_template_id: Type.Optional(
    Type.String({
      minLength: 1,
      ...documented('Only for `applypolicytemplate`. The keys and the template are of one KMS account.'),
    }),
  ),
})

const readBody = bodyReader(AwsBulkRequest)

/** AWS's own waiting period, for a request without `days`. */
const DEFAULT_DAYS = 30

function action(name: string, body: Readonly<Record<string, unknown>>): JobAction | undefined {
  switch (name) {
    case 'enablekey':
      return { kind: 'aws.key', change: { name: 'enabled' } }
    case 'disablekey':
      return { kind: 'aws.key', change: { name: 'disabled' } }
    case 'schedulekeydeletion':
      return {
        kind: 'aws.key',
        change: { name: 'deletion-scheduled', values: { days: body.days ?? DEFAULT_DAYS } },
      }
    case 'cancelkeydeletion':
      return { kind: 'aws.key', change: { name: 'deletion-cancelled' } }
    case 'applypolicytemplate':
      return typeof body.policy_template_id === 'string' ? policyOf(body.policy_template_id) : undefined
    default:
      return undefined
  }
}

function policyOf(idOrName: string): JobAction {
  const verified: Change = { name: 'updated', values: { is_verified: true } }
  return {
    kind: 'aws.key',
    change: { name: 'policy-applied' },
    with: { kind: 'aws.template', idOrName, valuesOf: (record) => ({ with: record }), change: verified },
  }
}

function read(sent: unknown, settings: Settings): RequestReading {
  const { body, idle } = withoutIdle(withoutNulls(sent))
  const reading = readBody(body, settings)
  if ('issues' in reading) return reading
  if (settings.strictFields && idle.length > 0) return { issues: idle }
  const { keys, operation: name } = reading.body
  return {
    request: {
      operation: name,
      items: { kind: 'ids', ids: [...new Set(keys)] },
      echoes: { keys: JSON.stringify(keys) },
      action: action(name, reading.body),
    },
    ignored: [...reading.ignored, ...idle.map(({ pointer, message }) => `${dotted(pointer)} (${message})`)],
  }
}

/** Fields that only one operation uses, with a check of their type. */
const OPERATION_FIELDS: Readonly<Record<string, { operation: string; hasType: (value: unknown) => boolean }>> = {
  days: { operation: 'schedulekeydeletion', hasType: Number.isInteger },
  policy_template_id: { operation: 'applypolicytemplate', hasType: (value) => typeof value === 'string' },
}

/**
 * A body without the fields that its operation does not use. A field of the wrong type stays: a typed decoder refuses
 * it before it reads the operation.
 */
function withoutIdle(body: unknown): { readonly body: unknown; readonly idle: readonly Issue[] } {
  if (!isRecord(body)) return { body, idle: [] }
  const idle: Issue[] = []
  const used = Object.entries(body).filter(([name, value]) => {
    const field = Object.hasOwn(OPERATION_FIELDS, name) ? OPERATION_FIELDS[name] : undefined
    if (field === undefined || field.operation === body.operation || !field.hasType(value)) return true
    idle.push({ pointer: `/${name}`, message: `applies only to the operation ${field.operation}` })
    return false
  })
  return { body: Object.fromEntries(used), idle }
}

const KEYS = ['2387500d-bcac-4055-a48d-19592c3332ff', '2387500d-bcac-4055-a48d-19592c3332fg'] as const

export const awsBulkjob: Family = {
  name: 'aws.bulkjob',
  path: '/cckm/aws/bulkjob',
  noun: 'bulk job',
  uriKind: 'bulkjob',
  cloud: 'aws',
  operations: operation.enum,
  verbs: ['list', 'create', 'get', 'cancel'],
  action,
  acl: { view: 'keybulkoperation', create: 'keybulkoperation', cancel: 'keybulkoperation' },
  request: {
    schema: AwsBulkRequest,
    read,
    itemField: 'keys',
    examples: {
      enable: {
        summary: 'The request of the documented job',
        'x-fidelity': 'documented',
        value: { keys: KEYS, operation: 'enablekey' },
      },
      schedule: {
        summary: 'Keys to be deleted in a week',
        'x-fidelity': 'seen in a client',
        value: { keys: KEYS.slice(0, 1), operation: 'schedulekeydeletion', days: 7 },
      },
    },
  },
  document: bulkJobDocument({
    uriKind: 'bulkjob',
    cloud: 'aws',
    operations: operation.enum,
    echoes: { keys: Type.Array(Type.String(), documented('The keys of the request, as they were sent.')) },
  }),
  // thalesdocs, "Get AWS Bulk Job".
  sample: {
    id: 'e612b64f-6364-48ce-92ec-c6dd608d7ad0',
    uri: 'kylo:kylo:cckm:bulkjob:e612b64f-6364-48ce-92ec-c6dd608d7ad0',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2023-02-10T08:19:48.558869Z',
    updatedAt: '2023-02-10T08:19:48.970377Z',
    completed_at: '2023-02-10T08:19:48.970204Z',
    overall_status: 'completed',
    detailed_status: Object.fromEntries(KEYS.map((key) => [key, 'Success'])),
    abort: false,
    cloud: 'aws',
    keys: KEYS,
    operation: 'enablekey',
  },
}
