import type { KindBehaviour, MemberPath } from '../model/resource.ts'
import { MEMBER_COLUMNS } from './resource-rows.ts'
import type { Sql } from './sql.ts'

/** The record of a step, also where it is still that which the resource was made with. */
export const RECORD = `coalesce(record, (select made.record from resource made where made.content = step.content and made.seq = step.resource))`

/** The facets of a step. */
const FACETS = `(select members from facet where facet.content = step.content and facet.key = step.facet)`

/** Where a kind keeps its members. */
type KeptMembers = Pick<KindBehaviour, 'indexed' | 'facets'>

/** A member of the record as one value. */
export function memberOf(path: MemberPath, members: KeptMembers): Sql {
  const column = columnOf(path, members)
  if (column !== undefined) return { text: column, values: [] }
  const facet = facetOf(path, members)
  return facet === undefined
    ? { text: `json_extract(${RECORD}, ?)`, values: [pathText(path)] }
    : { text: `json_extract(${FACETS}, ?)`, values: [pathText(facet)] }
}

/** The column that a kind keeps a member in; undefined if it has none. */
export function columnOf(path: MemberPath, { indexed }: KeptMembers): string | undefined {
  const key = pathText(path)
  return MEMBER_COLUMNS[indexed.findIndex((each) => pathText(each) === key)]
}

/** Path among the facets of a member that is one, or a part of one, such as a tag; undefined for others. */
export function facetOf(path: MemberPath, { facets = [] }: KeptMembers): MemberPath | undefined {
  const facet = facets.find((each) => each.every((name, index) => path[index] === name))
  return facet === undefined ? undefined : [facet.join('.'), ...path.slice(facet.length)]
}

/** The steps whose facets fulfil a condition on `members`: it is tested once for each combination. */
export function withFacets(content: number, kind: string, { text, values }: Sql): Sql {
  return {
    text: `facet in (select key from facet where content = ? and kind = ? and ${text})`,
    values: [content, kind, ...values],
  }
}

/** A path as SQLite's JSON functions take it. */
export function pathText(path: MemberPath): string {
  return `$${path.map((name) => `.${JSON.stringify(name)}`).join('')}`
}
