import { documented, seen } from '../certainty.ts'
import type { Kind, KindOperation } from '../kind.ts'
import { byFlag, byPresence, byReading, byText, byWord, containing, jsonMembers } from '../query-filters.ts'
import { listRun, viewResource } from '../resource-calls.ts'
import type { ResourceFilter } from '../../model/resource.ts'
import { AWS_KEY_SORTS, AWS_KEY_STATES, awsKeyBehaviour, TEMPLATE_TAG } from './aws-key-behaviour.ts'
import { AWS_KEY_CALLS, awsKeyFinder, awsKeyViewer, VIEW_ACTIONS } from './aws-key-calls.ts'
import { AwsKeyRecord, fillAwsKey, prefixed } from './aws-key-record.ts'

const TAGS = ['aws_param', 'Tags']
const param = (name: string): readonly string[] => ['aws_param', name]

/** Keys with material of AWS's own need one right to be seen, imported ones another. */
const VIEWS = VIEW_ACTIONS.map((action) => ({
  actions: [action],
  filters: [
    { path: param('Origin'), wanted: ['EXTERNAL'], match: action === 'viewbyok' ? 'equals' : 'differs' } as const,
  ],
}))

const READS: readonly KindOperation[] = [
  {
    name: 'aws.keys.list',
    method: 'GET',
    path: '/cckm/aws/keys',
    status: 200,
    summary: 'List keys',
    answer: 'page',
    actions: VIEW_ACTIONS,
    run: listRun(awsKeyFinder, { containerPath: ['kms_id'], views: VIEWS }),
  },
  {
    name: 'aws.keys.get',
    method: 'GET',
    path: '/cckm/aws/keys/:id',
    status: 200,
    summary: 'View a key',
    answer: 'record',
    actions: VIEW_ACTIONS,
    run: viewResource(awsKeyViewer),
  },
]

/** thalesdocs, "Fetching keys", and the Ansible collection; each may be repeated. */
const FILTERS: Kind['filters'] = {
  id: byText(['id'], documented('Keys with this id.')),
  keyid: byText(param('KeyID'), documented('Keys with this id in AWS.')),
  arn: byText(param('Arn'), documented('Keys with this ARN.')),
  alias: byReading(documented('Keys with this alias; that `alias/` may be left out is seen in a client.'), (values) => [
    { path: param('Alias'), wanted: values.map((value) => prefixed(String(value))) },
  ]),
  kms: byReading(documented('Keys of this KMS account, by its name or id.'), (values, find) => [
    { path: ['kms_id'], wanted: values.map((value) => find('aws.kms', String(value))?.id ?? String(value)) },
  ]),
  kms_id: byText(['kms_id'], documented('Keys of this KMS account, by its id.')),
  region: byText(['region'], documented('Keys of this region.')),
  cloud_name: byWord(['cloud_name'], ['aws'], documented('Keys of this cloud.')),
  origin: byWord(param('Origin'), ['AWS_KMS', 'EXTERNAL'], documented('`AWS_KMS` or `EXTERNAL`.')),
  job_config_id: byText(['labels', 'job_config_id'], documented('Keys of this rotation schedule.')),
  cckm_policy_template_id: byReading(documented('Keys that have this policy template.'), (values) => [
    {
      path: TAGS,
      wanted: values.map((id) => JSON.stringify({ TagKey: TEMPLATE_TAG, TagValue: id })),
      match: 'contains',
    },
  ]),
  enabled: byFlag(param('Enabled'), documented('Keys that are enabled, or not.')),
  gone: byFlag(['gone'], documented('Keys that the cloud has lost, or not.')),
  blocked: byPresence(['blocked'], seen('Keys of an external key store that are blocked, or not.')),
  tags: byReading(documented('Keys with all tags of a JSON object.'), (values) =>
    values.flatMap((value): ResourceFilter[] => {
      const members = jsonMembers(String(value))
      if (members === undefined) return [containing(TAGS, { TagKey: value })]
      return members.map(([TagKey, TagValue]) => containing(TAGS, { TagKey, TagValue }))
    }),
  ),
  keystate: byWord(param('KeyState'), AWS_KEY_STATES, documented('Keys in this state.')),
  keyusage: byText(param('KeyUsage'), documented('Keys of this usage.')),
  keymanager: byWord(param('KeyManager'), ['CUSTOMER', 'AWS'], documented('`CUSTOMER` or `AWS`.')),
  rotation_job_enabled: byPresence(
    ['labels', 'job_config_id'],
    documented('Keys with a rotation schedule, or without.'),
  ),
  CustomerMasterKeySpec: byText(param('CustomerMasterKeySpec'), seen('Keys of this specification.')),
  key_material_origin: byText(['key_material_origin'], documented('`native`, `cckm` or `unknown`.')),
  key_source: byText(['key_source'], documented('Keys of this source.')),
  multi_region: byFlag(param('MultiRegion'), documented('Multi-region keys, or others.')),
  multi_region_key_type: byText(
    ['aws_param', 'MultiRegionConfiguration', 'MultiRegionKeyType'],
    documented('`PRIMARY` or `REPLICA`.'),
  ),
  custom_key_store_id: byText(['custom_key_store_id'], seen('Keys of this custom key store.')),
  custom_key_store_name: byText(['custom_key_store_name'], seen('Keys of the custom key store of this name.')),
}

export const awsKey: Kind = {
  name: 'aws.key',
  uriKind: 'aws-key',
  onSync: ['appears', 'vanishes'],
  tag: 'AWS keys',
  record: AwsKeyRecord,
  fill: fillAwsKey,
  behaviour: awsKeyBehaviour,
  numbered: [['aws_param', 'Alias']],
  container: 'aws.kms',
  filters: FILTERS,
  sorts: AWS_KEY_SORTS,
  // thalesdocs, "Enabling a key"; after `Description` put together from what clients read.
  sample: {
    id: 'baf58871-2503-4d13-a84a-339aeb8fdfaf',
    uri: 'kylo:kylo:cckm:aws-key:baf58871-2503-4d13-a84a-339aeb8fdfaf',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2020-11-05T06:35:42.443457Z',
    updatedAt: '2020-11-05T06:44:25.53068Z',
    kms_id: '0b90f8de-8617-498d-ad63-ca18eb717ae7',
    kms: 'kms',
    synced_at: '2020-11-05T06:38:27.581643Z',
    rotation_status: '',
    cloud_name: 'aws',
    key_type: 'symmetric',
    basic_view_enabled: false,
    region: 'ap-south-1',
    gone: false,
    key_material_origin: 'native',
    aws_param: {
      AWSAccountId: '123456789012',
      Alias: ['alias/demo'],
      Arn: 'arn:aws:kms:ap-south-1:123456789012:key/623321f4-a7d4-4d52-89bf-a9f26a29360e',
      CreationDate: '2020-11-05T06:35:41Z',
      CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
      Description: '',
      Enabled: true,
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyID: '623321f4-a7d4-4d52-89bf-a9f26a29360e',
      KeyManager: 'CUSTOMER',
      KeyRotationEnabled: false,
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      Origin: 'AWS_KMS',
      Policy: { Version: '2012-10-17', Id: 'key-default-1', Statement: [] },
      Tags: [{ TagKey: 'purpose', TagValue: 'test' }],
    },
  },
  operations: [...READS, ...AWS_KEY_CALLS],
}
