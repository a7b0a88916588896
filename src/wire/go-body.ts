import Type, { type TSchema } from 'typebox'
import { isRecord } from '../model/is-record.ts'

/**
 * A body as a Go service reads it: names of members in any case, and null as absent. A Go client sends `""` for a text that it
 * has no value for, so that of an optional member counts as absent if the schema refuses it.
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
      const isAbsent = member === null || (member === '' && Type.IsOptional(field) && 'minLength' in field)
      return isAbsent ? [] : [[name, asGoReads(field, member)]]
    }),
  )
}
