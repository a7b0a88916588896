import Type from 'typebox'
import type { Change, FoundResource } from '../../model/resource.ts'
import { documented, seen } from '../certainty.ts'
import type { KindCall, KindOperation, Outcome } from '../kind.ts'
import { onResource, type Finder } from '../resource-calls.ts'
import { objectOf } from '../resource-record.ts'
import { addAlias, AliasBody, deleteAlias } from './aws-key-alias.ts'
import { awsKeyBehaviour } from './aws-key-behaviour.ts'
import { changeKey } from './aws-key-change.ts'
import { createKey, CreateKeyBody, refuseTags, Tags } from './aws-key-create.ts'
import { applyPolicy, PolicyBody } from './aws-key-policy.ts'
import { tagsOf } from './aws-key-record.ts'

export const VIEW_ACTIONS = ['viewnative', 'viewbyok'] as const

export const awsKeyFinder: Finder = { name: 'aws.key', container: 'aws.kms', behaviour: awsKeyBehaviour }

/** Keys with material of AWS's own need one right to be seen, imported ones another. */
export const awsKeyViewer: Finder = {
  ...awsKeyFinder,
  actionsFor: ({ aws_param }) => [objectOf(aws_param).Origin === 'EXTERNAL' ? 'viewbyok' : 'viewnative'],
}

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
    // AWS's own exceptions come as 400.
    refusals: ['badRequest'],
    run: onResource(awsKeyFinder, work),
  }
}

/** An action that is one change without values. */
const simple = (
  word: string,
  name: Change['name'],
  rest: { actions: readonly string[]; summary: string; doing: string },
): KindOperation => action(word, { ...rest, work: (resource, call) => changeKey(call, resource, { name }, rest.doing) })

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
      changeKey(
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
      changeKey(
        call,
        resource,
        { name: 'updated', values: { description: call.body.description } },
        'Updating Description of',
      ),
  }),
  action('add-tags', {
    actions: UPDATE,
    summary: 'Add tags to a key, or replace their values',
    body: { name: 'aws.keys.AddTagsRequest', schema: Type.Object({ tags: Tags }) },
    work: (resource, call) => {
      const { tags } = call.body
      return (
        refuseTags(tags, { path: 'tags', member: 'tag_key', doing: 'Adding Tags to' }) ??
        changeKey(call, resource, { name: 'tagged', values: { tags: tagsOf(tags) } }, 'Adding Tags to')
      )
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
      changeKey(call, resource, { name: 'tagged', values: { remove: call.body.tags } }, 'Removing Tags of'),
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
    body: { name: 'aws.keys.CreateRequest', schema: CreateKeyBody },
    answer: 'record',
    actions: ['keycreate'],
    refusals: ['notFound', 'conflict'],
    run: { type: 'call', writes: true, work: createKey },
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
    summary: 'Refresh a key from AWS',
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
