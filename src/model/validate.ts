import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Settings } from 'typebox/system'
import { DURATION_EXPECTED } from './duration.ts'
import type { Issue } from './issue.ts'
import { pointerTo, valueAt } from './pointer.ts'
import { fieldsAt } from './schema-fields.ts'

export type Check<T> = (value: unknown) => { readonly value: T } | { readonly issues: readonly Issue[] }

/**
 * A check of values against a schema, without coercion, defaults or removal.
 * The schema is compiled at the first use, so that a start does not pay for schemas that are never used.
 */
export function checkOf<S extends TSchema>(schema: S): Check<Static<S>> {
  let compiled: ReturnType<typeof Compile<S>> | undefined
  return (value) => {
    const validator = (compiled ??= Compile(schema))
    if (validator.Check(value)) return { value }
    return {
      issues: issuesOf(
        allErrors(() => validator.Errors(value)),
        schema,
      ),
    }
  }
}

/** A union reports its error after those of all its branches; TypeBox's default limit of 8 often cuts it off. */
const MAX_ERRORS = 100

/** TypeBox knows the limit only as a global setting, so it is raised for one synchronous call. */
function allErrors(read: () => TLocalizedValidationError[]): TLocalizedValidationError[] {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: MAX_ERRORS })
  try {
    return read()
  } finally {
    Settings.Set({ maxErrors })
  }
}

function issuesOf(errors: readonly TLocalizedValidationError[], schema: TSchema): Issue[] {
  const unions = new Set(errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath))
  const found = errors.flatMap((error) => issuesOfError(error, { schema, unions }))
  const single = found.filter((issue) => !unions.has(issue.pointer) && !isEcho(issue, found))
  // Every branch of a union reports errors; the branch with the deepest one is the likeliest intent.
  const whole = [...unions].filter((pointer) => !single.some((other) => other.pointer.startsWith(`${pointer}/`)))
  const all = [...single, ...whole.map((pointer) => unionIssue(found, pointer))]
  return all.length > 0 ? all : [{ pointer: '', message: 'is not of the expected form' }]
}

/** A field that is known but wrong in itself is reported twice where a schema describes all other fields. */
function isEcho({ pointer, unknown }: Issue, found: readonly Issue[]): boolean {
  if (unknown === undefined) return false
  return found.some((other) => other.unknown === undefined && `${other.pointer}/`.startsWith(`${pointer}/`))
}

function unionIssue(found: readonly Issue[], pointer: string): Issue {
  const branches = found.filter((issue) => issue.pointer === pointer)
  return {
    pointer,
    message: [...new Set(branches.map(({ message }) => message))].join(', or '),
    choices: branches.flatMap(({ choices = [] }) => choices),
  }
}

interface ErrorContext {
  readonly schema: TSchema
  /** Pointers of the values that have to match one schema of several. */
  readonly unions: ReadonlySet<string>
}

function issuesOfError(error: TLocalizedValidationError, { schema, unions }: ErrorContext): Issue[] {
  const { instancePath: pointer, message } = error
  switch (error.keyword) {
    case 'anyOf':
    case 'boolean':
      return []
    case 'type':
      return [{ pointer, message: isDuration(schema, error.schemaPath) ? `must be ${DURATION_EXPECTED}` : message }]
    case 'const':
      return [choiceIssue(pointer, [error.params.allowedValue])]
    case 'enum':
      return [choiceIssue(pointer, error.params.allowedValues)]
    case 'required':
      // A field that one branch of a union requires may be unknown to another, so the union itself is reported.
      if (unions.has(pointer)) return [{ pointer, message }]
      return error.params.requiredProperties.map((key) => ({
        pointer: `${pointer}${pointerTo(key)}`,
        message: 'is required',
      }))
    case 'additionalProperties': {
      const choices = fieldsAt(schema, pointer)
      return error.params.additionalProperties.map((key) => unknownField(pointer, { key, choices }))
    }
    default:
      return [{ pointer, message }]
  }
}

/** The issue of a field that its object does not have. */
export function unknownField(
  parent: string,
  { key, choices }: { readonly key: string; readonly choices: readonly string[] },
): Issue {
  return { pointer: `${parent}${pointerTo(key)}`, message: 'is not a known field', unknown: key, choices }
}

function choiceIssue(pointer: string, values: readonly unknown[]): Issue {
  const [only, ...others] = values
  const message = others.length === 0 ? `must be ${JSON.stringify(only)}` : `must be one of ${values.join(', ')}`
  return { pointer, message, choices: values.filter((value) => typeof value === 'string') }
}

function isDuration(schema: TSchema, schemaPath: string): boolean {
  return valueAt(schema, `${schemaPath.replace(/^#/, '')}/x-duration`) === true
}
