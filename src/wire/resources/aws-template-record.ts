import Type from 'typebox'
import type { ResourceRecord, FillContext } from '../../model/resource.ts'
import { documented, seen, assumed, type Note } from '../certainty.ts'
import { complete, drawAccount, drawHex, identityOf, identitySchema, textOf, textsOf } from '../resource-record.ts'
import { POLICY_LISTS } from './aws-key-record.ts'
import { defaultPolicy, policyOfLists } from './aws-names.ts'

const texts = (note: Note) => Type.Array(Type.String(), note)

/** Names are those that clients read; that they stand in this order is assumed. */
export const AwsTemplateRecord = Type.Object({
  ...identitySchema('aws-key-policy-template'),
  name: Type.String(seen('The name; it never changes.')),
  kms: Type.String(seen('The KMS account, by its id.')),
  kms_name: Type.String(seen('Its name.')),
  account_id: Type.String(seen('The AWS account.')),
  is_verified: Type.Boolean(documented('Whether a key has had it.')),
  external_accounts: texts(seen('Accounts that may use the key.')),
  key_users: texts(seen('Users of the key.')),
  key_users_roles: texts(seen('Roles that use the key.')),
  'key-admins': texts(seen('Administrators of the key; the Ansible collection reads this spelling.')),
  'key-admins-roles': texts(seen('Roles that administer the key.')),
  key_admins: texts(seen('The same as `key-admins`; the Terraform provider reads this spelling.')),
  key_admins_roles: texts(seen('The same as `key-admins-roles`.')),
  policy: Type.Object({}, seen('The policy that keys get.')),
  auto_push: Type.Optional(Type.Boolean(assumed('As the last change said it.'))),
})

/** The members that follow from each other: both spellings of the administrators, and the policy made of lists. */
export function templateMembers(given: ResourceRecord, account: string): ResourceRecord {
  const admins = textsOf(given.key_admins ?? given['key-admins'])
  const roles = textsOf(given.key_admins_roles ?? given['key-admins-roles'])
  const lists = {
    external_accounts: textsOf(given.external_accounts),
    key_users: textsOf(given.key_users),
    key_users_roles: textsOf(given.key_users_roles),
    'key-admins': admins,
    'key-admins-roles': roles,
    key_admins: admins,
    key_admins_roles: roles,
  }
  const hasLists = POLICY_LISTS.some((name) => lists[name].length > 0)
  return { ...lists, policy: given.policy ?? (hasLists ? policyOfLists(account, lists) : defaultPolicy(account)) }
}

export function fillAwsTemplate(partial: ResourceRecord, context: FillContext): ResourceRecord {
  const identity = identityOf('aws-key-policy-template', partial, context)
  const named = textOf(partial.kms) ?? textOf(partial.kms_name) ?? 'kms'
  const kms = context.find('aws.kms', named)
  const account = textOf(partial.account_id) ?? textOf(kms?.account_id) ?? drawAccount(context, `account of ${named}`)
  // Of an account that is not there, a record with both of its names has the id.
  const kmsId = textOf(kms?.id) ?? (textOf(partial.kms_name) && textOf(partial.kms)) ?? context.drawId(`kms ${named}`)
  return complete(
    AwsTemplateRecord,
    { ...partial, kms: kmsId },
    {
      ...identity,
      name: `template-${drawHex(context, 'name', 8)}`,
      kms_name: textOf(kms?.name) ?? named,
      account_id: account,
      is_verified: false,
      ...templateMembers(partial, account),
    },
  )
}
