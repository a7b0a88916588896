import Type from 'typebox'
import type { FoundResource, ResourceRecord } from '../../model/resource.ts'
import { assumed, documented, seen } from '../certainty.ts'
import type { Kind, KindCall, KindOperation, Outcome } from '../kind.ts'
import { byReading, byText } from '../query-filters.ts'
import { fillContextOf, listRun, onResource, refuse, unknownConnection, viewResource } from '../resource-calls.ts'
import { textMapSchema } from '../resource-record.ts'
import { AZURE_DISCOVERY } from './azure-discovery.ts'
import {
  AZURE_VAULT_SORTS,
  AzureVaultRecord,
  azureVaultBehaviour,
  fillAzureVault,
  vaultFinder,
  VAULT_TYPES,
} from './azure-vault-record.ts'
import { updateAcls } from './update-acls.ts'

const PATH = '/cckm/azure/vaults'

const limit = Type.Optional(Type.Integer({ minimum: 0, ...seen('How many backups are kept for each key.') }))
const connection = Type.String({ minLength: 1, ...documented('Name or id of the connection.') })

/** What Azure says of a vault; a client may send more of what it has, of which nothing is taken. */
const AZURE_MEMBERS = {
  name: Type.String({ minLength: 1, ...documented('The name in Azure.') }),
  azure_vault_id: Type.Optional(Type.String(documented('The id in Azure.'))),
  type: Type.Optional(Type.String(documented('The type in Azure.'))),
  location: Type.Optional(Type.String(documented('The region.'))),
  tags: Type.Optional(textMapSchema(documented('Tags of the vault.'))),
  properties: Type.Optional(Type.Object({}, documented('What Azure says of the vault.'))),
}

const AddBody = Type.Object({
  subscription_id: Type.String({ minLength: 1, ...documented('The subscription.') }),
  connection,
  vaults: Type.Array(Type.Object(AZURE_MEMBERS, { additionalProperties: true }), {
    minItems: 1,
    ...documented('The vaults, as `get-vaults` shows them.'),
  }),
  cloud_key_backup_limit: limit,
})

const UpdateBody = Type.Object({ connection: Type.Optional(connection), cloud_key_backup_limit: limit })

/** A vault that the inventory has hidden is shown; any other one is made. */
function add(call: KindCall): Outcome {
  const { body, edit } = call
  const { vaults, subscription_id: subscription, connection: named, cloud_key_backup_limit: keep } = body
  const unknown = unknownConnection(call)
  if (unknown !== undefined) return unknown
  const settings = { connection: named, ...(keep !== undefined && { cloud_key_backup_limit: keep }) }
  const known = edit.list('azure.vault', [{ path: ['subscription_id'], wanted: [String(subscription)] }], {
    hidden: true,
  })
  const added: ResourceRecord[] = []
  for (const each of vaults as readonly ResourceRecord[]) {
    // Old clients send CCKM's name, of which Azure's is the first part.
    const azure = String(each.name).split('::')[0] ?? ''
    if (edit.find('azure.vault', `${azure}::${String(subscription)}`) !== undefined)
      return refuse('conflict', `vault ${azure} has been added already`)
    const hidden = known.find(({ record }) => record.azure_name === azure)
    const context = fillContextOf(edit)
    const drawId = (purpose: string) => context.drawId(`${azure} ${purpose}`)
    const partial = {
      ...Object.fromEntries(Object.entries(each).filter(([member]) => Object.hasOwn(AZURE_MEMBERS, member))),
      name: `${azure}::${String(subscription)}`,
      azure_name: azure,
      subscription_id: subscription,
      ...settings,
    }
    added.push(
      hidden === undefined
        ? edit.create('azure.vault', fillAzureVault(partial, { ...context, drawId })).record
        : edit.change(edit.change(hidden, { name: 'appeared' }), { name: 'updated', values: settings }).record,
    )
  }
  return { answer: { skip: 0, limit: added.length, total: added.length, resources: added } }
}

function update(vault: FoundResource, call: KindCall): Outcome {
  const unknown = unknownConnection(call)
  if (unknown !== undefined) return unknown
  return { answer: call.edit.change(vault, { name: 'updated', values: call.body }).record }
}

/** CCKM forgets the vault with its keys and their backups; Azure keeps them. */
function remove(vault: FoundResource, { edit }: KindCall): Outcome {
  const contained = [
    ...edit.list('azure.key-backup', [{ path: ['key_vault'], wanted: [String(vault.record.name)] }], { hidden: true }),
    ...edit.list('azure.key', [{ path: ['key_vault_id'], wanted: [vault.id] }], { hidden: true }),
  ]
  for (const each of [...contained, vault]) edit.change(each, { name: 'deleted' })
  return { answer: undefined }
}

const one = { path: `${PATH}/:id`, status: 200, answer: 'record' } as const

const OPERATIONS: readonly KindOperation[] = [
  {
    name: 'azure.vaults.list',
    method: 'GET',
    path: PATH,
    status: 200,
    summary: 'List vaults',
    answer: 'page',
    actions: ['view'],
    run: listRun(vaultFinder, { containerPath: ['id'] }),
  },
  {
    ...one,
    name: 'azure.vaults.get',
    method: 'GET',
    summary: 'View a vault, by its id or name',
    actions: ['view'],
    run: viewResource(vaultFinder),
  },
  {
    name: 'azure.vaults.add',
    method: 'POST',
    path: '/cckm/azure/add-vaults',
    status: 'createStatus',
    summary: 'Add vaults',
    body: { name: 'azure.vaults.AddRequest', schema: AddBody },
    answer: 'page',
    actions: [],
    refusals: ['notFound', 'conflict'],
    run: { type: 'call', writes: true, work: add },
  },
  {
    ...one,
    name: 'azure.vaults.update',
    method: 'PATCH',
    summary: 'Change a vault',
    body: { name: 'azure.vaults.UpdateRequest', schema: UpdateBody },
    actions: [],
    run: onResource(vaultFinder, update),
  },
  {
    name: 'azure.vaults.remove',
    method: 'POST',
    path: `${PATH}/:id/remove-vault`,
    status: 204,
    summary: 'Remove a vault with its keys from CCKM',
    answer: 'nothing',
    actions: [],
    run: onResource(vaultFinder, remove),
  },
  updateAcls(vaultFinder, { name: 'azure.vaults', path: PATH, addedViews: [] }),
  ...AZURE_DISCOVERY,
]

/** Short words of the filter, by the word of the record. */
const TYPE_WORDS = new Map<string, string>(
  Object.entries(VAULT_TYPES).map(([short, long]) => [short.toLowerCase(), long]),
)

export const azureVault: Kind = {
  name: 'azure.vault',
  uriKind: 'azure-vault',
  onSync: ['appears'],
  tag: 'Azure vaults',
  record: AzureVaultRecord,
  fill: fillAzureVault,
  behaviour: azureVaultBehaviour,
  numbered: [['name'], ['azure_name']],
  container: 'azure.vault',
  filters: {
    id: byText(['id'], seen('Vaults with this id.')),
    name: byReading(seen("Vaults with this name: CCKM's own, or that in Azure."), (wanted) => [
      { anyOf: ['name', 'azure_name'].map((member) => [{ path: [member], wanted }]) },
    ]),
    location: byText(['location'], seen('Vaults of this region.')),
    cloud_name: byText(['cloud_name'], seen('Vaults of this cloud.')),
    subscription_id: byText(['subscription_id'], seen('Vaults of this subscription.')),
    subscription_name: byText(['subscription_name'], seen('Vaults of the subscription of this name.')),
    job_config_id: byText(['labels', 'job_config_id'], seen('Vaults of this schedule.')),
    type: byReading(seen('`vault` or `managedHsm`.'), (values) => [
      { path: ['type'], wanted: values.map((value) => TYPE_WORDS.get(String(value).toLowerCase()) ?? value) },
    ]),
    connection: byText(['connection'], assumed('Vaults of this connection.')),
  },
  sorts: AZURE_VAULT_SORTS,
  sample: {
    id: 'bedb82b9-582c-402d-9874-f3368722cf46',
    uri: 'kylo:kylo:cckm:azure-vault:bedb82b9-582c-402d-9874-f3368722cf46',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2024-02-06T09:00:00.123456Z',
    updatedAt: '2024-02-06T09:00:00.123456Z',
    name: 'keyvault-softkeys::12e533dd-b5c2-4e58-a264-0cd812dc5a34',
    azure_name: 'keyvault-softkeys',
    azure_vault_id:
      '/subscriptions/12e533dd-b5c2-4e58-a264-0cd812dc5a34/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/keyvault-softkeys',
    type: 'Microsoft.KeyVault/vaults',
    location: 'northcentralus',
    tags: {},
    properties: {
      tenantId: '5a2e9a26-6f53-4b1c-9f6c-7b1f5f0b1c11',
      sku: { family: 'A', name: 'standard' },
      vaultUri: 'https://keyvault-softkeys.vault.azure.net/',
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: false,
      enableSoftDelete: true,
      createMode: '',
      enablePurgeProtection: false,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: false,
    },
    connection: 'azure-production',
    cloud_name: 'AzureCloud',
    subscription_id: '12e533dd-b5c2-4e58-a264-0cd812dc5a34',
    subscription_name: 'Pay-As-You-Go',
    synced_at: '2024-02-06T09:10:00.000001Z',
    cloud_key_backup_limit: 10,
    labels: {},
    acls: [],
  },
  operations: OPERATIONS,
}
