import Type from 'typebox'
import type { Change, FoundResource, InventoryEdit, ResourceRecord } from '../../model/resource.ts'
import { documented, seen } from '../certainty.ts'
import type { KindCall, KindOperation, Outcome, Refusal } from '../kind.ts'
import {
  changeResource,
  fillContextOf,
  forbidden,
  isRefusal,
  onResource,
  refuse,
  type RefusalStyle,
} from '../resource-calls.ts'
import { mapSchema, objectOf, textOf } from '../resource-record.ts'
import { azureKeyBehaviour, azureKeyFinder } from './azure-key-behaviour.ts'
import { attributesOf, fillAzureKey } from './azure-key-record.ts'
import { backupFilters } from './azure-key-backup-record.ts'

const PATH = '/cckm/azure/keys'

/** A call in the wrong state is a conflict, as it is in Azure (seen in a client). */
const style: RefusalStyle = { error: 'conflict', messageOf: (text, doing) => `Error ${doing} Azure key: ${text}` }

const kind = { behaviour: azureKeyBehaviour, style }

const attributes = Type.Optional(
  Type.Object(
    {
      enabled: Type.Optional(Type.Boolean(documented('Whether the key can be used.'))),
      nbf: Type.Optional(Type.Integer(documented('Not to be used before. Unix seconds.'))),
      exp: Type.Optional(Type.Integer(documented('Not to be used after. Unix seconds.'))),
    },
    documented('Attributes of the key.'),
  ),
)
const tags = Type.Optional(mapSchema(documented('Tags of the key.')))
const key_ops = Type.Optional(Type.Array(Type.String(), documented('What the key may be used for.')))

const CreateBody = Type.Object({
  key_name: Type.String({ minLength: 1, ...documented('The name.') }),
  key_vault: Type.String({ minLength: 1, ...documented('Name or id of the vault.') }),
  azure_param: Type.Object(
    {
      kty: Type.Enum(['RSA', 'RSA-HSM', 'EC', 'EC-HSM', 'oct-HSM'], documented('The kind of key.')),
      crv: Type.Optional(Type.String(documented('The curve of an EC key.'))),
      key_size: Type.Optional(
        Type.Integer({ minimum: 128, maximum: 16384, multipleOf: 8, ...documented('Bits of an RSA key.') }),
      ),
      key_ops,
      tags,
      attributes,
    },
    documented('What Azure is asked for.'),
  ),
  exportable: Type.Optional(Type.Boolean(documented('Whether the material can leave Azure.'))),
  release_policy: Type.Optional(Type.Object({}, documented('The release policy.'))),
})

const UpdateBody = Type.Object({ attributes, tags, key_ops })

const RestoreBody = Type.Object({
  key_vault: Type.Optional(
    Type.String({ minLength: 1, ...seen('Name or id of the vault; without it that of the key.') }),
  ),
  azure_cloud_key_backup_id: Type.Optional(
    Type.String({ minLength: 1, ...seen('The backup; without it the latest.') }),
  ),
})

/** All versions of a name in a vault. */
function versionsOf(
  edit: InventoryEdit,
  { vault, name }: { readonly vault: string; readonly name: string },
): readonly FoundResource[] {
  return edit.list('azure.key', [
    { path: ['key_vault_id'], wanted: [vault] },
    { path: ['key_name'], wanted: [name] },
  ])
}

const siblings = (edit: InventoryEdit, { record }: FoundResource): readonly FoundResource[] =>
  versionsOf(edit, { vault: String(record.key_vault_id), name: String(record.key_name) })

function vaultFor(call: KindCall, named: string): FoundResource | Refusal {
  const { edit, may, actions } = call
  const vault = edit.find('azure.vault', named)
  if (vault === undefined)
    return may(undefined, actions) ? refuse('notFound', `key vault ${named} not found`) : forbidden(call)
  return may(vault.record, actions) ? vault : forbidden(call)
}

function create(call: KindCall): Outcome {
  const { body, edit } = call
  const vault = vaultFor(call, String(body.key_vault))
  if (isRefusal(vault)) return vault
  const { kty, crv, key_size, key_ops: ops, tags: given, attributes: own } = objectOf(body.azure_param)
  const versions = versionsOf(edit, { vault: vault.id, name: String(body.key_name) })
  const deleted = versions.find(({ record }) => record.status === 'SOFT-DELETED')
  if (deleted !== undefined)
    return refuse(
      'conflict',
      style.messageOf(
        `Key ${String(body.key_name)} is currently in a deleted but recoverable state, and its name cannot be reused`,
        'creating',
      ),
    )
  const current = versions.filter(({ record }) => record.status === 'AVAILABLE')
  const version_count = current.length + 1
  const record = fillAzureKey(
    {
      key_name: body.key_name,
      // Clients look for the string that they have sent.
      key_vault: body.key_vault,
      key_vault_id: vault.id,
      version_count,
      ...(key_size !== undefined && { key_size }),
      ...(body.release_policy !== undefined && { release_policy: body.release_policy }),
      azure_param: {
        key: { kty, ...(crv !== undefined && { crv }), ...(ops !== undefined && { key_ops: ops }) },
        attributes: { ...objectOf(own), ...(body.exportable !== undefined && { exportable: body.exportable }) },
        tags: objectOf(given),
      },
    },
    fillContextOf(edit),
  )
  for (const other of current) edit.change(other, { name: 'updated', values: { version_count } })
  return { answer: edit.create('azure.key', record).record }
}

function update(key: FoundResource, call: KindCall): Outcome {
  const { attributes: own, tags: given, key_ops: ops } = call.body
  const { enabled, ...others } = objectOf(own)
  const isSwitch =
    typeof enabled === 'boolean' && Object.keys(others).length === 0 && given === undefined && ops === undefined
  const change: Change = isSwitch
    ? { name: enabled ? 'enabled' : 'disabled' }
    : {
        name: 'updated',
        values: {
          ...(own !== undefined && { attributes: own }),
          ...(given !== undefined && { tags: given }),
          ...(ops !== undefined && { key_ops: ops }),
        },
      }
  return changeResource(call, kind, { resource: key, change, doing: 'updating' })
}

/** Changes all versions of the name; answers the one that the path names. */
function changeAll(
  key: FoundResource,
  call: KindCall,
  { change, doing }: { readonly change: Change; readonly doing: string },
): Outcome {
  const refusal = azureKeyBehaviour.refusal(key.record, change)
  if (refusal !== undefined) return refuse(style.error, style.messageOf(refusal, doing))
  const others = siblings(call.edit, key).filter(
    ({ id, record }) => id !== key.id && azureKeyBehaviour.refusal(record, change) === undefined,
  )
  for (const other of others) call.edit.change(other, change)
  return changeResource(call, kind, { resource: key, change, doing })
}

function purge(key: FoundResource, call: KindCall): Outcome {
  const isPurgeable = String(attributesOf(key.record).recoveryLevel).includes('Purgeable')
  if (key.record.status === 'SOFT-DELETED' && !isPurgeable)
    return refuse('conflict', style.messageOf('the vault protects its keys from being purged', 'purging'))
  return changeAll(key, call, { change: { name: 'purged' }, doing: 'purging' })
}

function restore(key: FoundResource, call: KindCall): Outcome {
  const { body, edit } = call
  const { record } = key
  const home = edit.find('azure.vault', String(record.key_vault_id))
  const vault = body.key_vault === undefined ? home : vaultFor(call, String(body.key_vault))
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
  if (vault.id === record.key_vault_id)
    return changeAll(key, call, { change: { name: 'restored' }, doing: 'restoring' })
  const taken = versionsOf(edit, { vault: vault.id, name: String(record.key_name) }).some(
    (other) => other.record.status !== 'DELETED',
  )
  if (taken)
    return refuse(
      'conflict',
      style.messageOf(`a key named ${String(record.key_name)} already exists in the vault`, 'restoring'),
    )
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

/** A call of `POST /azure/keys/:id/<word>` without a body. */
function action(
  word: string,
  rest: {
    readonly right: string
    readonly summary: string
    readonly work: (key: FoundResource, call: KindCall) => Outcome
  },
): KindOperation {
  return {
    name: `azure.keys.${word}`,
    method: 'POST',
    path: `${PATH}/:id/${word}`,
    status: 200,
    summary: rest.summary,
    answer: 'record',
    actions: [rest.right],
    refusals: ['conflict'],
    run: onResource(azureKeyFinder, rest.work),
  }
}

const simple = (
  word: string,
  name: Change['name'],
  rest: { readonly right: string; readonly summary: string; readonly doing: string },
): KindOperation =>
  action(word, { ...rest, work: (key, call) => changeAll(key, call, { change: { name }, doing: rest.doing }) })

const Refreshed = Type.String(documented('What will happen.'))

/** All calls that write. */
export const AZURE_KEY_CALLS: readonly KindOperation[] = [
  {
    name: 'azure.keys.create',
    method: 'POST',
    path: PATH,
    status: 'createStatus',
    summary: 'Create a key, or a version of one',
    body: { name: 'azure.keys.CreateRequest', schema: CreateBody },
    answer: 'record',
    actions: ['keycreate'],
    refusals: ['notFound', 'conflict'],
    run: { type: 'call', writes: true, work: create },
  },
  {
    name: 'azure.keys.update',
    method: 'PATCH',
    path: `${PATH}/:id`,
    status: 200,
    summary: 'Change attributes, tags and operations of a key',
    body: { name: 'azure.keys.UpdateRequest', schema: UpdateBody },
    answer: 'record',
    actions: ['keyupdate'],
    refusals: ['conflict'],
    run: onResource(azureKeyFinder, update),
  },
  simple('soft-delete', 'soft-deleted', {
    right: 'keydelete',
    summary: 'Delete a key with all its versions',
    doing: 'deleting',
  }),
  action('hard-delete', { right: 'keypurge', summary: 'Purge a deleted key with all its versions', work: purge }),
  simple('recover', 'recovered', {
    right: 'keyrecover',
    summary: 'Recover a deleted key with all its versions',
    doing: 'recovering',
  }),
  {
    ...action('restore', { right: 'keyrestore', summary: 'Restore a key from a backup', work: restore }),
    description: 'A key that is not purged is restored only into another vault (since CM 2.17).',
    body: { name: 'azure.keys.RestoreRequest', schema: RestoreBody },
  },
  {
    ...action('delete-backup', {
      right: 'deletebackup',
      summary: "Remove CCKM's record of a key and of all its versions",
      work: (key, { edit }) => {
        for (const version of siblings(edit, key)) edit.change(version, { name: 'deleted' })
        return { answer: undefined }
      },
    }),
    status: 204,
    answer: 'nothing',
  },
  {
    ...action('refresh', {
      right: 'keysynchronize',
      summary: 'Read a key anew from Azure',
      work: (key, { edit }) => {
        edit.change(key, { name: 'synchronized' })
        return { answer: `Azure key '${String(key.record.key_name)}' will be refreshed and persisted` }
      },
    }),
    answer: {
      name: 'azure.keys.RefreshAnswer',
      schema: Refreshed,
      sample: "Azure key 'test-1' will be refreshed and persisted",
    },
  },
]
