import type { AnyOfFilters, MemberPath, ResourceFilter } from '../model/resource.ts'
import type { JobScope } from './job-store.ts'
import { memberValue } from './resource-rows.ts'
import type { ShownQuery } from './resource-store.ts'
import { join, type Sql } from './sql.ts'
import type { PageSql } from './sqlite-pages.ts'
import { columnOf, facetOf, memberOf, pathText, RECORD, withFacets } from './sqlite-record-member.ts'
import { summaryOrder, summaryWhere } from './sqlite-summary-query.ts'

/** The resources that a list shows, and their order. */
export function shownPage(scope: JobScope, query: ShownQuery): PageSql {
  const { kind, filters, sort, members, isNewestOnly = false } = query
  const page = { where: shownWhere(scope, query), order: shownOrder(query) }
  if (kind === undefined) return page
  const own = filters.flatMap((filter) =>
    'anyOf' in filter || facetOf(filter.path, members) !== undefined ? [] : [filter],
  )
  const finding = own.find(({ match }) => match === undefined)?.path
  // No index has the columns of two members: all rows are then read in the order of the table.
  const sorted = sort.length > 1 ? undefined : sort[0]?.path
  const indexes = { total: indexOf(finding ?? own[0]?.path, members), page: indexOf(finding ?? sorted, members) }
  // No index has the order of a descending member either, because ties ascend.
  const readsAllRows = isNewestOnly || sort.length > 1 || sort[0]?.descending === true
  return { ...page, indexes, readsAllRows }
}

/** The index for a member. Without statistics SQLite would prefer that of pages even to one that finds a single row. */
function indexOf(path: MemberPath | undefined, members: ShownQuery['members']): string {
  const column = path === undefined ? undefined : columnOf(path, members)
  return `step_${column ?? 'page'}`
}

function shownWhere(scope: JobScope, query: ShownQuery): Sql {
  const base = baseWhere(scope, query)
  const filters = query.filters.flatMap((filter) =>
    'anyOf' in filter
      ? [anyOf(scope, filter, query)]
      : [...lookupOf(scope, filter, query), filterOf(scope, filter, query)],
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
function newestOf(base: Sql, { isNewestOnly = false }: ShownQuery): Sql[] {
  if (!isNewestOnly) return []
  const from = `step indexed by step_newest where versions_of is not null and ${base.text}`
  return [{ text: `resource in (select max(resource) from ${from} group by versions_of)`, values: base.values }]
}

/** The few resources that have one of the values, at one time or another: the filter itself then reads no others. */
function lookupOf({ content }: JobScope, { path, wanted, match = 'equals' }: ResourceFilter, query: ShownQuery): Sql[] {
  if (match !== 'equals' || !query.members.lookups?.some((each) => pathText(each) === pathText(path))) return []
  const text =
    'resource in (select resource from resource_name where content = ? and name in (select value from json_each(?)))'
  return [{ text, values: [content, JSON.stringify(wanted)] }]
}

function anyOf(scope: JobScope, { anyOf: choices }: AnyOfFilters, query: ShownQuery): Sql {
  const parts = choices.map((filters) => {
    const part = join(
      filters.map((filter) => filterOf(scope, filter, query)),
      ' and ',
    )
    return { ...part, text: `(${part.text})` }
  })
  const either = join([{ text: 'false', values: [] }, ...parts], ' or ')
  return { ...either, text: `(${either.text})` }
}

function filterOf(scope: JobScope, filter: ResourceFilter, query: ShownQuery): Sql {
  const { path, wanted, match } = filter
  if (match === 'differs') {
    const { text, values } = filterOf(scope, { path, wanted }, query)
    return { text: `coalesce(${text}, 0) = 0`, values }
  }
  const facet = facetOf(path, query.members)
  if (facet !== undefined)
    return withFacets(scope.content, query.kind ?? '', documentFilter('members', facet, { wanted, match }))
  const column = columnOf(path, query.members)
  return column === undefined
    ? documentFilter(RECORD, path, { wanted, match })
    : columnFilter(column, { wanted, match })
}

/** What a filter wants of a value. */
interface Test {
  readonly wanted: ResourceFilter['wanted']
  readonly match: Exclude<ResourceFilter['match'], 'differs'>
}

function columnFilter(column: string, { wanted, match = 'equals' }: Test): Sql {
  return { text: valueFilter(column, match), values: [JSON.stringify(wanted.map(memberValue))] }
}

function documentFilter(document: string, path: MemberPath, { wanted, match = 'equals' }: Test): Sql {
  const isWhole = match === 'contains' || match === 'present'
  return {
    text: isWhole
      ? valueFilter(`json_extract(${document}, ?)`, match)
      : `exists (select 1 from json_each(${document}, ?) e where ${valueFilter('e.value', match)})`,
    values: [pathText(path), JSON.stringify(wanted)],
  }
}

/** A test of one value. */
function valueFilter(value: string, match: NonNullable<Test['match']>): string {
  switch (match) {
    case 'equals':
      return `${value} in (select value from json_each(?))`
    case 'contains':
      return `has_members(${value}, ?)`
    case 'present':
      return `(coalesce(cast(${value} as text), '') not in ('', '[]', '{}')) in (select value from json_each(?))`
    case 'starts-with':
      return `exists (select 1 from json_each(?) w where substr(${value}, 1, length(w.value)) = w.value)`
  }
}

/** Ties go by creation, so that pages never overlap. */
function shownOrder({ sort, members, summary }: ShownQuery): Sql {
  if (summary !== undefined) return summaryOrder(summary)
  const parts = sort.map(({ path, descending }): Sql => {
    const { text, values } = memberOf(path, members)
    return { text: `${text}${descending ? ' desc' : ''}`, values }
  })
  return join([...parts, { text: 'resource', values: [] }], ', ')
}
