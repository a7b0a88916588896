import type { FoundResource, InventoryEdit, KindBehaviour, ResourceRecord } from '../../model/resource.ts'
import { sortsBy } from '../query-filters.ts'
import type { Finder } from '../resource-calls.ts'
import { touched, withMembers } from '../resource-record.ts'
import { AwsTemplateRecord } from './aws-template-record.ts'
import { POLICY_LISTS } from './aws-key-record.ts'

export const AWS_TEMPLATE_SORTS = sortsBy('id', 'name', 'createdAt', 'updatedAt', 'account_id', 'kms_name')

export const awsTemplateBehaviour: KindBehaviour = {
  name: 'aws.template',
  apply: (record, { name, values = {} }, at) =>
    name === 'deleted' ? undefined : withMembers(AwsTemplateRecord, record, { ...values, ...touched(at) }),
  refusal: () => undefined,
  due: () => undefined,
  namesOf: ({ name }) => (typeof name === 'string' ? [name] : []),
  uniqueNameOf: ({ name }) => String(name),
  summary: { name: ['name'], container: ['kms'], states: [] },
  indexed: [...Object.values(AWS_TEMPLATE_SORTS), ['kms']],
  facets: [['is_verified']],
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
