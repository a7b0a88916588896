import Type from 'typebox'
import type { Settings } from '../../model/settings.ts'
import { assumed, documented } from '../certainty.ts'
import { bodyReader } from '../create-request.ts'
import type { Family, RequestReading } from '../family.ts'
import { detailsSchema, jobMembers, statusSchema } from '../job-document.ts'
import { withPending } from './synchronization.ts'

const DONE = 'Success'

const operation = Type.Enum(['delete', 'restore'], documented('What to do with the key.'))

const schema = Type.Object({
  id: Type.String({ minLength: 1, ...documented('The id of the key.') }),
  operation,
  delete_if_backup_fails: Type.Optional(
    Type.Boolean(documented('Whether to delete a key of which no backup can be made.')),
  ),
})

const readBody = bodyReader(schema)

function read(sent: unknown, settings: Settings): RequestReading {
  const reading = readBody(sent, settings)
  if ('issues' in reading) return reading
  const { id, operation: name } = reading.body
  return {
    request: { operation: name, items: { kind: 'ids', ids: [id] }, echoes: {}, action: undefined },
    ignored: reading.ignored,
  }
}

const KEY = '6f0e1c2d-3b4a-4958-8776-655443322110'

export const sapKeysJobs: Family = {
  name: 'sap.keys.jobs',
  path: '/cckm/sap/keys/jobs',
  noun: 'job of a key',
  uriKind: 'sap-keys-job',
  cloud: 'sap',
  operations: operation.enum,
  verbs: ['create', 'get'],
  action: () => undefined,
  course: withPending(DONE),
  isCreateInNanoseconds: true,
  acl: { view: 'keydelete', create: 'keydelete', cancel: 'keydelete' },
  request: {
    schema,
    read,
    itemField: 'id',
    examples: {
      delete: {
        summary: 'Delete a key',
        'x-fidelity': 'documented',
        value: { id: KEY, operation: 'delete', delete_if_backup_fails: false },
      },
    },
  },
  document: Type.Object({
    ...jobMembers('sap-keys-job'),
    overall_status: statusSchema(),
    detailed_status: Type.Optional(
      detailsSchema(assumed('`in_progress`, `Success` or `failed`.'), assumed('The state of the key, by its id.')),
    ),
    operation: Type.String(documented(`The operation of the request: ${operation.enum.join(', ')}.`)),
  }),
  // No page with a job could be read: it is made up by analogy with the others.
  sample: {
    id: '528fc3a4-bfd6-4e71-a092-d34e5f607189',
    uri: 'kylo:kylo:cckm:sap-keys-job:528fc3a4-bfd6-4e71-a092-d34e5f607189',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2024-02-06T09:13:55.308834Z',
    updatedAt: '2024-02-06T09:13:58.248338Z',
    completed_at: '2024-02-06T09:13:58.248173Z',
    overall_status: 'completed',
    detailed_status: { [KEY]: DONE },
    operation: 'delete',
  },
}
