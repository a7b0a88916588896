import Type from 'typebox'
import type { InventoryEdit, KindBehaviour, ResourceFilter, ResourceRecord, FillContext } from '../../model/resource.ts'
import { seen, type Note } from '../certainty.ts'
import { sortsBy } from '../query-filters.ts'
import {
  complete,
  drawHex,
  identityOf,
  identitySchema,
  objectOf,
  textOf,
  touched,
  withMembers,
} from '../resource-record.ts'
import { fillAzureVault } from './azure-vault-record.ts'

const text = (note: Note) => Type.String(note)

/** Names are those that the Terraform provider reads; that they stand in this order is assumed. No member names the key's id. */
export const AzureKeyBackupRecord = Type.Object({
  ...identitySchema('azure-key-backup'),
  name: text(seen('The name.')),
  description: text(seen('The description.')),
  type: text(seen('`manual` or `scheduled`: the words are assumed.')),
  backup: text(seen('An opaque id.')),
  key_name: text(seen('The key: with the vault, all that says whose backup it is.')),
  key_vault: text(seen("The vault, by CCKM's own name.")),
  vault_name: text(seen('Its name in Azure.')),
  subscription_id: text(seen('The subscription.')),
  subscription_name: text(seen('Its name.')),
  region: text(seen('The region of the vault.')),
  cloud_name: text(seen('`AzureCloud`.')),
  tenant: text(seen('The tenant.')),
  gone: Type.Boolean(seen('Whether it is lost.')),
})

/** The members of a backup that say of which key it is. */
export function backupOf({ key_name, key_vault }: ResourceRecord): ResourceRecord {
  return { key_name, key_vault }
}

export function fillAzureKeyBackup(partial: ResourceRecord, context: FillContext): ResourceRecord {
  const key = context.of === undefined ? undefined : context.find('azure.key', context.of)
  const given = key === undefined ? partial : { ...backupOf(key), ...partial }
  const identity = identityOf('azure-key-backup', given, context)
  const named = textOf(given.key_vault) ?? 'vault'
  const drawId = (purpose: string) => context.drawId(`vault ${named} ${purpose}`)
  const vault = context.find('azure.vault', named) ?? fillAzureVault({ name: named }, { ...context, drawId })
  return complete(
    AzureKeyBackupRecord,
    { ...given, key_vault: vault.name },
    {
      ...identity,
      name: `backup-${drawHex(context, 'name', 8)}`,
      description: '',
      type: 'manual',
      backup: drawHex(context, 'backup'),
      key_name: `key-${drawHex(context, 'key name', 8)}`,
      vault_name: vault.azure_name,
      subscription_id: vault.subscription_id,
      subscription_name: vault.subscription_name,
      region: vault.location,
      cloud_name: vault.cloud_name,
      tenant: objectOf(vault.properties).tenantId,
      gone: false,
    },
  )
}

export const AZURE_KEY_BACKUP_SORTS = sortsBy(
  'id',
  'createdAt',
  'updatedAt',
  'name',
  'key_name',
  'vault_name',
  'type',
  'region',
)

export const azureKeyBackupBehaviour: KindBehaviour = {
  name: 'azure.key-backup',
  apply: (record, { name, values = {} }, at) => {
    if (name === 'deleted') return undefined
    if (name === 'synchronized' || name === 'appeared') return record
    const isLost = name === 'gone' || name === 'vanished'
    return withMembers(AzureKeyBackupRecord, record, { ...values, ...(isLost && { gone: true }), ...touched(at) })
  },
  refusal: ({ gone, name }, change) =>
    gone === true && change.name === 'updated' ? `backup ${String(name)} is gone` : undefined,
  missing: (id) => `Azure key backup ${id} not found`,
  due: () => undefined,
  namesOf: () => [],
  containedBy: 'azure.vault',
  summary: {
    name: ['name'],
    region: ['region'],
    container: ['key_vault'],
    states: [{ word: 'gone', path: ['gone'], value: true }],
  },
  isGone: ({ gone }) => gone === true,
  area: { container: ['key_vault'] },
  indexed: [...Object.values(AZURE_KEY_BACKUP_SORTS), ['backup']],
  facets: [
    ['key_vault'],
    ['vault_name'],
    ['subscription_id'],
    ['subscription_name'],
    ['region'],
    ['cloud_name'],
    ['tenant'],
    ['type'],
    ['gone'],
  ],
}

/** Chooses the backups of a key, whatever its version. */
export function backupFilters({ find }: Pick<InventoryEdit, 'find'>, key: ResourceRecord): readonly ResourceFilter[] {
  // A key may be created with the id of its vault in the place of the name.
  const vault = find('azure.vault', String(key.key_vault_id))?.record.name ?? key.key_vault
  return [
    { path: ['key_vault'], wanted: [String(vault)] },
    { path: ['key_name'], wanted: [String(key.key_name)] },
  ]
}
