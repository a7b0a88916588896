import { isRecord } from '../model/is-record.ts'
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import type { JobRequest } from '../model/family.ts'
import type { Settings } from '../model/settings.ts'
import type { Issue } from '../model/issue.ts'
import { keysOf } from '../model/pointer.ts'
import { pointerTo } from '../model/pointer.ts'
import { checkOf } from '../model/validate.ts'
import type { Family } from './family.ts'

/** A valid body with the names of ignored fields, or all issues. */
type BodyReading<T> = { readonly body: T; readonly ignored: readonly string[] } | { readonly issues: readonly Issue[] }

/**
 * Makes a function that checks bodies against a schema. Members that are null count as absent: to the Go services of CM
 * the two are the same. Fields that the schema does not have are issues if `strictFields` is set, and ignored otherwise.
 */
export function bodyReader<S extends TSchema>(
  schema: S,
): (sent: unknown, settings: Pick<Settings, 'strictFields'>) => BodyReading<Static<S>> {
  const check = checkOf(schema)
  return (sent, { strictFields }) => {
    const { known, unknown } = splitUnknown(schema, withoutNulls(sent))
    const checked = check(known)
    const issues = [...('issues' in checked ? checked.issues : []), ...(strictFields ? unknown : [])]
    if ('issues' in checked || issues.length > 0) return { issues }
    return { body: checked.value, ignored: unknown.map(({ pointer }) => dotted(pointer)) }
  }
}

/** Separates the fields that a schema has from the others, and returns an issue for each of those. */
function splitUnknown(schema: TSchema, value: unknown, at = ''): { known: unknown; unknown: readonly Issue[] } {
  if (!Type.IsObject(schema) || isOpen(schema) || !isRecord(value)) return { known: value, unknown: [] }
  const unknown: Issue[] = []
  const known: [string, unknown][] = []
  for (const [key, member] of Object.entries(value)) {
    const pointer = `${at}${pointerTo(key)}`
    const field = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined
    if (field === undefined)
      unknown.push({ pointer, message: 'is not a known field', unknown: key, choices: Object.keys(schema.properties) })
    else {
      const split = splitUnknown(field, member, pointer)
      unknown.push(...split.unknown)
      known.push([key, split.known])
    }
  }
  return { known: Object.fromEntries(known), unknown }
}

/** Whether an object may have members beyond those of its schema: those that users name, or of which none is named here. */
export function isOpen(schema: TObject): boolean {
  return (
    ('additionalProperties' in schema && schema.additionalProperties === true) ||
    Object.keys(schema.properties).length === 0
  )
}

/** Reads the body of a create request of a family: the job to create, and the names of ignored fields. */
export function readCreateRequest(
  family: Family,
  body: unknown,
  settings: Settings,
): { readonly request: JobRequest; readonly ignored: readonly string[] } | { readonly issues: readonly Issue[] } {
  const reading = family.request.read(body ?? {}, settings)
  if ('issues' in reading) return reading
  const content = `${family.name} ${canonicalJson(body)}`
  return { request: { ...reading.request, family: family.name, content }, ignored: reading.ignored }
}

/** A JSON pointer as the vendor names fields: `delete_key_backups_param.key_id`. */
export function dotted(pointer: string): string {
  return keysOf(pointer).join('.')
}

export function withoutNulls(value: unknown): unknown {
  if (!isRecord(value)) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]))
}

/** JSON text of a value with its keys sorted, so that equal requests have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value ?? null)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
