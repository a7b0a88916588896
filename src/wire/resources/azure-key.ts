import type { ResourceFilter } from '../../model/resource.ts'
import { documented, seen } from '../certainty.ts'
import type { Kind } from '../kind.ts'
import { byCount, byFlag, byPresence, byReading, byText, byWord, containing, jsonMembers } from '../query-filters.ts'
import { listRun, viewResource } from '../resource-calls.ts'
import { AZURE_KEY_SORTS, azureKeyBehaviour, azureKeyFinder } from './azure-key-behaviour.ts'
import { AZURE_KEY_CALLS } from './azure-key-calls.ts'
import { AzureKeyRecord, fillAzureKey } from './azure-key-record.ts'

const TAGS = ['azure_param', 'tags']
const attribute = (name: string): readonly string[] => ['azure_param', 'attributes', name]
const member = (name: string): readonly string[] => ['azure_param', 'key', name]

/** Terraform and Ansible; each may be repeated. */
const FILTERS: Kind['filters'] = {
  id: byText(['id'], seen('Keys with this id.')),
  key_vault: byReading(seen('Keys of this vault, by its name or id.'), (values, find) => [
    { path: ['key_vault_id'], wanted: values.map((value) => find('azure.vault', String(value))?.id ?? String(value)) },
  ]),
  key_vault_id: byText(['key_vault_id'], seen('Keys of this vault, by its id.')),
  key_name: byText(['key_name'], seen('Keys with this name.')),
  cloud_name: byText(['cloud_name'], seen('Keys of this cloud.')),
  region: byText(['region'], seen('Keys of this region.')),
  crv: byText(member('crv'), seen('Keys of this curve.')),
  status: byWord(['status'], ['AVAILABLE', 'SOFT-DELETED', 'DELETED'], seen('Keys in this state.')),
  backup: byReading(seen('Keys with this automatic backup; `true` or `false`: with any, or none.'), (values) => {
    const words = values.map((value) => String(value).toLowerCase())
    if (words.every((word) => word === 'true' || word === 'false'))
      return [{ path: ['backup'], wanted: words.map((word) => word === 'true'), match: 'present' }]
    return [{ path: ['backup'], wanted: values }]
  }),
  enabled: byFlag(attribute('enabled'), seen('Keys that are enabled, or not.')),
  key_size: byCount(['key_size'], seen('Keys of this size, in bits.')),
  job_config_id: byText(['labels', 'job_config_id'], seen('Keys of this rotation schedule.')),
  backup_job_config_id: byText(['backup_config', 'backup_job_config_id'], seen('Keys of this backup schedule.')),
  deleted_in_azure: byFlag(['key_soft_deleted_in_azure'], seen('Keys that were deleted in Azure, or not.')),
  algorithm: byText(member('kty'), seen('Keys of this type: `RSA`, `EC` and so on.')),
  kid: byText(member('kid'), seen('Keys with this id in Azure.')),
  gone: byFlag(['gone'], seen('Keys that the cloud has lost, or not.')),
  version: byText(['version'], seen('Keys of this version; `-1`: the latest of each name.')),
  rotation_job_enabled: byPresence(['labels', 'job_config_id'], seen('Keys with a rotation schedule, or without.')),
  tags: byReading(seen('Keys with all tags of a JSON object, or with a tag of this name.'), (values) =>
    values.flatMap((value): ResourceFilter[] => {
      const members = jsonMembers(String(value))
      // Any value will do, also an empty one.
      if (members === undefined) return [{ path: [...TAGS, String(value)], wanted: [''], match: 'starts-with' }]
      return [containing(TAGS, Object.fromEntries(members))]
    }),
  ),
  key_material_origin: byText(['key_material_origin'], documented('`native`, `cckm` or `unknown`.')),
  managed: byPresence(['managed'], seen('Keys that Azure manages, or not.')),
  external_key_id: byText(['external_key_id'], seen('Keys of this external key.')),
}

export const azureKey: Kind = {
  name: 'azure.key',
  uriKind: 'azure-key',
  onSync: ['appears', 'vanishes'],
  tag: 'Azure keys',
  record: AzureKeyRecord,
  fill: fillAzureKey,
  behaviour: azureKeyBehaviour,
  numbered: [['key_name']],
  container: 'azure.vault',
  filters: FILTERS,
  sorts: AZURE_KEY_SORTS,
  // thalesdocs, "Viewing keys"; after `key_vault_id` put together from what clients read.
  sample: {
    id: '94a392f3-52e8-4542-90b6-b8554c046492',
    uri: 'kylo:kylo:cckm:azure-key:94a392f3-52e8-4542-90b6-b8554c046492',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2020-09-30T10:13:47.500575Z',
    updatedAt: '2020-09-30T10:13:47.498558Z',
    key_vault: 'keyvault-softkeys::12e533dd-b5c2-4e58-a264-0cd812dc5a34',
    key_vault_id: 'bedb82b9-582c-402d-9874-f3368722cf46',
    region: 'northcentralus',
    deleted: false,
    backup: '5f1d2a0e7f2c4b7b9d0f3c0a1e2d3c4b',
    backup_at: '2020-09-30T10:13:47.49Z',
    soft_delete_enabled: true,
    key_soft_deleted_in_azure: false,
    status: 'AVAILABLE',
    syncedAt: '2020-09-30T10:13:47.49Z',
    gone: false,
    key_name: 'Test-key',
    version: '5b4d1a0e7f2c4b7b9d0f3c0a1e2d3c4b',
    version_count: 1,
    key_size: 2048,
    cloud_name: 'AzureCloud',
    tenant: '5a2e9a26-6f53-4b1c-9f6c-7b1f5f0b1c11',
    key_material_origin: 'native',
    local_key_id: '',
    local_key_name: '',
    labels: {},
    backup_config: {},
    release_policy: null,
    azure_param: {
      key: {
        kid: 'https://keyvault-softkeys.vault.azure.net/keys/Test-key/5b4d1a0e7f2c4b7b9d0f3c0a1e2d3c4b',
        kty: 'RSA',
        key_ops: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
        n: 'u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0_IzW7yWR7QkrmBL7jTKEn5u',
        e: 'AQAB',
      },
      attributes: {
        recoveryLevel: 'Recoverable+Purgeable',
        enabled: true,
        created: 1601460827,
        updated: 1601460827,
        exportable: false,
      },
      tags: {},
    },
  },
  operations: [
    {
      name: 'azure.keys.list',
      method: 'GET',
      path: '/cckm/azure/keys',
      status: 200,
      summary: 'List keys, each version on its own',
      answer: 'page',
      actions: ['view'],
      run: listRun(azureKeyFinder, { containerPath: ['key_vault_id'], hasVersions: true }),
    },
    {
      name: 'azure.keys.get',
      method: 'GET',
      path: '/cckm/azure/keys/:id',
      status: 200,
      summary: 'View a version of a key',
      answer: 'record',
      actions: ['view'],
      run: viewResource(azureKeyFinder),
    },
    ...AZURE_KEY_CALLS,
  ],
}
