import type { ResourceRecord } from '../../model/resource.ts'
import { textsOf } from '../resource-record.ts'

/** The ARN of a resource of KMS in the partition of its region. */
export function arnOf({ account, region, resource }: { account: string; region: string; resource: string }): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${resource}`
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal: { readonly AWS: string | readonly string[] }
  readonly Action: string | readonly string[]
  readonly Resource: '*'
}

function rootStatement(account: string): Statement {
  return {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  }
}

/** The policy that AWS gives a key for which nobody says another. */
export function defaultPolicy(account: string): ResourceRecord {
  return { Version: '2012-10-17', Id: 'key-default-1', Statement: [rootStatement(account)] }
}

const ADMIN_ACTIONS = [
  'Create*',
  'Describe*',
  'Enable*',
  'List*',
  'Put*',
  'Update*',
  'Revoke*',
  'Disable*',
  'Get*',
  'Delete*',
  'TagResource',
  'UntagResource',
  'ScheduleKeyDeletion',
  'CancelKeyDeletion',
].map((name) => `kms:${name}`)
const USER_ACTIONS = ['Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey'].map(
  (name) => `kms:${name}`,
)

/** The policy that CCKM makes of lists of administrators, users and accounts, as the console of AWS does. */
export function policyOfLists(account: string, lists: ResourceRecord): ResourceRecord {
  const iam = (kind: string, names: unknown) => textsOf(names).map((name) => `arn:aws:iam::${account}:${kind}/${name}`)
  const admins = [...iam('user', lists.key_admins), ...iam('role', lists.key_admins_roles)]
  const accounts = textsOf(lists.external_accounts).map((id) => `arn:aws:iam::${id}:root`)
  const users = [...iam('user', lists.key_users), ...iam('role', lists.key_users_roles), ...accounts]
  const allow = (Sid: string, AWS: readonly string[], Action: readonly string[]): Statement[] =>
    AWS.length === 0 ? [] : [{ Sid, Effect: 'Allow', Principal: { AWS }, Action, Resource: '*' }]
  return {
    Version: '2012-10-17',
    Id: 'kms-cckm-1',
    Statement: [
      rootStatement(account),
      ...allow('Allow access for Key Administrators', admins, ADMIN_ACTIONS),
      ...allow('Allow use of the key', users, USER_ACTIONS),
    ],
  }
}
