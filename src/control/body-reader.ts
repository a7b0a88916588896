import Type, { type Static, type TSchema } from 'typebox'
import type { EmulatorError } from '../errors.ts'
import { hintFor, type Issue } from '../model/issue.ts'
import { parentOf, valueAt } from '../model/pointer.ts'
import { fieldsAt, schemasAt } from '../model/schema-fields.ts'
import { checkOf } from '../model/validate.ts'
import { invalid } from './values.ts'

/** A reader of bodies that says where and what, and for an unknown field which known one is nearest. */
export function bodyReader<S extends TSchema>(schema: S): (body: unknown) => Static<S> {
  const check = checkOf(schema)
  return (body) => {
    const checked = check(body ?? {})
    if (!('issues' in checked)) return checked.value
    const issues = issuesOfForm(schema, body ?? {}) ?? checked.issues
    // A field that nobody knows comes first: it is often why another one is missing.
    const rank = ({ pointer, unknown }: Issue): number => pointer.length + (unknown === undefined ? 0 : 10_000)
    const [first] = [...issues].sort((a, b) => rank(b) - rank(a))
    throw refusal(first ?? { pointer: '', message: 'is not of the expected form' }, { schema, body })
  }
}

/** What is wrong with the form of a union of objects that a body has begun; undefined where that is not clear. */
function issuesOfForm(schema: TSchema, body: unknown): readonly Issue[] | undefined {
  const keys = Object.keys(body ?? {})
  if (!Type.IsUnion(schema) || Array.isArray(body) || keys.some((key) => !fieldsAt(schema, '').includes(key)))
    return undefined
  const forms = schema.anyOf.filter((form) => Type.IsObject(form))
  const [form, ...others] = forms.filter(({ required }) => required.every((key) => keys.includes(key)))
  if (form === undefined || others.length > 0) return [{ pointer: '', message: `takes ${oneOf(schema, '')}` }]
  if (keys.some((key) => !(key in form.properties))) return undefined
  const checked = checkOf(form)(body)
  return 'issues' in checked ? checked.issues : undefined
}

interface Refused {
  readonly schema: TSchema
  readonly body: unknown
}

function refusal(issue: Issue, { schema, body }: Refused): EmulatorError {
  const { pointer, message, unknown, choices = [] } = issue
  const hint = hintFor(issue, body)
  if (unknown === undefined) return invalid(pointer, `${message}${hint}`)
  // A field that one form of an object has, and another form that was begun has not.
  if (choices.includes(unknown)) {
    const others = Object.keys(valueAt(body, parentOf(pointer)) as object).filter(
      (key) => key !== unknown && choices.includes(key),
    )
    return invalid(pointer, `cannot stand with ${others.join(', ')}: ${oneOf(schema, parentOf(pointer))}`)
  }
  return invalid(pointer, `${message}${hint || (choices.length === 0 ? '' : `: there are ${choices.join(', ')}`)}`)
}

/** What a schema says of itself where one of several forms may stand: `one action a fault`. */
function oneOf(schema: TSchema, pointer: string): string {
  return schemasAt(schema, pointer)[0]?.description ?? 'another form'
}
