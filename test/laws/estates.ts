// Random inventories, and what changes them beside jobs.

import { fc } from '../support/fast-check.ts'

/** The resources that a domain begins with, as elements of a seed. */
export type Estate = readonly object[]

const STATES = [
  { KeyState: 'Enabled', Enabled: true },
  { KeyState: 'Disabled', Enabled: false },
  { KeyState: 'PendingDeletion', Enabled: false },
]
const TAGS = [
  { TagKey: 'team', TagValue: 'red' },
  { TagKey: 'team', TagValue: 'blue' },
  { TagKey: 'use', TagValue: 'test' },
]
/** Fractions have no trailing zeros, so these do not sort as texts. */
const INSTANTS = ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00.51Z', '2023-12-31T23:59:59Z']

const createdAt = fc.constantFrom(...INSTANTS)
const kmsName = fc.constantFrom('kms-1', 'kms-2')
const region = fc.constantFrom('ap-south-1', 'us-east-1')
const vaultName = fc.constantFrom('v-1::sub', 'v-2::sub')
const onSync = fc.constantFrom({}, {}, {}, {}, { appears: 'on-sync' }, { vanishes: 'on-sync' })

const kms = (id: string) =>
  fc.record({ status: fc.constantFrom('ACTIVE', 'ARCHIVED'), createdAt }).map((record) => ({
    kind: 'aws.kms',
    record: { id: `m${id}`, name: `kms-${id}`, account_id: `12345678901${id}`, ...record },
  }))

const awsKey = (id: string) =>
  fc
    .record({
      members: fc.record({ kms: kmsName, region, createdAt }),
      state: fc.constantFrom(...STATES),
      tags: fc.subarray(TAGS, { maxLength: 2 }),
      aliases: fc.subarray([`alias/${id}`, `alias/${id}-2`]),
      onSync,
    })
    .map(({ members, state, tags, aliases, onSync: manner }) => ({
      kind: 'aws.key',
      record: { id, ...members, aws_param: { ...state, Tags: tags, Alias: aliases } },
      ...manner,
    }))

const template = (id: string) =>
  fc.record({ kms: kmsName, createdAt, is_verified: fc.boolean() }).map((record) => ({
    kind: 'aws.template',
    record: { id, name: `template-${id}`, ...record },
  }))

const vault = (id: string) =>
  fc.record({ location: fc.constantFrom('northeurope', 'westeurope'), createdAt }).map((record) => ({
    kind: 'azure.vault',
    record: { id: `v${id}`, name: `v-${id}::sub`, azure_name: `v-${id}`, subscription_id: 'sub', ...record },
  }))

const azureKey = (id: string, key_name: string, manner: fc.Arbitrary<object> = onSync) =>
  fc
    .record({
      members: fc.record({ key_vault: vaultName, createdAt, status: fc.constantFrom('AVAILABLE', 'SOFT-DELETED') }),
      tags: fc.constantFrom({}, { team: 'red' }, { team: 'blue', use: '' }),
      enabled: fc.boolean(),
      manner,
    })
    .map(({ members, tags, enabled, manner: own }) => ({
      kind: 'azure.key',
      record: { id, key_name, ...members, azure_param: { tags, attributes: { enabled } } },
      ...own,
    }))

const backup = (id: string, of: string) =>
  fc.record({ createdAt, type: fc.constantFrom('manual', 'automatic') }).map((record) => ({
    kind: 'azure.key-backup',
    of,
    record: { id, name: `backup-${id}`, ...record },
  }))

const connection = (id: string) =>
  fc.record({ service: fc.constantFrom('aws', 'azure'), createdAt }).map((record) => ({
    kind: 'connection',
    record: { id, name: `connection-${id}`, ...record },
  }))

/** All that jobs and calls of a law may name; some of it is left out. Keys and backups have ids that jobs name. */
export const estate: fc.Arbitrary<Estate> = fc
  .record({
    always: fc.tuple(kms('1'), kms('2'), vault('1'), vault('2'), azureKey('z1', 'z', fc.constant({}))),
    // The first and the last ones are left out most often.
    some: fc.tuple(
      ...['t1', 't2'].map(template),
      ...['k1', 'k2', 'a2', 'k4'].map(awsKey),
      azureKey('z2', 'z'),
      azureKey('z3', 'other'),
      backup('10', 'z1'),
      backup('9', 'z1'),
      ...['c1', 'c2'].map(connection),
    ),
    leftOut: fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 3 }),
  })
  .map(({ always, some, leftOut }) => [...always, ...some.filter((_, index) => !leftOut.includes(index))])

/** A call on a resource, below `/cckm/`. */
export interface DirectCall {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: object
}

const post = (path: string, body?: object): DirectCall => ({
  method: 'POST',
  path,
  ...(body !== undefined && { body }),
})

const onAwsKey = fc
  .record({
    id: fc.constantFrom('k1', 'k2', 'a2'),
    call: fc.constantFrom<readonly [string, object?]>(
      ['enable'],
      ['disable'],
      ['schedule-deletion', { days: 7 }],
      ['cancel-deletion'],
      ['update-description', { description: 'changed' }],
      ['add-tags', { tags: [{ tag_key: 'team', tag_value: 'green' }] }],
      ['remove-tags', { tags: ['team'] }],
      ['add-alias', { alias: 'another' }],
    ),
  })
  .map(({ id, call: [verb, body] }) => post(`aws/keys/${id}/${verb}`, body))

const onAzureKey = fc
  .record({
    id: fc.constantFrom('z1', 'z2', 'z3'),
    verb: fc.constantFrom('soft-delete', 'recover', 'hard-delete', 'restore', 'backups'),
  })
  .map(({ id, verb }) => post(`azure/keys/${id}/${verb}`, {}))

export const direct: fc.Arbitrary<DirectCall> = fc.oneof(
  { weight: 4, arbitrary: onAwsKey },
  { weight: 2, arbitrary: onAzureKey },
  {
    weight: 3,
    arbitrary: fc.constantFrom<DirectCall>(
      post('aws/keys', { kms: 'kms-1', region: 'ap-south-1', aws_param: { Alias: 'made' } }),
      post('aws/kms/m1/archive'),
      post('aws/kms/m1/recover'),
      post('azure/keys', { key_name: 'made', key_vault: 'v-1::sub', azure_param: { kty: 'RSA' } }),
      post('azure/keys', { key_name: 'z', key_vault: 'v-1::sub', azure_param: { kty: 'EC' } }),
      { method: 'PATCH', path: 'azure/keys/z1', body: { tags: { team: 'green' } } },
      { method: 'DELETE', path: 'azure/keys/z1/backups/10' },
      { method: 'DELETE', path: 'aws/kms/m2' },
    ),
  },
)

/** What a domain of a law begins with: an empty inventory is quicker. */
export const fewEstates: fc.Arbitrary<Estate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: estate },
)
