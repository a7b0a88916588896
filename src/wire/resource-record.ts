import Type, { type TObject, type TProperties, type TSchema } from 'typebox'
import { isRecord } from '../model/is-record.ts'
import type { ResourceRecord, FillContext } from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import { accountUri, uriOf } from './account.ts'
import { documented, instantSchema, type Note } from './certainty.ts'
import { formatInstant } from './timestamps.ts'

/** The members with which every record begins. */
export function identitySchema(uriKind: string): TProperties {
  return {
    id: Type.String({ minLength: 1, ...documented('The resource.') }),
    uri: Type.String(documented(`\`kylo:<account>:cckm:${uriKind}:<id>\`.`)),
    account: Type.String(documented('The account: `kylo` in the root domain, `kylo-<id>` in another.')),
    createdAt: instantSchema(documented('UTC, up to microseconds, trailing zeros of the fraction cut.')),
    updatedAt: instantSchema(documented('The last change of the record.')),
  }
}

/** The defaults of those members. */
export function identityOf(
  uriKind: string,
  partial: ResourceRecord,
  { domainId, now, drawId }: FillContext,
): ResourceRecord {
  const id = textOf(partial.id) ?? drawId('id')
  const createdAt = textOf(partial.createdAt) ?? formatInstant(now)
  return { id, uri: uriOf(uriKind, { id, domainId }), account: accountUri(domainId), createdAt, updatedAt: createdAt }
}

/** A record, as JSON text, in another domain. What a seed has captured of another CM stays as it is. */
export function readdress(record: string, { from, to }: { readonly from: string; readonly to: string }): string {
  const members = objectOf(JSON.parse(record))
  if (members.account !== accountUri(from)) return record
  const uri = String(members.uri).replace(accountPart(from), accountPart(to))
  return JSON.stringify({ ...members, uri, account: accountUri(to) })
}

/** The part of an address that names the domain, as it stands in a uri. */
function accountPart(domainId: string): string {
  return uriOf('', { id: '', domainId }).replace(/:$/, '')
}

/**
 * A record made of what is given and, for what is not, of the defaults: its members in the order of the schema, those that the
 * schema does not have at the end. A member with neither stays absent.
 */
export function complete(schema: TObject, partial: ResourceRecord, defaults: ResourceRecord): ResourceRecord {
  const record: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(schema.properties)) {
    const [given, value] = [partial[name], defaults[name]]
    const own = isRecord(given) && isObjectSchema(field) ? complete(field, given, objectOf(value)) : given
    // Not by `??`, since null is a value.
    const chosen = own === undefined ? value : own
    if (chosen !== undefined) record[name] = chosen
  }
  const others = Object.entries(partial).filter(([name]) => !Object.hasOwn(schema.properties, name))
  // By spreads, since a member may have the name `__proto__`.
  return { ...record, ...Object.fromEntries(others) }
}

function isObjectSchema(schema: TSchema): schema is TObject {
  return Type.IsObject(schema) && Object.keys(schema.properties).length > 0
}

/** The record with members set, in the order of the schema; undefined removes one. */
export function withMembers(schema: TObject, record: ResourceRecord, members: ResourceRecord): ResourceRecord {
  const merged = Object.entries({ ...record, ...members }).filter(([, value]) => value !== undefined)
  return complete(schema, Object.fromEntries(merged), {})
}

/** The members that each change of a record sets. */
export function touched(at: Instant): ResourceRecord {
  return { updatedAt: formatInstant(at) }
}

/** A member that is an object, for reading: absent counts as empty. */
export function objectOf(value: unknown): ResourceRecord {
  return isRecord(value) ? value : {}
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The elements of a list; anything else counts as empty. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((each) => typeof each === 'string')
}

/** A schema of an object whose members are named by users. */
export function mapSchema(note: Note): TSchema {
  return Type.Object({}, note)
}

/** An object whose values are texts, such as tags. */
export function textMapSchema(note: Note): TSchema {
  return Type.Object({}, { additionalProperties: Type.String(), ...note })
}

/** A number of hexadecimal digits drawn for a purpose. */
export function drawHex({ drawId }: Pick<FillContext, 'drawId'>, purpose: string, digits = 32): string {
  const blocks = Array.from({ length: Math.ceil(digits / 32) }, (_, index) =>
    drawId(index === 0 ? purpose : `${purpose} ${index}`).replaceAll('-', ''),
  )
  return blocks.join('').slice(0, digits)
}

/** An AWS account: twelve digits drawn for a purpose. */
export function drawAccount(context: Pick<FillContext, 'drawId'>, purpose: string): string {
  const number = Number.parseInt(drawHex(context, purpose, 12), 16) % 900_000_000_000
  return String(100_000_000_000 + number)
}
