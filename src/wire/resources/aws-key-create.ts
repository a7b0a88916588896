import Type from 'typebox'
import type { FoundResource } from '../../model/resource.ts'
import { assumed, documented, seen } from '../certainty.ts'
import type { KindCall, Outcome, Refusal } from '../kind.ts'
import { fillContextOf, forbidden, isArchived, isRefusal, NOT_FOUND, refuse, refuseField } from '../resource-calls.ts'
import { objectOf, textOf, textsOf } from '../resource-record.ts'
import { takenAlias } from './aws-key-alias.ts'
import { awsKeyBehaviour } from './aws-key-behaviour.ts'
import { style } from './aws-key-change.ts'
import { LIST_FIELDS, POLICY_TEMPLATE, policyValues } from './aws-key-policy.ts'
import { fillAwsKey, prefixed, tagsOf } from './aws-key-record.ts'
import { refusedSpec } from './aws-key-specs.ts'
import { verifyTemplate } from './aws-template-policy.ts'

export const Tags = Type.Array(
  Type.Object({
    TagKey: Type.Optional(Type.String(documented('The key of the tag.'))),
    TagValue: Type.Optional(Type.String(documented('The value of the tag.'))),
    tag_key: Type.Optional(Type.String(seen('The same, in the spelling of `add-tags`.'))),
    tag_value: Type.Optional(Type.String(seen('The same, in the spelling of `add-tags`.'))),
  }),
  documented('Tags of the key.'),
)

/** A tag needs a key of its own; `member` is what the call names it. */
export function refuseTags(
  tags: unknown,
  { path, member, doing }: { path: string; member: string; doing: string },
): Refusal | undefined {
  const keys = tagsOf(tags).map(({ TagKey }) => TagKey)
  const bad = keys.indexOf('')
  if (bad !== -1) return refuseField(`${path}/${bad}/${member}`, 'is required')
  if (new Set(keys).size === keys.length) return undefined
  return refuse('badRequest', style.messageOf('TagException: Duplicate tag keys', doing))
}

export const CreateKeyBody = Type.Object({
  kms: Type.String({ minLength: 1, ...documented('Name or id of the KMS account.') }),
  region: Type.String({ minLength: 1, ...documented('The region of the key.') }),
  aws_param: Type.Optional(
    Type.Object(
      {
        Alias: Type.Optional(Type.String(documented('One alias, with or without `alias/`.'))),
        Description: Type.Optional(Type.String(documented('The description.'))),
        CustomerMasterKeySpec: Type.Optional(
          Type.String({ minLength: 1, ...documented('`SYMMETRIC_DEFAULT` by default.') }),
        ),
        KeySpec: Type.Optional(Type.String({ minLength: 1, ...assumed("The same, in AWS's newer spelling.") })),
        KeyUsage: Type.Optional(Type.String({ minLength: 1, ...documented('By the specification.') })),
        MultiRegion: Type.Optional(Type.Boolean(documented('A multi-region key.'))),
        Origin: Type.Optional(Type.String({ minLength: 1, ...documented('`AWS_KMS` or `EXTERNAL`.') })),
        Policy: Type.Optional(Type.Object({}, documented('The policy.'))),
        BypassPolicyLockoutSafetyCheck: Type.Optional(Type.Boolean(documented('Has no effect here.'))),
        Tags: Type.Optional(Tags),
      },
      documented('What AWS is asked for.'),
    ),
  ),
  ...LIST_FIELDS,
  policytemplate: POLICY_TEMPLATE,
})

function refusedRegion({ record }: FoundResource, region: string): string | undefined {
  if (textsOf(record.regions).includes(region)) return undefined
  return `region ${region} is not one of the kms ${String(record.name)}`
}

/** Creates a key. */
export function createKey(call: KindCall): Outcome {
  const { body, edit, may, actions } = call
  const kms = edit.find('aws.kms', String(body.kms))
  if (kms === undefined)
    return may(undefined, actions) ? refuse('notFound', `kms ${String(body.kms)} not found`) : forbidden(call)
  if (!may(kms.record, actions)) return forbidden(call)
  if (isArchived(kms.record)) return NOT_FOUND
  const { Policy, Alias, BypassPolicyLockoutSafetyCheck: _bypass, KeySpec, ...rest } = objectOf(body.aws_param)
  const param = KeySpec === undefined ? rest : { CustomerMasterKeySpec: KeySpec, ...rest }
  const badTag = refuseTags(param.Tags, { path: 'aws_param/Tags', member: 'TagKey', doing: 'Creating' })
  if (badTag !== undefined) return badTag
  const badSpec = refusedSpec(param) ?? refusedRegion(kms, String(body.region))
  if (badSpec !== undefined) return refuse('badRequest', style.messageOf(badSpec, 'Creating'))
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
