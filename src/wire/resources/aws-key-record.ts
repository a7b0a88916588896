import Type from 'typebox'
import type { ResourceRecord, FillContext } from '../../model/resource.ts'
import { DAY, toInstant } from '../../model/time.ts'
import { assumed, documented, instantSchema, seen, type Note } from '../certainty.ts'
import {
  complete,
  drawAccount,
  drawHex,
  identityOf,
  identitySchema,
  listOf,
  mapSchema,
  objectOf,
  textOf,
  textsOf,
} from '../resource-record.ts'
import { formatInstant } from '../timestamps.ts'
import { algorithmsOf, usageOf } from './aws-key-specs.ts'
import { arnOf, defaultPolicy } from './aws-names.ts'

const text = (note: Note) => Type.Optional(Type.String(note))
const flag = (note: Note) => Type.Optional(Type.Boolean(note))
const texts = (note: Note) => Type.Optional(Type.Array(Type.String(), note))

const Tag = Type.Object({
  TagKey: Type.String(documented('The key of the tag.')),
  TagValue: Type.String(documented('The value of the tag.')),
})

/** What AWS says of a key. Readable samples are alphabetical up to `Description`; that the rest is so is assumed. */
const AwsParam = Type.Object(
  {
    AWSAccountId: Type.String(documented('The AWS account.')),
    Alias: Type.Array(Type.String(), documented('Aliases, with `alias/` before them.')),
    Arn: Type.String(documented('The ARN of the key.')),
    CreationDate: Type.String(documented('When AWS made the key.')),
    CurrentKeyMaterialId: text(seen('The key material in use.')),
    CustomKeyStoreId: text(seen('The custom key store.')),
    CustomerMasterKeySpec: Type.String(documented('`SYMMETRIC_DEFAULT`, `RSA_2048` and so on.')),
    DeletionDate: text(assumed('As `deletion_date`.')),
    Description: Type.String(documented('The description.')),
    Enabled: Type.Boolean(documented('Whether the key can be used.')),
    EncryptionAlgorithms: texts(seen('Of a key that encrypts.')),
    ExpirationModel: text(seen('Of imported material.')),
    KeyAgreementAlgorithms: texts(assumed('Of a key that agrees on secrets.')),
    KeyID: Type.String(documented('The id of the key in AWS.')),
    KeyManager: Type.String(seen('`CUSTOMER` or `AWS`.')),
    KeyRotationEnabled: Type.Boolean(seen('Whether AWS rotates the key by itself.')),
    KeyState: Type.String(documented('`Enabled`, `Disabled`, `PendingDeletion`, `PendingImport` and so on.')),
    KeyUsage: Type.String(seen('`ENCRYPT_DECRYPT`, `SIGN_VERIFY`, `GENERATE_VERIFY_MAC` or `KEY_AGREEMENT`.')),
    MacAlgorithmSpec: texts(seen('Of an HMAC key.')),
    MultiRegion: Type.Boolean(seen('Whether it is a multi-region key.')),
    MultiRegionConfiguration: Type.Optional(
      Type.Object({}, seen('`MultiRegionKeyType`, `PrimaryKey`, `ReplicaKeys`.')),
    ),
    NextRotationDate: text(seen('The next automatic rotation.')),
    Origin: Type.String(documented('`AWS_KMS` or `EXTERNAL`.')),
    Policy: Type.Object({}, seen('The key policy.')),
    ReplicaPolicy: Type.Optional(Type.Object({}, seen('The policy of replicas.'))),
    ReplicaTags: Type.Optional(Type.Array(Type.Object({}), seen('Tags of replicas.'))),
    RotationPeriodInDays: Type.Optional(Type.Integer(seen('Days between automatic rotations.'))),
    SigningAlgorithms: texts(assumed('Of a key that signs.')),
    Tags: Type.Array(Tag, seen('Tags of the key.')),
    ValidTo: text(seen('When imported material expires.')),
    XksKeyConfiguration: Type.Optional(Type.Object({}, seen('Of a key in an external key store.'))),
  },
  documented('The key as AWS describes it.'),
)

/** The lists from which CCKM makes a policy. */
export const POLICY_LISTS = [
  'external_accounts',
  'key_admins',
  'key_admins_roles',
  'key_users',
  'key_users_roles',
] as const

/** Members in the order of "Enabling a key" (thalesdocs); where those of the second block stand is assumed. */
export const AwsKeyRecord = Type.Object({
  ...identitySchema('aws-key'),
  kms_id: Type.String(documented('The KMS account, by its id.')),
  kms: Type.String(documented('The KMS account, as the create named it; of other keys its name.')),
  synced_at: text(documented('The last synchronization that saw the key.')),
  rotation_status: Type.String(documented('Empty: no rotation is under way.')),
  cloud_name: Type.String(documented('`aws`.')),
  key_type: Type.String(documented('`symmetric`; `asymmetric` is assumed.')),
  basic_view_enabled: Type.Boolean(documented('Always `false`.')),
  region: Type.String(documented('The region of the key.')),
  gone: Type.Boolean(documented('Whether the cloud has lost the key.')),
  key_material_origin: Type.String(documented('`native`, `cckm` or `unknown`.')),
  deletion_date: Type.Optional(instantSchema(seen('When a key that is pending deletion is destroyed.'))),
  ...Object.fromEntries(
    POLICY_LISTS.map((name) => [name, texts(seen('As the create or the policy template has it.'))]),
  ),
  key_source: text(seen('Where the material comes from.')),
  key_source_container_id: text(seen('The container of the source.')),
  key_source_container_name: text(seen('Its name.')),
  local_key_id: text(seen('The source key.')),
  local_key_name: text(seen('Its name.')),
  labels: Type.Optional(mapSchema(seen('Labels; scheduled jobs show up here.'))),
  rotated_at: text(seen('The last rotation.')),
  rotated_from: text(seen('The key before the last rotation.')),
  rotated_to: text(seen('The key after the next rotation.')),
  custom_key_store_id: text(seen('The custom key store.')),
  linked_state: flag(seen('Of a key in an external key store.')),
  blocked: flag(seen('Of a key in an external key store.')),
  aws_param: AwsParam,
})

/** Days until a scheduled deletion, where nobody says how many (AWS). */
export const DEFAULT_DELETION_DAYS = 30

/** Completes the record of a key. Its account is that of its KMS; of a KMS that is not there, one drawn from the name. */
export function fillAwsKey(partial: ResourceRecord, context: FillContext): ResourceRecord {
  const given = givenParam(partial)
  const identity = identityOf('aws-key', partial, context)
  const named = textOf(partial.kms) ?? textOf(partial.kms_id) ?? 'kms'
  const kms = context.find('aws.kms', textOf(partial.kms_id) ?? named)
  const account = textOf(given.AWSAccountId) ?? textOf(kms?.account_id) ?? drawAccount(context, `account of ${named}`)
  const region = textOf(partial.region) ?? textsOf(kms?.regions)[0] ?? 'us-east-1'
  const param = awsParamOf(given, { context, account, region, createdAt: String(identity.createdAt) })
  const isPending = String(param.KeyState).startsWith('Pending') && String(param.KeyState).endsWith('Deletion')
  const deletion = formatInstant(toInstant(context.now + DEFAULT_DELETION_DAYS * DAY))
  const Origin = String(param.Origin)
  const isSymmetric = /^(SYMMETRIC|HMAC)_/.test(String(param.CustomerMasterKeySpec))
  return complete(
    AwsKeyRecord,
    { ...partial, aws_param: { ...given, Alias: param.Alias, Tags: param.Tags } },
    {
      ...identity,
      kms_id: textOf(kms?.id) ?? context.drawId(`kms ${named}`),
      kms: textOf(kms?.name) ?? named,
      synced_at: identity.createdAt,
      rotation_status: '',
      cloud_name: 'aws',
      key_type: isSymmetric ? 'symmetric' : 'asymmetric',
      basic_view_enabled: false,
      region,
      gone: false,
      key_material_origin: Origin === 'EXTERNAL' ? 'unknown' : 'native',
      ...(isPending && { deletion_date: deletion }),
      aws_param: param,
    },
  )
}

/** A key that has a day of its deletion is pending deletion, unless the record says its state. */
function givenParam({ aws_param, deletion_date }: ResourceRecord): ResourceRecord {
  const param = objectOf(aws_param)
  const isKnown = textOf(deletion_date) === undefined || 'KeyState' in param || 'Enabled' in param
  return isKnown ? param : { ...param, KeyState: 'PendingDeletion' }
}

function awsParamOf(
  given: ResourceRecord,
  { context, account, region, createdAt }: { context: FillContext; account: string; region: string; createdAt: string },
): ResourceRecord {
  const spec = textOf(given.CustomerMasterKeySpec) ?? 'SYMMETRIC_DEFAULT'
  const usage = textOf(given.KeyUsage) ?? usageOf(spec)
  const state = textOf(given.KeyState) ?? (given.Enabled === false ? 'Disabled' : 'Enabled')
  const origin = textOf(given.Origin) ?? 'AWS_KMS'
  const isMultiRegion = given.MultiRegion === true
  const drawn = isMultiRegion ? `mrk-${drawHex(context, 'KeyID')}` : context.drawId('KeyID')
  const KeyID = textOf(given.KeyID) ?? textOf(given.Arn)?.split('/').at(-1) ?? drawn
  const Arn = arnOf({ account, region, resource: `key/${KeyID}` })
  return {
    AWSAccountId: account,
    Alias: (typeof given.Alias === 'string' ? [given.Alias] : textsOf(given.Alias)).map(prefixed),
    Arn,
    CreationDate: createdAt.replace(/\.\d+Z$/, 'Z'),
    CustomerMasterKeySpec: spec,
    Description: '',
    Enabled: state === 'Enabled',
    ...algorithmsOf(spec, usage),
    // Imported material without a date, as AWS describes it.
    ...(origin === 'EXTERNAL' && state !== 'PendingImport' && { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }),
    KeyID,
    KeyManager: 'CUSTOMER',
    KeyRotationEnabled: false,
    KeyState: state,
    KeyUsage: usage,
    MultiRegion: isMultiRegion,
    ...(isMultiRegion && {
      MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY', PrimaryKey: { Arn, Region: region }, ReplicaKeys: [] },
    }),
    Origin: origin,
    Policy: defaultPolicy(account),
    Tags: tagsOf(given.Tags),
  }
}

/** An alias as AWS has it. Creates may leave the prefix out. */
export function prefixed(alias: string): string {
  return alias.startsWith('alias/') ? alias : `alias/${alias}`
}

export interface AwsTag {
  readonly TagKey: string
  readonly TagValue: string
}

/** Tags in AWS's spelling; `add-tags` has another one. */
export function tagsOf(tags: unknown): readonly AwsTag[] {
  return listOf(tags).map((tag) => {
    const { TagKey, tag_key, TagValue, tag_value } = objectOf(tag)
    return { TagKey: textOf(TagKey) ?? textOf(tag_key) ?? '', TagValue: textOf(TagValue) ?? textOf(tag_value) ?? '' }
  })
}
