import Type from 'typebox'
import type { FoundResource, ResourceRecord } from '../../model/resource.ts'
import { assumed, documented, seen } from '../certainty.ts'
import type { Kind, KindCall, KindOperation, Outcome, Refusal } from '../kind.ts'
import { byFlag, byReading, byText, containing } from '../query-filters.ts'
import {
  fillContextOf,
  forbidden,
  isArchived,
  listRun,
  NOT_FOUND,
  onResource,
  refuse,
  refuseField,
  viewResource,
} from '../resource-calls.ts'
import { textOf, textsOf } from '../resource-record.ts'
import { TEMPLATE_TAG } from './aws-key-behaviour.ts'
import { POLICY_LISTS } from './aws-key-record.ts'
import { AWS_TEMPLATE_SORTS, awsTemplateBehaviour, policyOf, templateFinder } from './aws-template-policy.ts'
import { AwsTemplateRecord, fillAwsTemplate, templateMembers } from './aws-template-record.ts'

/** Who may make a template may use it (thalesdocs, policy templates). */
const ACTIONS = ['keycreate', 'keyupload', 'hyokkeycreate', 'cloudhsmkeycreate'] as const
const VIEW = ['viewnative', 'viewbyok'] as const
const PATH = '/cckm/aws/templates'

const lists = Object.fromEntries(
  [...POLICY_LISTS, 'key-admins', 'key-admins-roles'].map((name) => [
    name,
    Type.Optional(Type.Array(Type.String(), documented('For the policy; excludes `policy`.'))),
  ]),
)

const fields = { ...lists, policy: Type.Optional(Type.Object({}, documented('The policy; excludes the lists.'))) }

const CreateBody = Type.Object({
  name: Type.String({ minLength: 1, ...documented('The name; it never changes.') }),
  kms: Type.Optional(Type.String({ minLength: 1, ...documented('Name or id of the KMS account; or `account_id`.') })),
  account_id: Type.Optional(Type.String({ minLength: 1, ...documented('The AWS account; or `kms`.') })),
  ...fields,
})

const UpdateBody = Type.Object({
  ...fields,
  auto_push: Type.Optional(
    Type.Boolean(documented('Gives the policy to all keys that have the template; a verified one needs it.')),
  ),
})

function hasLists(body: ResourceRecord): boolean {
  return Object.keys(lists).some((name) => textsOf(body[name]).length > 0)
}

function refusePolicy(body: ResourceRecord): Refusal | undefined {
  return body.policy !== undefined && hasLists(body)
    ? refuseField('policy', 'cannot go with lists of users and roles')
    : undefined
}

function create(call: KindCall): Outcome {
  const { body, edit, may, actions } = call
  const { name, kms: _kms, account_id: _account, ...rest } = body
  const [named, account] = [textOf(body.kms), textOf(body.account_id)]
  if (named === undefined && account === undefined) return refuseField('kms', 'is required, or account_id')
  const [ofAccount] = edit.list('aws.kms', [{ path: ['account_id'], wanted: [account ?? ''] }])
  const kms = named === undefined ? ofAccount : edit.find('aws.kms', named)
  if (kms === undefined)
    return may(undefined, actions) ? refuse('notFound', `kms ${named ?? account ?? ''} not found`) : forbidden(call)
  if (!may(kms.record, actions)) return forbidden(call)
  if (isArchived(kms.record)) return NOT_FOUND
  const bad = refusePolicy(body)
  if (bad !== undefined) return bad
  if (edit.list('aws.template', [{ path: ['name'], wanted: [String(name)] }]).length > 0)
    return refuse('conflict', `a policy template named ${String(name)} already exists`)
  return {
    answer: edit.create('aws.template', fillAwsTemplate({ ...rest, name, kms: kms.id }, fillContextOf(edit))).record,
  }
}

/** The keys that a template is applied to and that the cloud still has. */
function keysWith({ edit }: KindCall, { id }: FoundResource): readonly FoundResource[] {
  return edit.list('aws.key', [
    containing(['aws_param', 'Tags'], { TagKey: TEMPLATE_TAG, TagValue: id }),
    { path: ['gone'], wanted: [false] },
  ])
}

function update(template: FoundResource, call: KindCall): Outcome {
  const { body, edit } = call
  const bad = refusePolicy(body)
  if (bad !== undefined) return bad
  const { auto_push: push, ...sent } = body
  if (template.record.is_verified === true && push !== true)
    return refuseField('auto_push', 'must be true: the template is verified, and a change goes to all its keys')
  // Lists replace the policy that was made of others; a policy of its own replaces the lists.
  const base = sent.policy === undefined ? { ...template.record, ...sent, policy: undefined } : { policy: sent.policy }
  const spelled = { ...base, ...adminsOf(sent) }
  const members = Object.keys(sent).length === 0 ? {} : templateMembers(spelled, String(template.record.account_id))
  const updated = edit.change(template, { name: 'updated', values: members })
  if (push === true) {
    const { policy_template_id: _tag, ...values } = policyOf(updated.record)
    const change = { name: 'policy-applied', values } as const
    for (const key of keysWith(call, template)) if (edit.refusalOf(key, change) === undefined) edit.change(key, change)
  }
  return { answer: updated.record }
}

/** Either spelling of a request replaces both of the record. */
function adminsOf(sent: ResourceRecord): ResourceRecord {
  const both = (a: string, b: string) =>
    (sent[a] ?? sent[b]) === undefined ? {} : { [a]: sent[a] ?? sent[b], [b]: sent[a] ?? sent[b] }
  return { ...both('key_admins', 'key-admins'), ...both('key_admins_roles', 'key-admins-roles') }
}

function remove(template: FoundResource, call: KindCall): Outcome {
  if (keysWith(call, template).length > 0)
    return refuse('conflict', `policy template ${String(template.record.name)} has one or more key associated with it`)
  call.edit.change(template, { name: 'deleted' })
  return { answer: undefined }
}

const OPERATIONS: readonly KindOperation[] = [
  {
    name: 'aws.templates.list',
    method: 'GET',
    path: PATH,
    status: 200,
    summary: 'List policy templates',
    answer: 'page',
    actions: [...VIEW, ...ACTIONS],
    run: listRun(templateFinder, { containerPath: ['kms'] }),
  },
  {
    name: 'aws.templates.create',
    method: 'POST',
    path: PATH,
    status: 'createStatus',
    summary: 'Create a policy template',
    body: { name: 'aws.templates.CreateRequest', schema: CreateBody },
    answer: 'record',
    actions: ACTIONS,
    refusals: ['notFound', 'conflict'],
    run: { type: 'call', writes: true, work: create },
  },
  {
    name: 'aws.templates.get',
    method: 'GET',
    path: `${PATH}/:id`,
    status: 200,
    summary: 'View a policy template, by its id or name',
    answer: 'record',
    actions: [...VIEW, ...ACTIONS],
    run: viewResource(templateFinder),
  },
  {
    name: 'aws.templates.update',
    method: 'PATCH',
    path: `${PATH}/:id`,
    status: 200,
    summary: 'Change a policy template',
    description: 'A verified template needs `auto_push: true`, which gives the policy to all its keys.',
    body: { name: 'aws.templates.UpdateRequest', schema: UpdateBody },
    answer: 'record',
    actions: ACTIONS,
    run: onResource(templateFinder, update),
  },
  {
    name: 'aws.templates.delete',
    method: 'DELETE',
    path: `${PATH}/:id`,
    status: 204,
    summary: 'Delete a policy template that no key has',
    answer: 'nothing',
    actions: ACTIONS,
    refusals: ['conflict'],
    run: onResource(templateFinder, remove),
  },
]

export const awsTemplate: Kind = {
  name: 'aws.template',
  uriKind: 'aws-key-policy-template',
  tag: 'AWS policy templates',
  record: AwsTemplateRecord,
  fill: fillAwsTemplate,
  behaviour: awsTemplateBehaviour,
  numbered: [['name']],
  container: 'aws.kms',
  filters: {
    id: byText(['id'], seen('Templates with this id.')),
    name: byText(['name'], seen('Templates with this name.')),
    kms: byReading(assumed('Templates of this KMS account, by its name or id.'), (values, find) => [
      { path: ['kms'], wanted: values.map((value) => find('aws.kms', String(value))?.id ?? String(value)) },
    ]),
    account_id: byText(['account_id'], assumed('Templates of this AWS account.')),
    is_verified: byFlag(['is_verified'], assumed('Templates that a key has had, or not.')),
  },
  sorts: AWS_TEMPLATE_SORTS,
  sample: {
    id: '4b6f5d6e-8f1e-4d0e-9a43-0d3f6f0c7f11',
    uri: 'kylo:kylo:cckm:aws-key-policy-template:4b6f5d6e-8f1e-4d0e-9a43-0d3f6f0c7f11',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2020-11-05T06:31:00.000001Z',
    updatedAt: '2020-11-05T06:31:00.000001Z',
    name: 'payments-key-policy',
    kms: '0b90f8de-8617-498d-ad63-ca18eb717ae7',
    kms_name: 'kms',
    account_id: '123456789012',
    is_verified: false,
    external_accounts: [],
    key_users: ['payments-service'],
    key_users_roles: [],
    'key-admins': ['platform-admin'],
    'key-admins-roles': [],
    key_admins: ['platform-admin'],
    key_admins_roles: [],
    policy: { Version: '2012-10-17', Id: 'kms-tf-1', Statement: [] },
  },
  operations: OPERATIONS,
}
