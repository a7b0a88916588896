import Type from 'typebox'
import type { FoundResource } from '../../model/resource.ts'
import { seen } from '../certainty.ts'
import type { KindCall, Outcome } from '../kind.ts'
import { refuse } from '../resource-calls.ts'
import { objectOf } from '../resource-record.ts'
import { aliasesOf } from './aws-key-behaviour.ts'
import { changeKey, style } from './aws-key-change.ts'
import { prefixed } from './aws-key-record.ts'
import { arnOf } from './aws-names.ts'

/** What AWS says if another key of the account and region has the alias. */
export function takenAlias(
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

export function addAlias(resource: FoundResource, call: KindCall): Outcome {
  const alias = String(call.body.alias)
  const { AWSAccountId } = objectOf(resource.record.aws_param)
  const taken = takenAlias(call, { alias, account: String(AWSAccountId), region: String(resource.record.region) })
  if (taken !== undefined) return refuse('badRequest', style.messageOf(taken, 'Adding Alias to'))
  return changeKey(call, resource, { name: 'updated', values: { add_alias: alias } }, 'Adding Alias to')
}

export function deleteAlias(resource: FoundResource, call: KindCall): Outcome {
  const alias = prefixed(String(call.body.alias))
  const { record } = resource
  if (!aliasesOf(record).includes(alias)) {
    const account = String(objectOf(record.aws_param).AWSAccountId)
    const arn = arnOf({ account, region: String(record.region), resource: alias })
    return refuse('badRequest', style.messageOf(`NotFoundException: Alias ${arn} is not found.`, 'Deleting Alias of'))
  }
  return changeKey(call, resource, { name: 'updated', values: { delete_alias: alias } }, 'Deleting Alias of')
}

export const AliasBody = Type.Object({ alias: Type.String({ minLength: 1, ...seen('With or without `alias/`.') }) })
