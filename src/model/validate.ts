import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { DURATION_EXPECTED } from './duration.ts'
import type { Issue } from './issue.ts'

// A union says that it failed after all its branches have; with the eight of TypeBox's default it is often cut off.
Settings.Set({ maxErrors: 100 })

export type Check<T> = (value: unknown) => { readonly value: T } | { readonly issues: readonly Issue[] }

/**
 * A check of values against a schema, without coercion, defaults or removal.
 * Compiling waits for the first use, so that starting never pays for schemas that nobody asks about.
 */
export function checkOf<S extends TSchema>(schema: S): Check<Static<S>> {
  let compiled: ReturnType<typeof Compile<S>> | undefined
  return (value) => {
    compiled ??= Compile(schema)
    if (compiled.Check(value)) return { value }
    return { issues: issuesOf(compiled.Errors(value), schema) }
  }
}

interface SchemaError {
  readonly keyword: string
  readonly schemaPath: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

function issuesOf(errors: readonly SchemaError[], schema: TSchema): Issue[] {
  const told = errors.filter(({ keyword }) => keyword !== 'boolean')
  const unions = new Set(told.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath))
  const found = told.filter(({ keyword }) => keyword !== 'anyOf').flatMap((error) => issueOf(error, { schema, unions }))
  const single = found.filter((issue) => !unions.has(issue.pointer) && !isEcho(issue, found))
  // Each branch of a union complains. One that complains of something deeper inside came closest to fitting.
  const whole = [...unions].filter((pointer) => !single.some((other) => other.pointer.startsWith(`${pointer}/`)))
  const all = [...single, ...whole.map((pointer) => ({ pointer, message: anyOf(found, pointer) }))]
  return all.length > 0 ? all : [{ pointer: '', message: 'is not of the expected form' }]
}

/** A field that is known but wrong in itself is reported twice where a schema describes all other fields. */
function isEcho({ pointer, unknown }: Issue, found: readonly Issue[]): boolean {
  if (unknown === undefined) return false
  return found.some((other) => other.unknown === undefined && `${other.pointer}/`.startsWith(`${pointer}/`))
}

function anyOf(found: readonly Issue[], at: string): string {
  const messages = found.filter(({ pointer }) => pointer === at).map(({ message }) => message)
  return [...new Set(messages)].join(', or ')
}

interface Surroundings {
  readonly schema: TSchema
  /** Places where one of several forms may stand. */
  readonly unions: ReadonlySet<string>
}

function issueOf(
  { keyword, schemaPath, instancePath, message, params }: SchemaError,
  { schema, unions }: Surroundings,
): Issue[] {
  if (keyword === 'type' && isDuration(schema, schemaPath))
    return [{ pointer: instancePath, message: `must be ${DURATION_EXPECTED}` }]
  const allowed = allowedValues(params)
  if (allowed.length === 1) return [{ pointer: instancePath, message: `must be ${JSON.stringify(allowed[0])}` }]
  if (allowed.length > 1)
    return [{ pointer: instancePath, message: `must be one of ${allowed.join(', ')}`, allowed: allowed.map(String) }]
  // What one form lacks is told of the place: another form may not want it at all.
  if (keyword === 'required' && !unions.has(instancePath))
    return missingFields(params).map((key) => missing(instancePath, key))
  if (keyword !== 'additionalProperties') return [{ pointer: instancePath, message }]
  const { additionalProperties } = params as { additionalProperties: readonly string[] }
  return additionalProperties.map((key) => ({
    pointer: `${instancePath}/${escapePointer(key)}`,
    message: 'is not a known field',
    unknown: key,
  }))
}

/** Schemas of durations are marked, so that a bare number is told what it lacks. */
function isDuration(schema: TSchema, path: string): boolean {
  let node: unknown = schema
  for (const key of path.split('/').slice(1)) node = (node as Readonly<Record<string, unknown>> | undefined)?.[key]
  return (node as { readonly 'x-duration'?: boolean } | undefined)?.['x-duration'] === true
}

function missingFields(params: object): readonly string[] {
  return (params as { requiredProperties?: readonly string[] }).requiredProperties ?? []
}

function missing(pointer: string, key: string): Issue {
  return { pointer: `${pointer}/${escapePointer(key)}`, message: 'is required' }
}

/** What a `const` or an `enum` would have taken. */
function allowedValues(params: object): readonly unknown[] {
  const { allowedValue, allowedValues = [] } = params as { allowedValue?: unknown; allowedValues?: readonly unknown[] }
  return allowedValue === undefined ? allowedValues : [allowedValue]
}

export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
