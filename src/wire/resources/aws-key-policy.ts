import Type from 'typebox'
import type { FoundResource, ResourceRecord } from '../../model/resource.ts'
import { documented, seen } from '../certainty.ts'
import type { KindCall, Outcome, Refusal } from '../kind.ts'
import { isRefusal, refuse, refuseField } from '../resource-calls.ts'
import { objectOf, textOf, textsOf } from '../resource-record.ts'
import { changeKey } from './aws-key-change.ts'
import { POLICY_LISTS } from './aws-key-record.ts'
import { policyOfLists } from './aws-names.ts'
import { policyOf, templateFinder, verifyTemplate } from './aws-template-policy.ts'

/** The fields of a body from which CCKM makes a policy. */
export const LIST_FIELDS = Object.fromEntries(
  POLICY_LISTS.map((name) => [
    name,
    Type.Optional(Type.Array(Type.String(), documented('For the policy; excludes a policy.'))),
  ]),
)

/** The field of a body that names a policy template. */
export const POLICY_TEMPLATE = Type.Optional(
  Type.String({ minLength: 1, ...documented('Id of a policy template of the same KMS account.') }),
)

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
export function policyValues(
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

/** Ansible writes `policy`, Terraform `Policy`: Go takes either. */
export const PolicyBody = Type.Object({
  policytemplate: POLICY_TEMPLATE,
  Policy: Type.Optional(Type.Object({}, seen('The policy.'))),
  policy: Type.Optional(Type.Object({}, seen('The same.'))),
  ...LIST_FIELDS,
})

/** Sets the policy of a key. */
export function applyPolicy(resource: FoundResource, call: KindCall): Outcome {
  const { Policy, policy = Policy } = call.body
  const { AWSAccountId } = objectOf(resource.record.aws_param)
  const reading = policyValues(call, { policy, account: String(AWSAccountId), kms: String(resource.record.kms_id) })
  if (reading === undefined)
    return { issues: [{ pointer: '', message: 'has neither a policy, a policytemplate nor lists' }] }
  if (isRefusal(reading)) return reading
  const outcome = changeKey(call, resource, { name: 'policy-applied', values: reading.values }, 'Updating Policy of')
  if (!isRefusal(outcome) && reading.template !== undefined) verifyTemplate(call.edit, reading.template)
  return outcome
}
