import Type from 'typebox'
import type { FoundResource } from '../../model/resource.ts'
import { seen } from '../certainty.ts'
import type { CallRun, Kind, KindCall, KindOperation, Outcome, Refusal } from '../kind.ts'
import { byFlag, byText } from '../query-filters.ts'
import { fillContextOf, findResource, isRefusal, NOT_FOUND, refuse } from '../resource-calls.ts'
import { azureKeyFinder } from './azure-key-behaviour.ts'
import {
  AZURE_KEY_BACKUP_SORTS,
  azureKeyBackupBehaviour,
  AzureKeyBackupRecord,
  backupFilters,
  backupOf,
  fillAzureKeyBackup,
} from './azure-key-backup-record.ts'

const PATH = '/cckm/azure/keys/:id/backups'

const Body = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, ...seen('The name.') })),
  description: Type.Optional(Type.String(seen('The description.'))),
})

/** A call on the backup that its path names, under the key that it names. */
function onBackup(work: (backup: FoundResource, call: KindCall) => Outcome, { writes = true } = {}): CallRun {
  return {
    type: 'call',
    writes,
    work: (call) => {
      const backup = findBackup(call)
      return isRefusal(backup) ? backup : work(backup, call)
    },
  }
}

function findBackup(call: KindCall): FoundResource | Refusal {
  const { edit, params } = call
  const key = findResource(call, azureKeyFinder)
  if (isRefusal(key)) return key
  const [backup] = edit.list('azure.key-backup', [
    { path: ['id'], wanted: [params.backup ?? ''] },
    ...backupFilters(edit, key.record),
  ])
  return backup ?? NOT_FOUND
}

function create(call: KindCall): Outcome {
  const { body, edit } = call
  const key = findResource(call, azureKeyFinder)
  if (isRefusal(key)) return key
  if (edit.refusalOf(key, { name: 'updated' }) !== undefined)
    return refuse('conflict', `Error backing up Azure key: Key ${String(key.record.key_name)} is not available`)
  const vault = edit.find('azure.vault', String(key.record.key_vault_id))
  const filters = backupFilters(edit, key.record)
  const partial = { ...body, ...backupOf({ ...key.record, key_vault: vault?.record.name ?? key.record.key_vault }) }
  const kept = edit.list('azure.key-backup', filters)
  const limit = Number(vault?.record.cloud_key_backup_limit ?? 0)
  // The oldest ones make room; 0: there is no limit.
  const surplus = limit > 0 ? Math.max(0, kept.length + 1 - limit) : 0
  for (const oldest of kept.slice(0, surplus)) edit.change(oldest, { name: 'deleted' })
  return { answer: edit.create('azure.key-backup', fillAzureKeyBackup(partial, fillContextOf(edit))).record }
}

const one = { path: `${PATH}/:backup`, status: 200, answer: 'record' } as const

const OPERATIONS: readonly KindOperation[] = [
  {
    name: 'azure.key-backups.list',
    method: 'GET',
    path: PATH,
    status: 200,
    summary: 'List the backups of a key',
    answer: 'page',
    actions: ['view'],
    refusals: ['notFound'],
    run: {
      type: 'list',
      scope: (call) => {
        const key = findResource(call, azureKeyFinder)
        return isRefusal(key) ? key : backupFilters(call.edit, key.record)
      },
    },
  },
  {
    name: 'azure.key-backups.create',
    method: 'POST',
    path: PATH,
    status: 'createStatus',
    summary: 'Back up a key with all its versions',
    body: { name: 'azure.key-backups.CreateRequest', schema: Body },
    answer: 'record',
    actions: ['keyupdate'],
    refusals: ['conflict'],
    run: { type: 'call', writes: true, work: create },
  },
  {
    ...one,
    name: 'azure.key-backups.get',
    method: 'GET',
    summary: 'View a backup',
    actions: ['view'],
    run: onBackup(({ record }) => ({ answer: record }), { writes: false }),
  },
  {
    ...one,
    name: 'azure.key-backups.update',
    method: 'PATCH',
    summary: 'Change name and description of a backup',
    body: { name: 'azure.key-backups.UpdateRequest', schema: Body },
    actions: ['keyupdate'],
    refusals: ['conflict'],
    run: onBackup((backup, { body, edit }) => {
      const change = { name: 'updated', values: body } as const
      const text = edit.refusalOf(backup, change)
      return text === undefined ? { answer: edit.change(backup, change).record } : refuse('conflict', text)
    }),
  },
  {
    ...one,
    name: 'azure.key-backups.delete',
    method: 'DELETE',
    status: 204,
    answer: 'nothing',
    summary: 'Delete a backup',
    actions: ['deletebackup'],
    run: onBackup((backup, { edit }) => {
      edit.change(backup, { name: 'deleted' })
      return { answer: undefined }
    }),
  },
]

export const azureKeyBackup: Kind = {
  name: 'azure.key-backup',
  owner: 'azure.key',
  uriKind: 'azure-key-backup',
  onSync: ['appears', 'vanishes'],
  tag: 'Azure key backups',
  record: AzureKeyBackupRecord,
  fill: fillAzureKeyBackup,
  behaviour: azureKeyBackupBehaviour,
  numbered: [['name']],
  container: 'azure.vault',
  filters: {
    backup_id: byText(['id'], seen('Backups with this id.')),
    name: byText(['name'], seen('Backups with this name.')),
    backup: byText(['backup'], seen('Backups with this opaque id.')),
    vault_name: byText(['vault_name'], seen('Backups of this vault, by its name in Azure.')),
    subscription_id: byText(['subscription_id'], seen('Backups of this subscription.')),
    subscription_name: byText(['subscription_name'], seen('Backups of the subscription of this name.')),
    region: byText(['region'], seen('Backups of this region.')),
    type: byText(['type'], seen('Backups of this type.')),
    gone: byFlag(['gone'], seen('Backups that are lost, or not.')),
    tenant: byText(['tenant'], seen('Backups of this tenant.')),
    cloud_name: byText(['cloud_name'], seen('Backups of this cloud.')),
  },
  sorts: AZURE_KEY_BACKUP_SORTS,
  sample: {
    id: '0c5e7a1d-2b4e-4c59-9a34-5d6f7e8a9b0c',
    uri: 'kylo:kylo:cckm:azure-key-backup:0c5e7a1d-2b4e-4c59-9a34-5d6f7e8a9b0c',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2024-02-06T09:20:00.123456Z',
    updatedAt: '2024-02-06T09:20:00.123456Z',
    name: 'rsa-key-backup',
    description: 'Backup taken before the upgrade',
    type: 'manual',
    backup: '7c1d2a0e7f2c4b7b9d0f3c0a1e2d3c4b',
    key_name: 'Test-key',
    key_vault: 'keyvault-softkeys::12e533dd-b5c2-4e58-a264-0cd812dc5a34',
    vault_name: 'keyvault-softkeys',
    subscription_id: '12e533dd-b5c2-4e58-a264-0cd812dc5a34',
    subscription_name: 'Pay-As-You-Go',
    region: 'northcentralus',
    cloud_name: 'AzureCloud',
    tenant: '5a2e9a26-6f53-4b1c-9f6c-7b1f5f0b1c11',
    gone: false,
  },
  operations: OPERATIONS,
}
