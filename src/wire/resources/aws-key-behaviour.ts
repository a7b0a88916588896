import type { Change, KindBehaviour, ResourceRecord } from '../../model/resource.ts'
import { DAY, toInstant, type Instant } from '../../model/time.ts'
import type { Kind } from '../kind.ts'
import { sortsBy } from '../query-filters.ts'
import { listOf, objectOf, textOf, textsOf, touched, withMembers } from '../resource-record.ts'
import { formatInstant, parseInstant } from '../timestamps.ts'
import { AwsKeyRecord, DEFAULT_DELETION_DAYS, POLICY_LISTS, prefixed, tagsOf, type AwsTag } from './aws-key-record.ts'
import { policyOf } from './aws-template-policy.ts'

/** The tag by which CCKM knows the policy template of a key. */
export const TEMPLATE_TAG = 'cckm_policy_template_id'

/** AWS, "Key states of AWS KMS keys". */
export const AWS_KEY_STATES = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingImport',
  'PendingReplicaDeletion',
  'Unavailable',
  'Creating',
  'Updating',
]

/** Members of the record, and of `aws_param`, that a change sets; undefined removes one. */
interface Patch {
  readonly members?: ResourceRecord
  readonly param?: ResourceRecord
}

type ChangeReader = (context: {
  readonly record: ResourceRecord
  readonly values: ResourceRecord
  readonly at: Instant
}) => Patch

const DISABLED: ResourceRecord = { KeyState: 'Disabled', Enabled: false }

const PATCHES: Readonly<Partial<Record<Change['name'], ChangeReader>>> = {
  enabled: () => ({ param: { KeyState: 'Enabled', Enabled: true } }),
  disabled: () => ({ param: DISABLED }),
  'deletion-scheduled': ({ record, values: { days }, at }) => {
    const count = typeof days === 'number' ? days : DEFAULT_DELETION_DAYS
    const date = formatInstant(toInstant(at + count * DAY))
    const KeyState = hasReplicas(record) ? 'PendingReplicaDeletion' : 'PendingDeletion'
    const param = { KeyState, Enabled: false, KeyRotationEnabled: false, DeletionDate: date }
    return { members: { deletion_date: date }, param }
  },
  // To `Disabled`, whatever it was before; without material to `PendingImport` (AWS, CancelKeyDeletion).
  'deletion-cancelled': ({ record }) => ({
    members: { deletion_date: undefined },
    param: { ...DISABLED, ...(hasMaterial(record) ? {} : { KeyState: 'PendingImport' }), DeletionDate: undefined },
  }),
  'policy-applied': ({ record, values: given }) => {
    const values = policyValuesOf(given)
    const { policy, policy_template_id: template } = values
    const tags = textOf(template) === undefined ? [] : [{ TagKey: TEMPLATE_TAG, TagValue: String(template) }]
    return {
      members: Object.fromEntries(POLICY_LISTS.flatMap((name) => (name in values ? [[name, values[name]]] : []))),
      param: { ...(policy !== undefined && { Policy: policy }), Tags: withTags(record, tags) },
    }
  },
  tagged: ({ record, values: { tags, remove } }) => ({
    param: { Tags: withTags(record, tagsOf(tags), textsOf(remove)) },
  }),
  updated: ({ record, values: { description, add_alias, delete_alias, ...members } }) => ({
    members,
    param: {
      ...(typeof description === 'string' && { Description: description }),
      ...(typeof add_alias === 'string' && { Alias: [...aliasesOf(record), prefixed(add_alias)] }),
      ...(typeof delete_alias === 'string' && {
        Alias: aliasesOf(record).filter((alias) => alias !== prefixed(delete_alias)),
      }),
    },
  }),
}

/** Imported material has a model of its expiration. */
function hasMaterial({ aws_param }: ResourceRecord): boolean {
  const { Origin, ExpirationModel } = objectOf(aws_param)
  return Origin !== 'EXTERNAL' || ExpirationModel !== undefined
}

function hasReplicas(record: ResourceRecord): boolean {
  const { MultiRegionKeyType, ReplicaKeys } = objectOf(objectOf(record.aws_param).MultiRegionConfiguration)
  return MultiRegionKeyType === 'PRIMARY' && listOf(ReplicaKeys).length > 0
}

export function aliasesOf({ aws_param }: ResourceRecord): readonly string[] {
  return textsOf(objectOf(aws_param).Alias)
}

/** The tags of a key after some were set and others removed. */
function withTags(
  { aws_param }: ResourceRecord,
  set: readonly AwsTag[],
  removed: readonly string[] = [],
): readonly AwsTag[] {
  const tags = new Map(tagsOf(objectOf(aws_param).Tags).map((tag) => [tag.TagKey, tag]))
  for (const tag of set) tags.set(tag.TagKey, tag)
  for (const key of removed) tags.delete(key)
  return [...tags.values()]
}

function apply(record: ResourceRecord, { name, values = {} }: Change, at: Instant): ResourceRecord | undefined {
  if (name === 'deleted') return undefined
  // A synchronization sees the key; it is no change of it.
  if (name === 'synchronized' || name === 'appeared')
    return withMembers(AwsKeyRecord, record, { synced_at: formatInstant(at) })
  if (name === 'gone') return withMembers(AwsKeyRecord, record, { gone: true, ...touched(at) })
  if (name === 'vanished')
    return withMembers(AwsKeyRecord, record, { gone: true, synced_at: formatInstant(at), ...touched(at) })
  const { members, param } = PATCHES[name]?.({ record, values, at }) ?? {}
  const aws_param = { ...objectOf(record.aws_param), ...param }
  const kept = Object.fromEntries(Object.entries(aws_param).filter(([, value]) => value !== undefined))
  return withMembers(AwsKeyRecord, record, { ...members, ...touched(at), aws_param: kept })
}

const NEVER_REFUSED: readonly string[] = [
  'synchronized',
  'appeared',
  'vanished',
  'gone',
  'deleted',
] satisfies Change['name'][]

/** What AWS refuses in a state: the table "Key states of AWS KMS keys". */
function refusal(record: ResourceRecord, { name, values = {} }: Change): string | undefined {
  if (NEVER_REFUSED.includes(name)) return undefined
  const { Arn, KeyState, KeyManager } = objectOf(record.aws_param)
  const arn = String(Arn)
  if (record.gone === true) return `NotFoundException: Key '${arn}' does not exist`
  if (KeyManager === 'AWS') return `AccessDeniedException: ${arn} is an AWS managed key.`
  const state = String(KeyState)
  const isPending = state === 'PendingDeletion' || state === 'PendingReplicaDeletion'
  if (name === 'deletion-cancelled') return isPending ? undefined : invalidState(arn, 'not pending deletion')
  if (isPending) return isAllowedWhilePending(name, values) ? undefined : invalidState(arn, 'pending deletion')
  if (name !== 'enabled' && name !== 'disabled') return undefined
  const words = BUSY_STATES[state]
  return words === undefined ? undefined : invalidState(arn, words)
}

/** States in which AWS can neither enable nor disable a key. */
const BUSY_STATES: Readonly<Record<string, string>> = {
  PendingImport: 'pending import',
  Unavailable: 'unavailable',
  Creating: 'creating',
  Updating: 'updating',
}

/** The values of `policy-applied`; a bulk job has the record of the template in the place of them. */
function policyValuesOf(values: ResourceRecord): ResourceRecord {
  return values.with === undefined ? values : policyOf(objectOf(values.with))
}

/** PutKeyPolicy and DeleteAlias are allowed in every state; TagResource, which a template needs, is not. */
function isAllowedWhilePending(name: Change['name'], values: ResourceRecord): boolean {
  if (name === 'policy-applied') return policyValuesOf(values).policy_template_id === undefined
  return name === 'updated' && !('description' in values) && !('add_alias' in values)
}

function invalidState(arn: string, words: string): string {
  return `KMSInvalidStateException: ${arn} is ${words}.`
}

export const AWS_KEY_SORTS: Kind['sorts'] = {
  ...sortsBy('id', 'createdAt', 'updatedAt', 'synced_at', 'region', 'kms', 'key_type', 'deletion_date'),
  keystate: ['aws_param', 'KeyState'],
  enabled: ['aws_param', 'Enabled'],
  arn: ['aws_param', 'Arn'],
  keyid: ['aws_param', 'KeyID'],
}

export const awsKeyBehaviour: KindBehaviour = {
  name: 'aws.key',
  apply,
  refusal,
  missing: (id) => `NotFoundException: Key '${id}' does not exist`,
  lookups: [['aws_param', 'Alias']],
  due: ({ gone, deletion_date }) => {
    const at = gone === true || typeof deletion_date !== 'string' ? undefined : parseInstant(deletion_date)
    return at === undefined ? undefined : { at, change: { name: 'gone' } }
  },
  namesOf: () => [],
  containedBy: 'aws.kms',
  summary: {
    name: ['aws_param', 'Alias'],
    region: ['region'],
    container: ['kms_id'],
    states: [
      { word: 'gone', path: ['gone'], value: true },
      ...AWS_KEY_STATES.map((word) => ({ word, path: ['aws_param', 'KeyState'], value: word })),
    ],
  },
  isGone: ({ gone }) => gone === true,
  area: { container: ['kms_id'], region: ['region'] },
  seen: { path: ['synced_at'], at: ({ synced_at }) => parseInstant(String(synced_at)) },
  indexed: Object.values(AWS_KEY_SORTS),
  facets: [
    ['kms_id'],
    ['region'],
    ['cloud_name'],
    ['labels', 'job_config_id'],
    ['gone'],
    ['blocked'],
    ['key_material_origin'],
    ['key_source'],
    ['custom_key_store_id'],
    ['custom_key_store_name'],
    ['aws_param', 'CustomerMasterKeySpec'],
    ['aws_param', 'Enabled'],
    ['aws_param', 'KeyManager'],
    ['aws_param', 'KeyState'],
    ['aws_param', 'KeyUsage'],
    ['aws_param', 'MultiRegion'],
    ['aws_param', 'MultiRegionConfiguration', 'MultiRegionKeyType'],
    ['aws_param', 'Origin'],
    ['aws_param', 'Tags'],
  ],
}
