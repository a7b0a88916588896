import leven from 'leven'
import type { TSchema } from 'typebox'
import { EmulatorError } from '../errors.ts'
import { checkOf, type Violation } from '../model/validate.ts'

/** A reader of bodies that says where and what, and for an unknown field which known one is nearest. */
export function bodyReader(schema: TSchema): (body: unknown) => unknown {
  const check = checkOf(schema)
  return (body) => {
    const checked = check(body ?? {})
    if (!('violations' in checked)) return checked.value
    // A field that nobody knows comes first: it is often why another one is missing.
    const rank = ({ pointer, unknown }: Violation): number => pointer.length + (unknown === undefined ? 0 : 10_000)
    const [first] = [...checked.violations].sort((a, b) => rank(b) - rank(a))
    throw refusal(first ?? { pointer: '', message: 'is not of the expected form' }, schema)
  }
}

function refusal({ pointer, message, unknown }: Violation, schema: TSchema): EmulatorError {
  const at = pointer === '' ? 'the body' : pointer
  if (unknown !== undefined) {
    const known = fieldsAt(schema, pointer.split('/').slice(1, -1))
    return new EmulatorError('badRequest', `${at} ${message}${nearest(unknown, known)}`, undefined, pointer)
  }
  return new EmulatorError('badRequest', `${at} ${message}`, undefined, pointer)
}

function nearest(name: string, known: readonly string[]): string {
  const [best] = known.map((each) => ({ each, distance: leven(name, each) })).sort((a, b) => a.distance - b.distance)
  if (best === undefined) return ''
  return best.distance <= Math.max(2, name.length / 2)
    ? `: did you mean ${best.each}?`
    : `: there are ${known.join(', ')}`
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
