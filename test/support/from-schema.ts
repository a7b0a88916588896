// Values for a JSON Schema, for property tests of an API that describes its input.

import { fc } from './fast-check.ts'

type Schema = Readonly<Record<string, unknown>>

/** The strings that values are drawn from: those with a meaning for the API under test. */
export interface Vocabulary {
  readonly texts: readonly string[]
  readonly durations: readonly string[]
}

/**
 * Values of a schema, most of them valid: strings are from the vocabulary, numbers small, optional fields sometimes
 * absent.
 */
export function fromSchema(schema: Schema, vocabulary: Vocabulary): fc.Arbitrary<unknown> {
  const below = (each: unknown): fc.Arbitrary<unknown> => fromSchema(each as Schema, vocabulary)
  const { anyOf, enum: words, type } = schema
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map(below))
  if (Array.isArray(words)) return fc.constantFrom(...(words as unknown[]))
  if ('const' in schema) return fc.constant(schema.const)
  switch (type) {
    case 'object':
      return objectOf(schema, below)
    case 'array':
      return fc.array(below(schema.items ?? {}), { minLength: Number(schema.minItems ?? 0), maxLength: 2 })
    case 'string':
      return fc.constantFrom(...('x-duration' in schema ? vocabulary.durations : vocabulary.texts))
    case 'integer':
    case 'number':
      return fc.integer({ min: Number(schema.minimum ?? 1), max: Number(schema.minimum ?? 1) + 3 })
    case 'boolean':
      return fc.boolean()
    default:
      return fc.constantFrom(...vocabulary.texts, null, {}, [])
  }
}

function objectOf(
  { properties = {}, required = [] }: Schema,
  below: (schema: unknown) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties as Schema).map(([name, schema]) => [name, below(schema)] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: required as string[] })
}
