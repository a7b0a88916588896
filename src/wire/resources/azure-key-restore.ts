import Type from 'typebox'
import type { FoundResource, ResourceRecord } from '../../model/resource.ts'
import { seen } from '../certainty.ts'
import type { KindCall, Outcome } from '../kind.ts'
import { fillContextOf, isRefusal, refuse } from '../resource-calls.ts'
import { objectOf, textOf } from '../resource-record.ts'
import { backupFilters } from './azure-key-backup-record.ts'
import { changeAll, siblings, style, vaultFor, versionsOf } from './azure-key-changes.ts'
import { fillAzureKey } from './azure-key-record.ts'

export const RestoreBody = Type.Object({
  key_vault: Type.Optional(
    Type.String({ minLength: 1, ...seen('Name or id of the vault; without it that of the key.') }),
  ),
  azure_cloud_key_backup_id: Type.Optional(
    Type.String({ minLength: 1, ...seen('The backup; without it the latest.') }),
  ),
})

export function restore(key: FoundResource, call: KindCall): Outcome {
  const { body, edit } = call
  const { record } = key
  const home = edit.find('azure.vault', String(record.key_vault_id))
  const named = textOf(body.key_vault)
  const vault = named === undefined ? home : vaultFor(call, named)
  if (vault === undefined) return refuse('notFound', `key vault ${String(record.key_vault)} not found`)
  if (isRefusal(vault)) return vault
  const backups = edit
    .list('azure.key-backup', backupFilters(edit, record))
    .filter((backup) => backup.record.gone !== true)
  const wanted = textOf(body.azure_cloud_key_backup_id)
  const backup = wanted === undefined ? backups.at(-1) : backups.find(({ id }) => id === wanted)
  if (backup === undefined)
    return refuse(
      'notFound',
      wanted === undefined ? `key ${String(record.key_name)} has no backup` : `backup ${wanted} not found`,
    )
  const isHome = vault.id === record.key_vault_id
  const restored = { change: { name: 'restored' }, doing: 'restoring' } as const
  if (isHome && record.status !== 'DELETED') return changeAll(key, call, restored)
  const taken = versionsOf(edit, { vault: vault.id, name: String(record.key_name) }).some(
    (other) => other.record.status !== 'DELETED',
  )
  if (taken)
    return refuse(
      'conflict',
      style.messageOf(`a key named ${String(record.key_name)} already exists in the vault`, 'restoring'),
    )
  if (isHome) return changeAll(key, call, restored)
  return { answer: copyInto(vault, key, { body, edit }) }
}

/** A backup holds all versions; each becomes a record of the other vault. Answers that of the version which the path names. */
function copyInto(
  vault: FoundResource,
  key: FoundResource,
  { body, edit }: Pick<KindCall, 'body' | 'edit'>,
): ResourceRecord | undefined {
  const copies = siblings(edit, key).map((version) => {
    const { id: _id, uri: _uri, createdAt: _created, updatedAt: _updated, region: _region, ...rest } = version.record
    const param = objectOf(rest.azure_param)
    const { kid: _kid, ...material } = objectOf(param.key)
    const context = fillContextOf(edit)
    const drawId = (purpose: string) => context.drawId(`${version.id} ${purpose}`)
    const partial = {
      ...rest,
      ...{
        key_vault: body.key_vault,
        key_vault_id: vault.id,
        status: 'AVAILABLE',
        deleted: false,
        key_soft_deleted_in_azure: false,
        gone: false,
      },
      azure_param: { ...param, key: material },
    }
    return { of: version.id, record: edit.create('azure.key', fillAzureKey(partial, { ...context, drawId })).record }
  })
  return copies.find(({ of }) => of === key.id)?.record
}
