import Type from 'typebox'
import type { Change, FoundResource } from '../../model/resource.ts'
import { parseDuration } from '../../model/duration.ts'
import { documented } from '../certainty.ts'
import type { KindCall, KindOperation, Outcome } from '../kind.ts'
import { changeResource, fillContextOf, isRefusal, onResource, refuse } from '../resource-calls.ts'
import { textMapSchema, objectOf } from '../resource-record.ts'
import { parseInstant } from '../timestamps.ts'
import { attributesOf, fillAzureKey } from './azure-key-record.ts'
import { restore, RestoreBody } from './azure-key-restore.ts'
import { azureKeyFinder } from './azure-key-behaviour.ts'
import { changeAll, siblings, style, vaultFor, versionsOf } from './azure-key-changes.ts'

const PATH = '/cckm/azure/keys'

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
const tags = Type.Optional(textMapSchema(documented('Tags of the key.')))
const key_ops = Type.Optional(Type.Array(Type.String(), documented('What the key may be used for.')))

const CreateBody = Type.Object({
  key_name: Type.String({ minLength: 1, ...documented('The name.') }),
  key_vault: Type.String({ minLength: 1, ...documented('Name or id of the vault.') }),
  azure_param: Type.Object(
    {
      kty: Type.Enum(['RSA', 'RSA-HSM', 'EC', 'EC-HSM', 'oct-HSM'], documented('The kind of key.')),
      crv: Type.Optional(Type.String({ minLength: 1, ...documented('The curve of an EC key.') })),
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

function create(call: KindCall): Outcome {
  const { body, edit } = call
  const vault = vaultFor(call, String(body.key_vault))
  if (isRefusal(vault)) return vault
  const { kty, crv, key_size, key_ops: ops, tags: given, attributes: own } = objectOf(body.azure_param)
  const isEc = String(kty).startsWith('EC')
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
      // Only keys that are no EC keys have a size, and only EC keys a curve.
      ...(!isEc && key_size !== undefined && { key_size }),
      ...(body.release_policy !== undefined && { release_policy: body.release_policy }),
      azure_param: {
        key: { kty, ...(isEc && crv !== undefined && { crv }), ...(ops !== undefined && { key_ops: ops }) },
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
  return changeResource(call, style, { resource: key, change, doing: 'updating' })
}

function purge(key: FoundResource, call: KindCall): Outcome {
  const isPurgeable = String(attributesOf(key.record).recoveryLevel).includes('Purgeable')
  if (key.record.status === 'SOFT-DELETED' && !isPurgeable)
    return refuse('conflict', style.messageOf('the vault protects its keys from being purged', 'purging'))
  // Azure takes its time to delete a key: until it has, it does not purge it.
  const deletedAt = parseInstant(String(key.record.updatedAt)) ?? call.edit.now
  const delay = parseDuration(call.edit.settings.purgeDelay) ?? 0
  if (key.record.status === 'SOFT-DELETED' && call.edit.now < deletedAt + delay)
    return refuse(
      'conflict',
      style.messageOf(`Key ${String(key.record.key_name)} is currently being deleted`, 'purging'),
    )
  return changeAll(key, call, { change: { name: 'purged' }, doing: 'purging' })
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
      summary: 'Refresh a key from Azure',
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
