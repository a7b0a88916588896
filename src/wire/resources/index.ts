import Type, { type TObject, type TProperties } from 'typebox'
import { isRecord } from '../../model/is-record.ts'
import type { Issue } from '../../model/issue.ts'
import type { FillContext, ResourceRecord } from '../../model/resource.ts'
import { checkOf, type Check } from '../../model/validate.ts'
import type { Kind } from '../kind.ts'
import { objectOf } from '../resource-record.ts'
import { awsKey } from './aws-key.ts'
import { awsKms } from './aws-kms.ts'
import { awsTemplate } from './aws-template.ts'
import { azureKeyBackup } from './azure-key-backup.ts'
import { azureKey } from './azure-key.ts'
import { azureVault } from './azure-vault.ts'
import { connection } from './connection.ts'

/** Every kind of resource, containers before what they contain. To add one, import its module and list it here. */
export const KINDS: readonly Kind[] = [connection, azureVault, awsKms, awsTemplate, azureKey, awsKey, azureKeyBackup]

/** Keys first, then what else containers have, then the containers: the order in which people look for them. */
export const KINDS_BY_INTEREST: readonly Kind[] = KINDS.toSorted((a, b) => rankOf(a) - rankOf(b))

function rankOf({ name, behaviour: { summary } }: Kind): number {
  if (name.endsWith('.key')) return 0
  return summary.container === undefined ? 2 : 1
}

/** Finds a kind by its name. */
export function kindOf(name: string): Kind {
  const kind = KINDS.find((each) => each.name === name)
  if (kind === undefined) throw new Error(`no such kind: ${name}`)
  return kind
}

/**
 * Completes a partial record. Of an element of a seed that stands for several resources, each one's names get its number:
 * `alias/demo-0001`, `vault-0001::<subscription>`.
 */
export function fillRecord(
  { fill, numbered }: Pick<Kind, 'fill' | 'numbered'>,
  partial: ResourceRecord,
  context: FillContext,
): ResourceRecord {
  const { number } = context
  if (number === undefined) return fill(partial, context)
  const suffix = `-${String(number).padStart(4, '0')}`
  const renamed = numbered.reduce<unknown>((record, path) => withSuffix(record, path, suffix), partial)
  return fill(objectOf(renamed), context)
}

/** The value with the texts at a path ending in the suffix, or having it before `::`. */
function withSuffix(value: unknown, [name, ...rest]: readonly string[], suffix: string): unknown {
  if (name !== undefined)
    return isRecord(value) && Object.hasOwn(value, name)
      ? { ...value, [name]: withSuffix(value[name], rest, suffix) }
      : value
  if (Array.isArray(value)) return value.map((each) => withSuffix(each, [], suffix))
  return typeof value === 'string' ? value.replace(/(?=::|$)/, suffix) : value
}

const checks = new Map<string, Check<unknown>>()

/** What is wrong with a record that may leave members out, with pointers into it. */
export function recordIssues(
  { name, record }: Pick<Kind, 'name' | 'record'>,
  partial: ResourceRecord,
): readonly Issue[] {
  const check = checks.get(name) ?? checkOf(partialOf(record))
  checks.set(name, check)
  const checked = check(partial)
  return 'issues' in checked ? checked.issues : []
}

/** A schema of which every member, on every level, may be left out. */
function partialOf({ properties, ...schema }: TObject): TObject {
  const members = Object.entries(properties).map(([name, field]) => [
    name,
    Type.Optional(Type.IsObject(field) ? partialOf(field) : field),
  ])
  const { required: _required, ...rest } = schema as TObject
  return {
    ...Type.Object(Object.fromEntries(members) as TProperties),
    ...rest,
    properties: Object.fromEntries(members) as TProperties,
  }
}
