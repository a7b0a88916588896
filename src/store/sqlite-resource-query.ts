import type { AnyOfFilters, ResourceFilter } from '../model/resource.ts'
import type { JobScope } from './job-store.ts'
import type { ShownQuery } from './resource-store.ts'
import { join, type Sql } from './sql.ts'
import { columnOf, memberOf, pathText, RECORD } from './sqlite-record-member.ts'
import { summaryOrder, summaryWhere } from './sqlite-summary-query.ts'

/** The resources that a list shows. */
export function shownWhere(scope: JobScope, query: ShownQuery): Sql {
  const base = baseWhere(scope, query)
  const filters = query.filters.flatMap((filter) =>
    'anyOf' in filter ? [anyOf(filter, query)] : [...lookupOf(scope, filter, query), filterOf(filter, query.indexed)],
  )
  const summary = query.summary === undefined ? [] : summaryWhere(scope, query.summary)
  return join([base, ...filters, ...newestOf(base, query), ...summary], ' and ')
}

function baseWhere({ content, visibleTo }: JobScope, { kind, at, withHidden = false }: ShownQuery): Sql {
  const own = 'content = ? and resource <= ? and since <= ? and until > ?'
  return join(
    [
      { text: own, values: [content, visibleTo, at, at] },
      ...(kind === undefined ? [] : [{ text: 'kind = ?', values: [kind] }]),
      ...(withHidden ? [] : [{ text: 'is_hidden = 0', values: [] }]),
    ],
    ' and ',
  )
}

/** The newest is chosen among all that are there, whatever else is asked for. */
function newestOf(base: Sql, { newestOf: paths, indexed }: ShownQuery): Sql[] {
  if (paths === undefined || paths.length === 0) return []
  const members = join(
    paths.map((path) => memberOf(path, indexed)),
    ', ',
  )
  const text = `resource in (select max(resource) from step where ${base.text} group by ${members.text})`
  return [{ text, values: [...base.values, ...members.values] }]
}

/** The few resources that have one of the values, at one time or another: the filter itself then reads no others. */
function lookupOf({ content }: JobScope, { path, wanted, match = 'equals' }: ResourceFilter, query: ShownQuery): Sql[] {
  const key = pathText(path)
  if (match !== 'equals' || !query.lookups.some((each) => pathText(each) === key)) return []
  const text =
    'resource in (select resource from resource_name where content = ? and name in (select value from json_each(?)))'
  return [{ text, values: [content, JSON.stringify(wanted)] }]
}

function anyOf({ anyOf: choices }: AnyOfFilters, { indexed }: ShownQuery): Sql {
  const parts = choices.map((filters) => {
    const part = join(
      filters.map((filter) => filterOf(filter, indexed)),
      ' and ',
    )
    return { ...part, text: `(${part.text})` }
  })
  const either = join([{ text: 'false', values: [] }, ...parts], ' or ')
  return { ...either, text: `(${either.text})` }
}

function filterOf(filter: ResourceFilter, indexed: ShownQuery['indexed']): Sql {
  const { path, wanted, match = 'equals' } = filter
  const column = columnOf(path, indexed)
  const values = JSON.stringify(wanted)
  if (match === 'differs') {
    const { text, values: own } = filterOf({ path, wanted }, indexed)
    return { text: `coalesce(${text}, 0) = 0`, values: own }
  }
  if (match === 'contains') {
    const { text, values: own } = memberOf(path, indexed)
    return { text: `has_members(${text}, ?)`, values: [...own, values] }
  }
  if (match === 'present') {
    const { text, values: own } = memberOf(path, indexed)
    const isPresent = `coalesce(cast(${text} as text), '') not in ('', '[]', '{}')`
    return { text: `(${isPresent}) in (select value from json_each(?))`, values: [...own, values] }
  }
  const test = (value: string): string =>
    match === 'equals'
      ? `${value} in (select value from json_each(?))`
      : `exists (select 1 from json_each(?) w where substr(${value}, 1, length(w.value)) = w.value)`
  if (column === undefined)
    return {
      text: `exists (select 1 from json_each(${RECORD}, ?) e where ${test('e.value')})`,
      values: [pathText(path), values],
    }
  const inList = `exists (select 1 from json_each(cast(${column} as text)) e where ${test('e.value')})`
  return {
    text: `case typeof(${column}) when 'blob' then ${inList} else ${test(column)} end`,
    values: [values, values],
  }
}

/** Ties go by creation, so that pages never overlap. */
export function shownOrder({ sort, indexed, summary }: ShownQuery): Sql {
  if (summary !== undefined) return summaryOrder(summary)
  const parts = sort.map(({ path, descending }): Sql => {
    const { text, values } = memberOf(path, indexed)
    return { text: `${text}${descending ? ' desc' : ''}`, values }
  })
  return join([...parts, { text: 'resource', values: [] }], ', ')
}
