import Type, { type TSchema } from 'typebox'
import { isRecord } from '../model/is-record.ts'

/**
 * A body as a Go service reads it: names of members in any case, and null as absent. A Go client sends `""` and 0 for fields
 * that it has no value for, so those of optional members count as absent if the schema refuses them.
 */
export function asGoReads(schema: TSchema, value: unknown): unknown {
  if (Type.IsArray(schema) && Array.isArray(value)) return value.map((each) => asGoReads(schema.items, each))
  if (!Type.IsObject(schema) || !isRecord(value)) return value
  const { properties } = schema
  const spelled = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]))
  // A name as the schema has it goes before other spellings.
  const sent = Object.entries(value).map(([name, member]): [string, unknown] => {
    const known = Object.hasOwn(properties, name) ? undefined : spelled.get(name.toLowerCase())
    return known === undefined || Object.hasOwn(value, known) ? [name, member] : [known, member]
  })
  return Object.fromEntries(
    sent.flatMap(([name, member]): [string, unknown][] => {
      const field = Object.hasOwn(properties, name) ? properties[name] : undefined
      if (field === undefined) return [[name, member]]
      const isAbsent = member === null || (Type.IsOptional(field) && isRefusedZero(field, member))
      return isAbsent ? [] : [[name, asGoReads(field, member)]]
    }),
  )
}

function isRefusedZero(field: TSchema, value: unknown): boolean {
  if (value === '') return 'minLength' in field && field.minLength !== 0
  return value === 0 && 'minimum' in field && Number(field.minimum) > 0
}
