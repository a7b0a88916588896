import Type from 'typebox'
import type { Change, FoundResource, ResourceRecord } from '../../model/resource.ts'
import { assumed, documented, seen } from '../certainty.ts'
import type { KindCall, KindOperation, Outcome, Refusal } from '../kind.ts'
import {
  changeResource,
  findResource,
  fillContextOf,
  forbidden,
  isArchived,
  isRefusal,
  NOT_FOUND,
  onResource,
  refuse,
  refuseField,
  type Finder,
  type RefusalStyle,
} from '../resource-calls.ts'
import { objectOf, textOf, textsOf } from '../resource-record.ts'
import { aliasesOf, awsKeyBehaviour } from './aws-key-behaviour.ts'
import { fillAwsKey, POLICY_LISTS, prefixed, tagsOf } from './aws-key-record.ts'
import { arnOf, policyOfLists } from './aws-names.ts'
import { policyOf, templateFinder, verifyTemplate } from './aws-template-policy.ts'

export const VIEW_ACTIONS = ['viewnative', 'viewbyok'] as const

export const awsKeyFinder: Finder = { name: 'aws.key', container: 'aws.kms', behaviour: awsKeyBehaviour }

/** Keys with material of AWS's own need one right to be seen, imported ones another. */
export const awsKeyViewer: Finder = {
  ...awsKeyFinder,
  actionsFor: ({ aws_param }) => [objectOf(aws_param).Origin === 'EXTERNAL' ? 'viewbyok' : 'viewnative'],
}

/** CM passes the text of AWS on, after what it was doing (seen in a client, for one create). */
const style: RefusalStyle = { error: 'badRequest', messageOf: (text, doing) => `Error ${doing} AWS Key : ${text}` }

function change(
  call: KindCall,
  resource: FoundResource,
  change: Change,
  doing: string,
): { readonly answer: ResourceRecord } | Refusal {
  return changeResource(call, { behaviour: awsKeyBehaviour, style }, { resource, change, doing })
}

const Tags = Type.Array(
  Type.Object({
    TagKey: Type.Optional(Type.String(documented('The key of the tag.'))),
    TagValue: Type.Optional(Type.String(documented('The value of the tag.'))),
    tag_key: Type.Optional(Type.String(seen('The same, in the spelling of `add-tags`.'))),
    tag_value: Type.Optional(Type.String(seen('The same, in the spelling of `add-tags`.'))),
  }),
  documented('Tags of the key.'),
)

const lists = Object.fromEntries(
  POLICY_LISTS.map((name) => [
    name,
    Type.Optional(Type.Array(Type.String(), documented('For the policy; excludes a policy.'))),
  ]),
)

const CreateBody = Type.Object({
  kms: Type.String({ minLength: 1, ...documented('Name or id of the KMS account.') }),
  region: Type.String({ minLength: 1, ...documented('The region of the key.') }),
  aws_param: Type.Optional(
    Type.Object(
      {
        Alias: Type.Optional(Type.String(documented('One alias, with or without `alias/`.'))),
        Description: Type.Optional(Type.String(documented('The description.'))),
        CustomerMasterKeySpec: Type.Optional(Type.String(documented('`SYMMETRIC_DEFAULT` by default.'))),
        KeyUsage: Type.Optional(Type.String(documented('By the specification.'))),
        MultiRegion: Type.Optional(Type.Boolean(documented('A multi-region key.'))),
        Origin: Type.Optional(Type.String(documented('`AWS_KMS` or `EXTERNAL`.'))),
        Policy: Type.Optional(Type.Object({}, documented('The policy.'))),
        BypassPolicyLockoutSafetyCheck: Type.Optional(Type.Boolean(documented('Has no effect here.'))),
        Tags: Type.Optional(Tags),
      },
      documented('What AWS is asked for.'),
    ),
  ),
  ...lists,
  policytemplate: Type.Optional(Type.String(documented('Id of a policy template of the same KMS account.'))),
})

/** A policy of its own, one made of lists, and a template exclude each other. */
function policyIssues(fields: Readonly<Record<string, boolean>>): Refusal | undefined {
  const [first, ...others] = Object.entries(fields).flatMap(([name, isSent]) => (isSent ? [name] : []))
  const issues = others.map((name) => ({ pointer: `/${name}`, message: `cannot go with ${first ?? ''}` }))
  return issues.length === 0 ? undefined : { issues }
}

function hasLists(body: ResourceRecord): boolean {
  return POLICY_LISTS.some((name) => textsOf(body[name]).length > 0)
}

/** What a policy, a template or lists in a body make of a key: values of `policy-applied`. */
function policyValues(
  call: KindCall,
  { policy, account, kms }: { policy: unknown; account: string; kms: string },
): { readonly values: ResourceRecord; readonly template?: FoundResource } | Refusal | undefined {
  const { body, edit } = call
  const excluded = policyIssues({
    policytemplate: 'policytemplate' in body,
    Policy: policy !== undefined,
    'key_admins, key_users and so on': hasLists(body),
  })
  if (excluded !== undefined) return excluded
  if (policy !== undefined) return { values: { policy } }
  if (hasLists(body)) {
    const given = Object.fromEntries(POLICY_LISTS.map((name) => [name, textsOf(body[name])]))
    return { values: { ...given, policy: policyOfLists(account, given) } }
  }
  const id = textOf(body.policytemplate)
  if (id === undefined) return undefined
  const template = edit.find(templateFinder.name, id)
  if (template === undefined) return refuse('notFound', `policy template ${id} not found`)
  if (template.record.kms !== kms) return refuseField('policytemplate', 'is of another KMS account')
  return { values: policyOf(template.record), template }
}

function create(call: KindCall): Outcome {
  const { body, edit, may, actions } = call
  const kms = edit.find('aws.kms', String(body.kms))
  if (kms === undefined)
    return may(undefined, actions) ? refuse('notFound', `kms ${String(body.kms)} not found`) : forbidden(call)
  if (!may(kms.record, actions)) return forbidden(call)
  if (isArchived(kms.record)) return NOT_FOUND
  const { Policy, Alias, BypassPolicyLockoutSafetyCheck: _bypass, ...param } = objectOf(body.aws_param)
  const account = String(kms.record.account_id)
  const policy = policyValues(call, { policy: Policy, account, kms: kms.id })
  if (policy !== undefined && isRefusal(policy)) return policy
  const taken =
    textOf(Alias) === undefined
      ? undefined
      : takenAlias(call, { alias: String(Alias), account, region: String(body.region) })
  if (taken !== undefined) return refuse('badRequest', style.messageOf(taken, 'Creating'))
  const state = param.Origin === 'EXTERNAL' ? { KeyState: 'PendingImport', Enabled: false } : {}
  const partial = {
    // Clients look for the string that they have sent.
    ...{ kms: body.kms, kms_id: kms.id, region: body.region },
    aws_param: { ...param, ...state, ...(textOf(Alias) !== undefined && { Alias: [prefixed(String(Alias))] }) },
  }
  const filled = fillAwsKey(partial, fillContextOf(edit))
  const { name, values } = { name: 'policy-applied' as const, values: policy?.values ?? {} }
  const record = policy === undefined ? filled : awsKeyBehaviour.apply(filled, { name, values }, edit.now)
  if (policy?.template !== undefined) verifyTemplate(edit, policy.template)
  return { answer: edit.create('aws.key', record ?? filled).record }
}

function takenAlias(
  { edit }: KindCall,
  { alias, account, region }: { alias: string; account: string; region: string },
): string | undefined {
  const name = prefixed(alias)
  const taken = edit.list('aws.key', [
    { path: ['aws_param', 'Alias'], wanted: [name] },
    { path: ['region'], wanted: [region] },
    { path: ['aws_param', 'AWSAccountId'], wanted: [account] },
    { path: ['gone'], wanted: [false] },
  ])
  const arn = arnOf({ account, region, resource: name })
  return taken.length === 0 ? undefined : `AlreadyExistsException: An alias with the name ${arn} already exists`
}

/** Ansible writes `policy`, Terraform `Policy`: Go takes either. */
const PolicyBody = Type.Object({
  policytemplate: CreateBody.properties.policytemplate,
  Policy: Type.Optional(Type.Object({}, seen('The policy.'))),
  policy: Type.Optional(Type.Object({}, seen('The same.'))),
  ...lists,
})

function applyPolicy(resource: FoundResource, call: KindCall): Outcome {
  const { Policy, policy = Policy } = call.body
  const { AWSAccountId } = objectOf(resource.record.aws_param)
  const reading = policyValues(call, { policy, account: String(AWSAccountId), kms: String(resource.record.kms_id) })
  if (reading === undefined)
    return { issues: [{ pointer: '', message: 'has neither a policy, a policytemplate nor lists' }] }
  if (isRefusal(reading)) return reading
  const outcome = change(call, resource, { name: 'policy-applied', values: reading.values }, 'Updating Policy of')
  if (!isRefusal(outcome) && reading.template !== undefined) verifyTemplate(call.edit, reading.template)
  return outcome
}

function addAlias(resource: FoundResource, call: KindCall): Outcome {
  const alias = String(call.body.alias)
  const { AWSAccountId } = objectOf(resource.record.aws_param)
  const taken = takenAlias(call, { alias, account: String(AWSAccountId), region: String(resource.record.region) })
  if (taken !== undefined) return refuse('badRequest', style.messageOf(taken, 'Adding Alias to'))
  return change(call, resource, { name: 'updated', values: { add_alias: alias } }, 'Adding Alias to')
}

function deleteAlias(resource: FoundResource, call: KindCall): Outcome {
  const alias = prefixed(String(call.body.alias))
  const { record } = resource
  if (!aliasesOf(record).includes(alias)) {
    const account = String(objectOf(record.aws_param).AWSAccountId)
    const arn = arnOf({ account, region: String(record.region), resource: alias })
    return refuse('badRequest', style.messageOf(`NotFoundException: Alias ${arn} is not found.`, 'Deleting Alias of'))
  }
  return change(call, resource, { name: 'updated', values: { delete_alias: alias } }, 'Deleting Alias of')
}

const AliasBody = Type.Object({ alias: Type.String({ minLength: 1, ...seen('With or without `alias/`.') }) })

/** A call of `POST /aws/keys/:id/<word>` that changes a key and answers its record. */
function action(
  word: string,
  {
    actions,
    summary,
    body,
    work,
  }: Pick<KindOperation, 'actions' | 'summary'> & {
    readonly body?: NonNullable<KindOperation['body']>
    readonly work: (resource: FoundResource, call: KindCall) => Outcome
  },
): KindOperation {
  return {
    name: `aws.keys.${word}`,
    method: 'POST',
    path: `/cckm/aws/keys/:id/${word}`,
    status: 200,
    summary,
    ...(body !== undefined && { body }),
    answer: 'record',
    actions,
    run: onResource(awsKeyFinder, work),
  }
}

/** An action that is one change without values. */
const simple = (
  word: string,
  name: Change['name'],
  rest: { actions: readonly string[]; summary: string; doing: string },
): KindOperation => action(word, { ...rest, work: (resource, call) => change(call, resource, { name }, rest.doing) })

const UPDATE = ['keyupdate'] as const

const CHANGES: readonly KindOperation[] = [
  simple('enable', 'enabled', { actions: UPDATE, summary: 'Enable a key', doing: 'Enabling' }),
  simple('disable', 'disabled', { actions: UPDATE, summary: 'Disable a key', doing: 'Disabling' }),
  action('schedule-deletion', {
    actions: ['keydelete'],
    summary: 'Schedule the deletion of a key',
    body: {
      name: 'aws.keys.ScheduleDeletionRequest',
      schema: Type.Object({
        days: Type.Optional(
          Type.Integer({
            minimum: 7,
            maximum: 30,
            ...documented('Days until the deletion; without it 30, as AWS does.'),
          }),
        ),
      }),
    },
    work: (resource, call) =>
      change(
        call,
        resource,
        { name: 'deletion-scheduled', values: { days: call.body.days ?? 30 } },
        'Scheduling Deletion of',
      ),
  }),
  simple('cancel-deletion', 'deletion-cancelled', {
    actions: ['keycanceldelete'],
    summary: 'Cancel the deletion of a key',
    doing: 'Cancelling Deletion of',
  }),
  action('policy', {
    actions: UPDATE,
    summary: 'Set the policy of a key',
    body: { name: 'aws.keys.PolicyRequest', schema: PolicyBody },
    work: applyPolicy,
  }),
  action('update-description', {
    actions: UPDATE,
    summary: 'Set the description of a key',
    body: {
      name: 'aws.keys.DescriptionRequest',
      schema: Type.Object({ description: Type.String(seen('The description.')) }),
    },
    work: (resource, call) =>
      change(
        call,
        resource,
        { name: 'updated', values: { description: call.body.description } },
        'Updating Description of',
      ),
  }),
  action('add-tags', {
    actions: UPDATE,
    summary: 'Add tags to a key, or set them anew',
    body: { name: 'aws.keys.AddTagsRequest', schema: Type.Object({ tags: Tags }) },
    work: (resource, call) => {
      const tags = tagsOf(call.body.tags)
      const bad = tags.findIndex(({ TagKey }) => TagKey === '')
      if (bad >= 0) return refuseField(`tags/${bad}/tag_key`, 'is required')
      return change(call, resource, { name: 'tagged', values: { tags } }, 'Adding Tags to')
    },
  }),
  action('remove-tags', {
    actions: UPDATE,
    summary: 'Remove tags of a key',
    body: {
      name: 'aws.keys.RemoveTagsRequest',
      schema: Type.Object({ tags: Type.Array(Type.String(), seen('Keys of tags.')) }),
    },
    work: (resource, call) =>
      change(call, resource, { name: 'tagged', values: { remove: call.body.tags } }, 'Removing Tags of'),
  }),
  action('add-alias', {
    actions: UPDATE,
    summary: 'Add an alias to a key',
    body: { name: 'aws.keys.AliasRequest', schema: AliasBody },
    work: addAlias,
  }),
  action('delete-alias', {
    actions: UPDATE,
    summary: 'Delete an alias of a key',
    body: { name: 'aws.keys.AliasRequest', schema: AliasBody },
    work: deleteAlias,
  }),
]

const Message = Type.Object({ message: Type.String(documented('What will happen.')) })

/** All calls that write. */
export const AWS_KEY_CALLS: readonly KindOperation[] = [
  {
    name: 'aws.keys.create',
    method: 'POST',
    path: '/cckm/aws/keys',
    status: 'createStatus',
    summary: 'Create a key',
    body: { name: 'aws.keys.CreateRequest', schema: CreateBody },
    answer: 'record',
    actions: ['keycreate'],
    refusals: ['notFound', 'conflict'],
    run: { type: 'call', writes: true, work: create },
  },
  {
    name: 'aws.keys.delete',
    method: 'DELETE',
    path: '/cckm/aws/keys/:id',
    status: 204,
    summary: "Remove CCKM's record of a key",
    answer: 'nothing',
    actions: ['keydelete'],
    run: onResource(awsKeyFinder, (resource, { edit }) => {
      edit.change(resource, { name: 'deleted' })
      return { answer: undefined }
    }),
  },
  ...CHANGES,
  {
    name: 'aws.keys.refresh',
    method: 'POST',
    path: '/cckm/aws/keys/:id/refresh',
    status: 200,
    summary: 'Read a key anew from AWS',
    answer: {
      name: 'aws.keys.RefreshAnswer',
      schema: Message,
      sample: { message: "AWS key 'baf58871-2503-4d13-a84a-339aeb8fdfaf' will be refreshed and persisted" },
    },
    actions: ['keysynchronize'],
    run: onResource(awsKeyFinder, (resource, { edit }) => {
      edit.change(resource, { name: 'synchronized' })
      return { answer: { message: `AWS key '${resource.id}' will be refreshed and persisted` } }
    }),
  },
]
