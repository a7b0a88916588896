import type { Static, TSchema } from 'typebox'
import { EmulatorError } from '../errors.ts'
import { nearest } from '../model/nearest.ts'
import type { Issue } from '../model/issue.ts'
import { checkOf } from '../model/validate.ts'

/** A reader of bodies that says where and what, and for an unknown field which known one is nearest. */
export function bodyReader<S extends TSchema>(schema: S): (body: unknown) => Static<S> {
  const check = checkOf(schema)
  return (body) => {
    const checked = check(body ?? {})
    if (!('issues' in checked)) return checked.value
    // A field that nobody knows comes first: it is often why another one is missing.
    const rank = ({ pointer, unknown }: Issue): number => pointer.length + (unknown === undefined ? 0 : 10_000)
    const [first] = [...checked.issues].sort((a, b) => rank(b) - rank(a))
    throw refusal(first ?? { pointer: '', message: 'is not of the expected form' }, { schema, body })
  }
}

interface Refused {
  readonly schema: TSchema
  readonly body: unknown
}

function refusal(issue: Issue, { schema, body }: Refused): EmulatorError {
  const { pointer, message, unknown, allowed = [] } = issue
  const at = pointer === '' ? 'the body' : pointer
  if (unknown === undefined) {
    const found = valueAt(body, pathOf(pointer))
    const near = typeof found === 'string' ? nearest(found, allowed) : undefined
    return invalid(pointer, `${at} ${message}${near === undefined ? '' : `: did you mean ${near}?`}`)
  }
  const path = pathOf(pointer).slice(0, -1)
  const known = fieldsAt(schema, path)
  // A field that one form of an object has, and another form that was begun has not.
  if (known.includes(unknown)) {
    const given = Object.keys(valueAt(body, path) as object).filter((key) => known.includes(key))
    return invalid(
      pointer,
      `${at} cannot stand with ${given.filter((key) => key !== unknown).join(', ')}${oneOf(schema, path)}`,
    )
  }
  const near = nearest(unknown, known)
  if (near !== undefined) return invalid(pointer, `${at} ${message}: did you mean ${near}?`)
  return invalid(pointer, `${at} ${message}${known.length === 0 ? '' : `: there are ${known.join(', ')}`}`)
}

function invalid(pointer: string, message: string): EmulatorError {
  return new EmulatorError('badRequest', message, undefined, pointer)
}

/** What a schema says of itself where one of several forms may stand: `: one action a fault`. */
function oneOf(schema: TSchema, path: readonly string[]): string {
  const description = nodeAt(schema, path)?.description
  return typeof description === 'string' ? `: ${description}` : ''
}

function pathOf(pointer: string): string[] {
  const keys = pointer.split('/').slice(1)
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (node as Readonly<Record<string, unknown>> | null | undefined)?.[key],
    value,
  )
}

type Node = Readonly<Record<string, unknown>>

function fieldsAt(schema: TSchema, path: readonly string[]): string[] {
  return alternatives(nodeAt(schema, path)).flatMap((node) => Object.keys((node.properties as Node | undefined) ?? {}))
}

function nodeAt(schema: TSchema, path: readonly string[]): Node | undefined {
  let node = schema as unknown as Node | undefined
  for (const key of path)
    node = alternatives(node)
      .map((each) => childOf(each, key))
      .find((child) => child !== undefined)
  return node
}

function childOf(node: Node, key: string): Node | undefined {
  const properties = node.properties as Record<string, Node> | undefined
  return properties?.[key] ?? (/^\d+$/.test(key) ? (node.items as Node | undefined) : undefined)
}

function alternatives(node: Node | undefined): Node[] {
  if (node === undefined) return []
  const branches = node.anyOf as Node[] | undefined
  return branches === undefined ? [node] : branches.flatMap(alternatives)
}
