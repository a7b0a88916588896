import type { TSchema } from 'typebox'
import { keysOf } from './pointer.ts'

/** The keywords of a JSON Schema that describe its fields. A caller that reads other keywords adds them. */
export type SchemaNode<Keywords = unknown> = Keywords & {
  readonly description?: string
  readonly properties?: Readonly<Record<string, SchemaNode<Keywords>>>
  readonly items?: SchemaNode<Keywords>
  readonly anyOf?: readonly SchemaNode<Keywords>[]
}

/** The schemas at a pointer: several below a union. */
export function schemasAt(schema: TSchema, pointer: string): readonly SchemaNode[] {
  return keysOf(pointer).reduce<readonly SchemaNode[]>(
    (nodes, key) => nodes.flatMap(branchesOf).flatMap(({ properties, items }) => properties?.[key] ?? items ?? []),
    [schema],
  )
}

/** The names of the fields that a schema knows at a pointer. */
export function fieldsAt(schema: TSchema, pointer: string): string[] {
  const nodes = schemasAt(schema, pointer).flatMap(branchesOf)
  return [...new Set(nodes.flatMap(({ properties = {} }) => Object.keys(properties)))]
}

function branchesOf(node: SchemaNode): SchemaNode[] {
  return [node, ...(node.anyOf ?? []).flatMap(branchesOf)]
}
