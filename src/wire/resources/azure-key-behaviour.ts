import type { Change, KindBehaviour, ResourceRecord } from '../../model/resource.ts'
import { SECOND, type Instant } from '../../model/time.ts'
import { sortsBy } from '../query-filters.ts'
import type { Finder } from '../resource-calls.ts'
import { objectOf, textsOf, touched, withMembers } from '../resource-record.ts'
import { formatInstant, parseInstant } from '../timestamps.ts'
import { AzureKeyRecord, withParam } from './azure-key-record.ts'

/** The members that a change sets, but for the time of the change. */
function membersOf(record: ResourceRecord, { name, values = {} }: Change, at: Instant): ResourceRecord {
  switch (name) {
    case 'enabled':
    case 'disabled':
      return { azure_param: withParam(record, { attributes: { enabled: name === 'enabled' } }) }
    case 'soft-deleted':
      return { status: 'SOFT-DELETED', key_soft_deleted_in_azure: true }
    // That the flag of the soft deletion stays is documented for secrets.
    case 'purged':
      return { status: 'DELETED', deleted: true, key_soft_deleted_in_azure: true }
    case 'recovered':
    case 'restored':
      return { status: 'AVAILABLE', deleted: false, key_soft_deleted_in_azure: false, gone: false }
    case 'gone':
      return { gone: true }
    case 'vanished':
      return { gone: true, syncedAt: formatInstant(at) }
    case 'tagged':
    case 'updated':
      return updatedMembers(record, values)
    default:
      return {}
  }
}

function updatedMembers(
  record: ResourceRecord,
  { attributes, tags, key_ops, ...members }: ResourceRecord,
): ResourceRecord {
  const key = key_ops === undefined ? {} : { key_ops: textsOf(key_ops) }
  return { ...members, azure_param: withParam(record, { key, attributes: objectOf(attributes), tags }) }
}

function apply(record: ResourceRecord, change: Change, at: Instant): ResourceRecord | undefined {
  if (change.name === 'deleted') return undefined
  if (change.name === 'synchronized' || change.name === 'appeared')
    return withMembers(AzureKeyRecord, record, { syncedAt: formatInstant(at) })
  const members = membersOf(record, change, at)
  const param = 'azure_param' in members ? objectOf(members.azure_param) : objectOf(record.azure_param)
  const inAzure = { ...objectOf(param.attributes), updated: Math.floor(at / SECOND) }
  return withMembers(AzureKeyRecord, record, {
    ...members,
    ...touched(at),
    azure_param: { ...param, attributes: inAzure },
  })
}

/** The state in which each change is possible. */
const NEEDED: Readonly<Partial<Record<Change['name'], readonly string[]>>> = {
  enabled: ['AVAILABLE'],
  disabled: ['AVAILABLE'],
  updated: ['AVAILABLE'],
  tagged: ['AVAILABLE'],
  'soft-deleted': ['AVAILABLE'],
  recovered: ['SOFT-DELETED'],
  purged: ['SOFT-DELETED'],
  restored: ['DELETED'],
}

const WORDS: Readonly<Record<string, string>> = {
  AVAILABLE: 'is not deleted',
  'SOFT-DELETED': 'is currently in a deleted but recoverable state',
  DELETED: 'is deleted',
}

function refusal(record: ResourceRecord, { name }: Change): string | undefined {
  const needed = NEEDED[name]
  if (needed === undefined) return undefined
  const key = `Key ${String(record.key_name)}`
  if (record.gone === true && name !== 'restored') return `${key} was not found in this key vault`
  return needed.includes(String(record.status))
    ? undefined
    : `${key} ${WORDS[String(record.status)] ?? 'cannot be changed'}`
}

export const AZURE_KEY_SORTS = sortsBy(
  'id',
  'createdAt',
  'updatedAt',
  'syncedAt',
  'key_name',
  'key_vault',
  'region',
  'status',
  'version',
  'key_size',
  'backup_at',
)

export const azureKeyBehaviour: KindBehaviour = {
  name: 'azure.key',
  apply,
  refusal,
  due: () => undefined,
  namesOf: () => [],
  containedBy: 'azure.vault',
  summary: {
    name: ['key_name'],
    region: ['region'],
    container: ['key_vault_id'],
    states: [
      { word: 'gone', path: ['gone'], value: true },
      { word: 'DELETED', path: ['status'], value: 'DELETED' },
      { word: 'SOFT-DELETED', path: ['status'], value: 'SOFT-DELETED' },
      // A word of ours: the status of a disabled key is AVAILABLE.
      { word: 'disabled', path: ['azure_param', 'attributes', 'enabled'], value: false },
      { word: 'AVAILABLE', path: ['status'], value: 'AVAILABLE' },
    ],
  },
  isGone: ({ gone }) => gone === true,
  area: { container: ['key_vault_id'] },
  versionsOf: [['key_name'], ['key_vault_id']],
  seen: { path: ['syncedAt'], at: ({ syncedAt }) => parseInstant(String(syncedAt)) },
  indexed: [...Object.values(AZURE_KEY_SORTS), ['backup']],
  facets: [
    ['key_vault_id'],
    ['region'],
    ['cloud_name'],
    ['status'],
    ['gone'],
    ['key_size'],
    ['key_material_origin'],
    ['key_soft_deleted_in_azure'],
    ['managed'],
    ['labels', 'job_config_id'],
    ['backup_config', 'backup_job_config_id'],
    ['azure_param', 'attributes', 'enabled'],
    ['azure_param', 'key', 'crv'],
    ['azure_param', 'key', 'kty'],
    ['azure_param', 'tags'],
  ],
  lookups: [['azure_param', 'key', 'kid'], ['external_key_id']],
}

export const azureKeyFinder: Finder = { name: 'azure.key', container: 'azure.vault', behaviour: azureKeyBehaviour }
