import type { FoundResource, InventoryEdit, KindBehaviour, ResourceRecord } from '../../model/resource.ts'
import type { Finder } from '../resource-calls.ts'
import { touched, withMembers } from '../resource-record.ts'
import { AwsTemplateRecord } from './aws-template-record.ts'
import { POLICY_LISTS } from './aws-key-record.ts'

export const awsTemplateBehaviour: KindBehaviour = {
  name: 'aws.template',
  apply: (record, { name, values = {} }, at) =>
    name === 'deleted' ? undefined : withMembers(AwsTemplateRecord, record, { ...values, ...touched(at) }),
  refusal: () => undefined,
  due: () => undefined,
  namesOf: ({ name }) => (typeof name === 'string' ? [name] : []),
  uniqueNameOf: ({ name }) => String(name),
  summary: { name: ['name'], container: ['kms'], states: [] },
  indexed: [['name'], ['kms'], ['account_id']],
}

export const templateFinder: Finder = { name: 'aws.template', container: 'aws.kms', behaviour: awsTemplateBehaviour }

/** What a template makes of a key: the values of `policy-applied`. */
export function policyOf({ id, policy, ...template }: ResourceRecord): ResourceRecord {
  const lists = Object.fromEntries(POLICY_LISTS.map((name) => [name, template[name]]))
  return { policy_template_id: id, policy, ...lists }
}

/** A template is verified once a key has it. */
export function verifyTemplate(edit: InventoryEdit, template: FoundResource): void {
  if (template.record.is_verified !== true) edit.change(template, { name: 'updated', values: { is_verified: true } })
}
