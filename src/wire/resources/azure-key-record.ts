import Type from 'typebox'
import type { ResourceRecord, FillContext } from '../../model/resource.ts'
import { MILLISECOND } from '../../model/time.ts'
import { assumed, documented, seen, type Note } from '../certainty.ts'
import {
  complete,
  drawHex,
  identityOf,
  identitySchema,
  mapSchema,
  textMapSchema,
  objectOf,
  textOf,
} from '../resource-record.ts'
import { fillAzureVault, vaultUriOf } from './azure-vault-record.ts'

const text = (note: Note) => Type.String(note)
const flag = (note: Note) => Type.Boolean(note)
const seconds = (note: string) => Type.Optional(Type.Integer(documented(`${note} Unix seconds.`)))

/** What Azure says of a key. */
const AzureParam = Type.Object(
  {
    key: Type.Object(
      {
        kid: text(seen('The id in Azure.')),
        kty: text(seen('`RSA`, `EC`, `RSA-HSM`, `EC-HSM` or `oct-HSM`.')),
        key_ops: Type.Array(Type.String(), seen('What the key may be used for.')),
        n: Type.Optional(text(seen('Of an RSA key: the modulus.'))),
        e: Type.Optional(text(seen('Of an RSA key: the exponent.'))),
        crv: Type.Optional(text(seen('Of an EC key: the curve.'))),
        x: Type.Optional(text(assumed('Of an EC key: a coordinate.'))),
        y: Type.Optional(text(assumed('Of an EC key: a coordinate.'))),
      },
      seen('The key.'),
    ),
    attributes: Type.Object(
      {
        recoveryLevel: text(seen('Whether a deleted key can be recovered and purged.')),
        enabled: flag(documented('Whether the key can be used.')),
        nbf: seconds('Not to be used before.'),
        exp: seconds('Not to be used after.'),
        created: seconds('When Azure made it.'),
        updated: seconds('Its last change in Azure.'),
        exportable: flag(seen('Whether the material can leave Azure.')),
      },
      seen('Its attributes.'),
    ),
    tags: textMapSchema(documented('Tags of the key.')),
  },
  documented('The key as Azure describes it.'),
)

/** Members in the order of "Viewing keys" (thalesdocs); after the first eight in that of the record of secrets. */
export const AzureKeyRecord = Type.Object({
  ...identitySchema('azure-key'),
  key_vault: text(documented('The vault, as the create named it; of other keys its name.')),
  key_vault_id: text(documented('The vault, by its id.')),
  region: text(documented('The region of the vault.')),
  deleted: flag(documented('Whether the key was purged.')),
  backup: Type.Optional(text(documented('The automatic backup: an opaque id, of none of the list of backups.'))),
  backup_at: Type.Optional(text(documented('When it was taken.'))),
  soft_delete_enabled: flag(documented('Whether a deleted key can be recovered.')),
  key_soft_deleted_in_azure: flag(documented('Whether the key was deleted.')),
  status: text(documented('`AVAILABLE`, `SOFT-DELETED` or `DELETED`.')),
  syncedAt: Type.Optional(text(documented('The last synchronization.'))),
  gone: flag(documented('Whether the cloud has lost the key.')),
  key_name: text(documented('The name.')),
  version: text(documented('The version: each has a record of its own.')),
  version_count: Type.Integer(seen('How many versions the name has.')),
  key_size: Type.Optional(Type.Integer(seen('Bits, of an RSA key.'))),
  cloud_name: text(documented('`AzureCloud`.')),
  tenant: text(documented('The tenant.')),
  key_material_origin: text(documented('`native`, `cckm` or `unknown`.')),
  local_key_id: text(seen('The source key.')),
  local_key_name: text(seen('Its name.')),
  labels: mapSchema(seen('Labels; scheduled jobs show up here.')),
  backup_config: mapSchema(seen('The schedule of backups.')),
  release_policy: Type.Union([Type.Object({}), Type.Null()], seen('The release policy.')),
  azure_param: AzureParam,
})

const RSA_OPS = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey']
const EC_OPS = ['sign', 'verify']

/** The public part of a key: drawn, of the right length, and no real key. */
function publicPart(kty: string, given: ResourceRecord, context: FillContext, bits: number): ResourceRecord {
  const bytes = (purpose: string, count: number) =>
    Buffer.from(drawHex(context, purpose, count * 2), 'hex').toString('base64url')
  if (kty.startsWith('EC')) return { crv: textOf(given.crv) ?? 'P-256', x: bytes('x', 32), y: bytes('y', 32) }
  return kty.startsWith('RSA') ? { n: bytes('n', bits / 8), e: 'AQAB' } : {}
}

const DEFAULT_BITS = 2048

/** Completes the record of a version of a key. A vault that is not there is made up from its name. */
export function fillAzureKey(partial: ResourceRecord, context: FillContext): ResourceRecord {
  const named = textOf(partial.key_vault) ?? textOf(partial.key_vault_id) ?? 'vault'
  const known = context.find('azure.vault', textOf(partial.key_vault_id) ?? named)
  const drawId = (purpose: string) => context.drawId(`vault ${named} ${purpose}`)
  const vault = known ?? fillAzureVault({ name: named }, { ...context, drawId })
  const identity = identityOf('azure-key', partial, context)
  const key_name = textOf(partial.key_name) ?? `key-${drawHex(context, 'name', 8)}`
  const version = textOf(partial.version) ?? drawHex(context, 'version')
  const given = objectOf(objectOf(partial.azure_param).key)
  const kty = textOf(given.kty) ?? (textOf(given.crv) === undefined ? 'RSA' : 'EC')
  const isRsa = kty.startsWith('RSA')
  const bits = typeof partial.key_size === 'number' && partial.key_size % 8 === 0 ? partial.key_size : DEFAULT_BITS
  const status =
    textOf(partial.status) ??
    (partial.deleted === true ? 'DELETED' : partial.key_soft_deleted_in_azure === true ? 'SOFT-DELETED' : 'AVAILABLE')
  const properties = objectOf(vault.properties)
  const created = Math.floor(context.now / (1000 * MILLISECOND))
  return complete(AzureKeyRecord, partial, {
    ...identity,
    key_vault: vault.name,
    key_vault_id: vault.id,
    region: vault.location,
    deleted: status === 'DELETED',
    backup: drawHex(context, 'backup'),
    backup_at: identity.createdAt,
    soft_delete_enabled: properties.enableSoftDelete ?? true,
    key_soft_deleted_in_azure: status !== 'AVAILABLE',
    status,
    syncedAt: identity.createdAt,
    gone: false,
    key_name,
    version,
    version_count: 1,
    ...(isRsa && { key_size: bits }),
    cloud_name: vault.cloud_name,
    tenant: properties.tenantId,
    key_material_origin: 'native',
    local_key_id: '',
    local_key_name: '',
    labels: {},
    backup_config: {},
    release_policy: null,
    azure_param: {
      key: {
        kid: `${vaultUriOf(vault)}keys/${key_name}/${version}`,
        kty,
        key_ops: isRsa || kty === 'oct-HSM' ? RSA_OPS : EC_OPS,
        ...publicPart(kty, given, context, bits),
      },
      attributes: {
        recoveryLevel: properties.enablePurgeProtection === true ? 'Recoverable' : 'Recoverable+Purgeable',
        enabled: true,
        created,
        updated: created,
        exportable: false,
      },
      tags: {},
    },
  })
}

export function attributesOf(record: ResourceRecord): ResourceRecord {
  return objectOf(objectOf(record.azure_param).attributes)
}

/** The members of `azure_param` with some of them set. */
export function withParam(
  record: ResourceRecord,
  {
    key,
    attributes,
    tags,
  }: { readonly key?: ResourceRecord; readonly attributes?: ResourceRecord; readonly tags?: unknown },
): ResourceRecord {
  const param = objectOf(record.azure_param)
  return {
    ...param,
    key: { ...objectOf(param.key), ...key },
    attributes: { ...objectOf(param.attributes), ...attributes },
    ...(tags !== undefined && { tags }),
  }
}
