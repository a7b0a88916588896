// Requests generated from an OpenAPI document: valid, nearly valid and arbitrary ones.

import { fc, type Arbitrary } from '../support/fast-check.ts'

export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly 'x-duration'?: true
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

interface OpenApiOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
}

export interface Operation {
  readonly method: string
  readonly path: string
  readonly query: readonly string[]
  readonly body: Schema | undefined
}

export function operationsOf({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
      body: requestBody?.content['application/json'].schema,
    })),
  )
}

/** Values that match a schema; it ignores rules that a description states in words. */
export function fitting(schema: Schema, document: OpenApi): Arbitrary<unknown> {
  const of = (each: Schema): Arbitrary<unknown> => fitting(each, document)
  if (schema.$ref !== undefined) return of(document.components!.schemas![schema.$ref.split('/').at(-1)!]!)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(of))
  switch (schema.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, each]) => [key, of(each)])),
        {
          requiredKeys: [...(schema.required ?? [])],
        },
      )
    case 'array':
      return fc.array(of(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      })
    case 'string':
      if (schema['x-duration'] === true)
        return fc.constantFrom('0s', '150ms', '5s', '11m', '2h', '365d', '1h30m0s', 'PT5M')
      if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern))
      return fc.string({ unit: 'grapheme', minLength: schema.minLength ?? 0 })
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000 })
    case 'number':
      return fc.double({
        min: schema.minimum ?? schema.exclusiveMinimum ?? -1000,
        max: schema.maximum ?? 1000,
        noNaN: true,
      })
    case 'boolean':
      return fc.boolean()
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, [], {}, '', ' ', 0, -1, 1.5, 1e308, 2 ** 53, '\ud800', '\0', 'x'.repeat(20_000), true),
  fc.string({ unit: 'binary' }),
)

/** A matching value with one error: an odd, missing or unknown field, or all of it in a list. */
export function nearlyFitting(schema: Schema, document: OpenApi): Arbitrary<unknown> {
  return fc
    .tuple(fitting(schema, document), odd, fc.nat(), fc.constantFrom('odd', 'gone', 'unknown', 'list'))
    .map(([value, wrong, at, kind]) => {
      if (kind === 'list' || typeof value !== 'object' || value === null) return [value]
      const keys = Object.keys(value)
      const key = keys.length === 0 ? 'operation' : keys[at % keys.length]!
      const rest = Object.fromEntries(Object.entries(value).filter(([each]) => each !== key))
      if (kind === 'gone') return rest
      return { ...rest, [kind === 'odd' ? key : `${key}x`]: wrong }
    })
}

const DEEP = 10_000

/** Bodies that no client sends intentionally. */
export const wildBody: Arbitrary<string | Buffer> = fc.oneof(
  fc.constantFrom(
    ...[
      '['.repeat(DEEP),
      '['.repeat(DEEP) + ']'.repeat(DEEP),
      '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP),
      '"\\ud800"',
    ],
    ...[
      '1e999',
      '-0',
      `{"days":${'9'.repeat(400)}}`,
      '{"keys":["k"],"keys":{},"operation":"enablekey"}',
      'null',
      '[]',
      '""',
    ],
    ...[
      '{"__proto__":{"operation":"enablekey"}}',
      '{"constructor":{"prototype":{"x":1}}}',
      '\ufeff{}',
      '{}{}',
      '\0',
      "{'a':1}",
    ],
    ...[
      'NaN',
      'true',
      `{"${'k'.repeat(100_000)}":1}`,
      `"${'x'.repeat(1024 * 1024)}"`,
      `{"keys":["${'\\u0000'.repeat(500)}"]}`,
    ],
  ),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 5 }),
)

export const wildSegment: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '..%2f..',
    '%00',
    '%ff',
    '%',
    '%2',
    '__proto__',
    'constructor',
    '.',
    '%E0%A4%A',
    '*',
    'a'.repeat(9000),
    '-1',
  ),
  fc.string({ unit: 'binary', minLength: 1 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.webSegment(),
)

export const wildQueryValue: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '-1',
    '0',
    '1e9',
    '99999999999999999999',
    'NaN',
    '%',
    '%ff',
    '1;2',
    "' or 1=1--",
    '2026-01-01T00:00:00Z',
    '1ms',
  ),
  fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
)

export const contentType = fc.constantFrom(
  ...[
    'application/json',
    'text/plain',
    'application/xml',
    'multipart/form-data',
    '',
    'application/json; charset=utf-16',
    '/',
    '\t',
  ],
)
