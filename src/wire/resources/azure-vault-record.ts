import Type from 'typebox'
import type { KindBehaviour, ResourceRecord, FillContext } from '../../model/resource.ts'
import { assumed, documented, seen, type Note } from '../certainty.ts'
import { sortsBy } from '../query-filters.ts'
import type { Finder } from '../resource-calls.ts'
import {
  complete,
  drawHex,
  identityOf,
  identitySchema,
  mapSchema,
  textMapSchema,
  objectOf,
  textOf,
  touched,
  withMembers,
} from '../resource-record.ts'
import { formatInstant, parseInstant } from '../timestamps.ts'
import { Acls } from './update-acls.ts'

const text = (note: Note) => Type.String(note)
const flag = (note: Note) => Type.Boolean(note)

export const VAULT_TYPES = { vault: 'Microsoft.KeyVault/vaults', managedHsm: 'Microsoft.KeyVault/managedHSMs' } as const

export type VaultType = keyof typeof VAULT_TYPES

/** Whether a type in Azure is this one. Azure compares types without case. */
export function isOfType(type: unknown, wanted: VaultType): boolean {
  return textOf(type)?.toLowerCase() === VAULT_TYPES[wanted].toLowerCase()
}

/** What Azure says of a vault. */
const VaultProperties = Type.Object(
  {
    tenantId: text(seen('The tenant.')),
    sku: Type.Object(
      { family: text(seen('`A` or `B`.')), name: text(seen('`standard` or `premium`.')) },
      seen('The price tier.'),
    ),
    vaultUri: text(seen('Where the keys are.')),
    enabledForDeployment: flag(seen('As in Azure.')),
    enabledForDiskEncryption: flag(seen('As in Azure.')),
    enabledForTemplateDeployment: flag(seen('As in Azure.')),
    enableSoftDelete: flag(seen('As in Azure.')),
    createMode: text(seen('As in Azure.')),
    enablePurgeProtection: flag(seen('Whether deleted keys cannot be purged.')),
    softDeleteRetentionInDays: Type.Integer(seen('As in Azure.')),
    enableRbacAuthorization: flag(seen('As in Azure.')),
  },
  seen('What Azure says of the vault.'),
)

/** Names are those that the Terraform provider reads; that they stand in this order is assumed. */
export const AzureVaultRecord = Type.Object({
  ...identitySchema('azure-vault'),
  name: text(documented('`<name in Azure>::<subscription>`.')),
  azure_name: text(seen('The name in Azure.')),
  azure_vault_id: text(seen('The id in Azure.')),
  type: text(seen('`Microsoft.KeyVault/vaults` or `Microsoft.KeyVault/managedHSMs`.')),
  location: text(seen('The region.')),
  tags: textMapSchema(seen('Tags of the vault.')),
  properties: VaultProperties,
  connection: text(seen('The connection, as the last change named it.')),
  cloud_name: text(seen('`AzureCloud`.')),
  subscription_id: text(seen('The subscription.')),
  subscription_name: text(seen('Its name.')),
  synced_at: Type.Optional(text(seen('The last synchronization.'))),
  cloud_key_backup_limit: Type.Integer(seen('How many backups are kept for each key.')),
  labels: mapSchema(assumed('Labels; scheduled jobs show up here.')),
  acls: Acls,
})

/** The two parts of the name by which CCKM knows a vault. */
function partsOf(partial: ResourceRecord): {
  readonly azure: string | undefined
  readonly subscription: string | undefined
} {
  const [azure, subscription] = (textOf(partial.name) ?? '').split('::')
  return {
    azure: textOf(partial.azure_name) ?? textOf(azure),
    subscription: textOf(partial.subscription_id) ?? textOf(subscription),
  }
}

export function fillAzureVault(partial: ResourceRecord, context: FillContext): ResourceRecord {
  const parts = partsOf(partial)
  const azure_name = parts.azure ?? `vault-${drawHex(context, 'name', 8)}`
  const subscription_id = parts.subscription ?? context.drawId('subscription')
  const type = textOf(partial.type) ?? VAULT_TYPES.vault
  const isHsm = isOfType(type, 'managedHsm')
  const identity = identityOf('azure-vault', partial, context)
  const provider = `providers/${type}/${azure_name}`
  return complete(
    AzureVaultRecord,
    // CCKM's own name has two parts, also where a seed gives the first alone.
    { ...partial, name: `${azure_name}::${subscription_id}` },
    {
      ...identity,
      azure_name,
      azure_vault_id: `/subscriptions/${subscription_id}/resourceGroups/rg/${provider}`,
      type,
      location: 'eastus',
      tags: {},
      properties: {
        tenantId: context.drawId('tenant'),
        sku: { family: isHsm ? 'B' : 'A', name: 'standard' },
        vaultUri: `https://${azure_name}.${isHsm ? 'managedhsm' : 'vault'}.azure.net/`,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        enableSoftDelete: true,
        createMode: '',
        enablePurgeProtection: false,
        softDeleteRetentionInDays: 90,
        enableRbacAuthorization: false,
      },
      connection: 'azure-connection',
      cloud_name: 'AzureCloud',
      subscription_id,
      subscription_name: 'Pay-As-You-Go',
      synced_at: identity.createdAt,
      cloud_key_backup_limit: 10,
      labels: {},
      acls: [],
    },
  )
}

export const AZURE_VAULT_SORTS = sortsBy('azure_name', 'updatedAt', 'createdAt')

export const azureVaultBehaviour: KindBehaviour = {
  name: 'azure.vault',
  apply: (record, { name, values = {} }, at) => {
    if (name === 'deleted') return undefined
    const isSeen = name === 'synchronized' || name === 'appeared'
    const members = isSeen ? { synced_at: formatInstant(at) } : { ...values, ...touched(at) }
    return withMembers(AzureVaultRecord, record, members)
  },
  refusal: () => undefined,
  due: () => undefined,
  namesOf: ({ name, azure_name }) => [name, azure_name].filter((each) => typeof each === 'string'),
  uniqueNameOf: ({ name }) => String(name),
  summary: { name: ['name'], region: ['location'], states: [] },
  area: { container: ['id'] },
  seen: { path: ['synced_at'], at: ({ synced_at }) => parseInstant(String(synced_at)) },
  indexed: [...Object.values(AZURE_VAULT_SORTS), ['id'], ['name']],
  facets: [
    ['subscription_id'],
    ['subscription_name'],
    ['location'],
    ['cloud_name'],
    ['type'],
    ['connection'],
    ['labels', 'job_config_id'],
  ],
}

export const vaultFinder: Finder = { name: 'azure.vault', container: 'azure.vault', behaviour: azureVaultBehaviour }

/** Where the keys of a vault are: the beginning of their ids in Azure. */
export function vaultUriOf(vault: ResourceRecord): string {
  return textOf(objectOf(vault.properties).vaultUri) ?? `https://${String(vault.azure_name)}.vault.azure.net/`
}
