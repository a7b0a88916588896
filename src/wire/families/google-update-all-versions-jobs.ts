import Type from 'typebox'
import type { ItemResult } from '../../model/plan.ts'
import type { Settings } from '../../model/settings.ts'
import { assumed, documented } from '../certainty.ts'
import { bodyReader } from '../create-request.ts'
import type { Family, RequestReading } from '../family.ts'
import { jobMembers, statusSchema } from '../job-document.ts'
import type { Member } from '../raw-json.ts'
import { withoutPending } from './synchronization.ts'

const UPDATED = 'Successfully updated all key versions state.'

/** The emulator has no Google keys, so it takes each to have one version. */
const VERSIONS = ['1']

const operation = Type.Enum(
  ['enable', 'disable', 'schedule_destroy', 'cancel_destroy'],
  documented('What to do with all versions of the key.'),
)

const schema = Type.Object({
  key_id: Type.String({ minLength: 1, ...documented('The id of the key.') }),
  operation,
})

const readBody = bodyReader(schema)

function read(sent: unknown, settings: Settings): RequestReading {
  const reading = readBody(sent, settings)
  if ('issues' in reading) return reading
  const { key_id: key, operation: name } = reading.body
  return {
    request: {
      operation: name,
      items: { kind: 'ids', ids: [resourceName(key)] },
      echoes: { key_id: JSON.stringify(key), version_count: JSON.stringify(VERSIONS.length) },
      action: undefined,
    },
    ignored: reading.ignored,
  }
}

/** Google's name of a key; made up for an id of CM, since the emulator has no Google keys. */
function resourceName(key: string): string {
  if (key.startsWith('projects/')) return key
  return `projects/project/locations/global/keyRings/key-ring/cryptoKeys/${key}`
}

/** The versions by their outcome, then the sentence; nothing while the job runs. */
function detailsOf(results: readonly ItemResult[]): Member[] {
  return results.flatMap(({ id, status }): Member[] => [
    [status === UPDATED ? 'completed' : 'failed', JSON.stringify(VERSIONS)],
    [id, JSON.stringify(status)],
  ])
}

const KEY = 'ecc73bfb-7605-4263-abb8-84fe431d35fb'

export const googleUpdateAllVersionsJobs: Family = {
  name: 'google.update-all-versions-jobs',
  path: '/cckm/google/update-all-versions-jobs',
  noun: 'job that updates all versions of a key',
  uriKind: 'update_all_versions',
  cloud: 'gcp',
  operations: operation.enum,
  verbs: ['create', 'get'],
  action: () => undefined,
  course: withoutPending(UPDATED),
  itemsIn: ({ key_id: key }) => (typeof key === 'string' ? [resourceName(key)] : []),
  detailsOf,
  isCreateInNanoseconds: true,
  acl: { view: 'keyupdate', create: 'keyupdate', cancel: 'keyupdate' },
  request: {
    schema,
    read,
    itemField: 'key_id',
    examples: {
      disable: {
        summary: 'The request of the documented job',
        'x-fidelity': 'documented',
        value: { key_id: KEY, operation: 'disable' },
      },
    },
  },
  document: Type.Object({
    ...jobMembers('update_all_versions'),
    overall_status: statusSchema(),
    detailed_status: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: Type.Union([
            Type.String(documented('The result of the key, by its name.')),
            Type.Array(Type.String(), documented('Versions, by their outcome.')),
          ]),
          ...documented('Versions by their outcome, and a sentence for the key.'),
        },
      ),
    ),
    job_id: Type.String(documented('The id of the job once more.')),
    key_id: Type.String(documented('The key of the request, as it was sent.')),
    version_count: Type.Integer(assumed('The number of versions: always 1, since the emulator has no Google keys.')),
    operation: Type.String(documented(`The operation of the request: ${operation.enum.join(', ')}.`)),
  }),
  // thalesdocs, "Get Update All Versions Job", 2.14.
  sample: {
    id: '778a1024-dc18-49cb-833b-cfd6c000c090',
    uri: 'kylo:kylo:cckm:update_all_versions:778a1024-dc18-49cb-833b-cfd6c000c090',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2021-05-05T07:33:44.183784Z',
    updatedAt: '2021-05-05T07:33:48.323112Z',
    completed_at: '2021-05-05T07:33:48.322905Z',
    overall_status: 'completed',
    detailed_status: {
      completed: ['2', '1'],
      'projects/gemalto-kyloeng/locations/global/keyRings/demo-key-ring/cryptoKeys/doc-test': UPDATED,
    },
    job_id: '778a1024-dc18-49cb-833b-cfd6c000c090',
    key_id: KEY,
    version_count: 2,
    operation: 'disable',
  },
}
