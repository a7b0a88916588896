// What the lists of resources can be filtered and sorted by, written once more for the tests.

export type WireRecord = Readonly<Record<string, unknown>> & { readonly id: string }

/** A filter: the values that a query may have, given the whole list, and whether a record is chosen by one of them. */
interface Filter {
  readonly values: (whole: readonly WireRecord[]) => readonly string[]
  readonly holds: (record: WireRecord, value: string) => boolean
  /** Whether the values of a repeated key are alternatives. */
  readonly isRepeatable: boolean
}

/** The list of a kind, below `/api/v1/`. */
export interface ResourceList {
  readonly path: string
  readonly filters: Readonly<Record<string, Filter>>
  /** Paths of members, by their names in a query. */
  readonly sorts: Readonly<Record<string, string>>
  /** The members that make two records versions of one thing: `version=-1` chooses the newest of each. */
  readonly versionsOf?: readonly string[]
}

/** A member by its path with dots. */
export function memberOf(record: WireRecord, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], record)
}

/** The elements of a list, or the one value as a list; none if it is absent. */
function elementsOf(record: WireRecord, path: string): readonly unknown[] {
  const member = memberOf(record, path)
  return Array.isArray(member) ? member : member === undefined || member === null ? [] : [member]
}

function isPresent(record: WireRecord, path: string): boolean {
  const member = memberOf(record, path)
  return ![undefined, '""', '[]', '{}', 'null'].includes(JSON.stringify(member))
}

const FLAGS = ['true', 'false']

function equal(path: string, values?: readonly string[]): Filter {
  return {
    values: (whole) =>
      values ?? [...new Set(whole.flatMap((record) => elementsOf(record, path).map(String))), 'nobody'].filter(Boolean),
    holds: (record, value) => elementsOf(record, path).some((element) => String(element) === value),
    isRepeatable: true,
  }
}
const flag = (path: string): Filter => equal(path, FLAGS)
const count = (path: string): Filter => equal(path, ['2048', '0'])
function own(values: readonly string[], holds: Filter['holds']): Filter {
  return { values: () => values, holds, isRepeatable: false }
}
const present = (path: string): Filter => own(FLAGS, (record, value) => isPresent(record, path) === (value === 'true'))

/** By the name or the id of a container of the estate. */
const container = (path: string, ids: Readonly<Record<string, string>>): Filter =>
  own([...Object.keys(ids), ...Object.values(ids), 'nobody'], (record, value) =>
    elementsOf(record, path).includes(ids[value] ?? value),
  )

const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, equal(name)]))
const sorts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]))

interface Tag {
  readonly TagKey: string
  readonly TagValue: string
}
const awsTags = (record: WireRecord): readonly Tag[] => elementsOf(record, 'aws_param.Tags') as Tag[]
const KMS = { 'kms-1': 'm1', 'kms-2': 'm2' }
const VAULTS = { 'v-1::sub': 'v1', 'v-2::sub': 'v2' }
const TAG_VALUES = ['{"team":"red"}', '{"team":"blue","use":"test"}', '{"team":"green"}', 'team', 'use', 'nobody', '{}']

export const LISTS: Readonly<Record<string, ResourceList>> = {
  connection: {
    path: 'connectionmgmt/services/aws/connections',
    filters: texts('id', 'name', 'products'),
    sorts: sorts('id', 'name', 'createdAt', 'updatedAt'),
  },
  'azure.vault': {
    path: 'cckm/azure/vaults',
    filters: {
      ...texts('id', 'location', 'cloud_name', 'subscription_id', 'subscription_name', 'connection'),
      job_config_id: equal('labels.job_config_id'),
      name: own(['v-1', 'v-2', 'v-1::sub', 'nobody'], ({ name, azure_name }, value) =>
        [name, azure_name].includes(value),
      ),
      type: own(['vault', 'managedHsm', 'nobody'], ({ type }, value) =>
        [value, { vault: 'Microsoft.KeyVault/vaults', managedHsm: 'Microsoft.KeyVault/managedHSMs' }[value]].includes(
          type as string,
        ),
      ),
    },
    sorts: sorts('azure_name', 'updatedAt', 'createdAt'),
  },
  'aws.kms': {
    path: 'cckm/aws/kms',
    filters: texts('id', 'name', 'account_id', 'connection', 'status'),
    sorts: sorts('id', 'name', 'createdAt', 'updatedAt', 'account_id', 'connection', 'status'),
  },
  'aws.template': {
    path: 'cckm/aws/templates',
    filters: {
      ...texts('id', 'name', 'account_id'),
      kms: container('kms', KMS),
      is_verified: flag('is_verified'),
    },
    sorts: sorts('id', 'name', 'createdAt', 'updatedAt', 'account_id', 'kms_name'),
  },
  'azure.key': {
    path: 'cckm/azure/keys',
    filters: {
      ...texts('id', 'key_vault_id', 'key_name', 'cloud_name', 'region', 'status', 'key_material_origin'),
      external_key_id: equal('external_key_id'),
      key_vault: container('key_vault_id', VAULTS),
      crv: equal('azure_param.key.crv'),
      algorithm: equal('azure_param.key.kty'),
      kid: equal('azure_param.key.kid'),
      enabled: flag('azure_param.attributes.enabled'),
      gone: flag('gone'),
      deleted_in_azure: flag('key_soft_deleted_in_azure'),
      key_size: count('key_size'),
      job_config_id: equal('labels.job_config_id'),
      backup_job_config_id: equal('backup_config.backup_job_config_id'),
      rotation_job_enabled: present('labels.job_config_id'),
      managed: present('managed'),
      backup: present('backup'),
      version: equal('version'),
      tags: own(TAG_VALUES, (record, value) => {
        const tags = (memberOf(record, 'azure_param.tags') ?? {}) as Readonly<Record<string, string>>
        if (!value.startsWith('{')) return Object.hasOwn(tags, value)
        return Object.entries(JSON.parse(value) as object).every(([name, each]) => tags[name] === each)
      }),
    },
    sorts: sorts(
      ...['id', 'createdAt', 'updatedAt', 'syncedAt', 'key_name', 'key_vault', 'region', 'status', 'version'],
      ...['key_size', 'backup_at'],
    ),
    versionsOf: ['key_vault_id', 'key_name'],
  },
  'aws.key': {
    path: 'cckm/aws/keys',
    filters: {
      ...texts('id', 'kms_id', 'region', 'cloud_name', 'key_material_origin', 'key_source', 'custom_key_store_id'),
      custom_key_store_name: equal('custom_key_store_name'),
      keyid: equal('aws_param.KeyID'),
      arn: equal('aws_param.Arn'),
      alias: own(['k1', 'alias/k1', 'alias/k2-2', 'another', 'nobody'], (record, value) =>
        elementsOf(record, 'aws_param.Alias').includes(`alias/${value.replace(/^alias\//, '')}`),
      ),
      kms: container('kms_id', KMS),
      origin: equal('aws_param.Origin'),
      job_config_id: equal('labels.job_config_id'),
      cckm_policy_template_id: own(['t1', 't2', 'nobody'], (record, value) =>
        awsTags(record).some(({ TagKey, TagValue }) => TagKey === 'cckm_policy_template_id' && TagValue === value),
      ),
      enabled: flag('aws_param.Enabled'),
      gone: flag('gone'),
      blocked: present('blocked'),
      tags: own(TAG_VALUES, (record, value) => {
        if (!value.startsWith('{')) return awsTags(record).some(({ TagKey }) => TagKey === value)
        return Object.entries(JSON.parse(value) as object).every(([name, each]) =>
          awsTags(record).some(({ TagKey, TagValue }) => TagKey === name && TagValue === each),
        )
      }),
      keystate: equal('aws_param.KeyState'),
      keyusage: equal('aws_param.KeyUsage'),
      keymanager: equal('aws_param.KeyManager'),
      rotation_job_enabled: present('labels.job_config_id'),
      CustomerMasterKeySpec: equal('aws_param.CustomerMasterKeySpec'),
      multi_region: flag('aws_param.MultiRegion'),
      multi_region_key_type: equal('aws_param.MultiRegionConfiguration.MultiRegionKeyType'),
    },
    sorts: {
      ...sorts('id', 'createdAt', 'updatedAt', 'synced_at', 'region', 'kms', 'key_type', 'deletion_date'),
      ...{ keystate: 'aws_param.KeyState', enabled: 'aws_param.Enabled' },
      ...{ arn: 'aws_param.Arn', keyid: 'aws_param.KeyID' },
    },
  },
  'azure.key-backup': {
    path: 'cckm/azure/keys/z1/backups',
    filters: {
      ...texts('name', 'backup', 'vault_name', 'subscription_id', 'subscription_name', 'region', 'type', 'tenant'),
      cloud_name: equal('cloud_name'),
      backup_id: equal('id'),
      gone: flag('gone'),
    },
    sorts: sorts('id', 'createdAt', 'updatedAt', 'name', 'key_name', 'vault_name', 'type', 'region'),
  },
}
