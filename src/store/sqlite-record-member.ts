import type { MemberPath } from '../model/resource.ts'
import { MEMBER_COLUMNS } from './resource-rows.ts'
import type { Sql } from './sql.ts'

/** The record of a step, also where it is still that which the resource was made with. */
export const RECORD = `coalesce(record, (select made.record from resource made where made.content = step.content and made.seq = step.resource))`

/** A member of the record as one value. */
export function memberOf(path: MemberPath, indexed: readonly MemberPath[]): Sql {
  const column = columnOf(path, indexed)
  return column === undefined
    ? { text: `json_extract(${RECORD}, ?)`, values: [pathText(path)] }
    : { text: column, values: [] }
}

/** The column that a kind keeps a member in; undefined if it has none. */
export function columnOf(path: MemberPath, indexed: readonly MemberPath[]): string | undefined {
  const key = pathText(path)
  return MEMBER_COLUMNS[indexed.findIndex((each) => pathText(each) === key)]
}

/** A path as SQLite's JSON functions take it. */
export function pathText(path: MemberPath): string {
  return `$${path.map((name) => `.${JSON.stringify(name)}`).join('')}`
}
