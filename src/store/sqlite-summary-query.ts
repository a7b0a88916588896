import type { MemberPath, StateWord } from '../model/resource.ts'
import type { JobScope } from './job-store.ts'
import type { SummaryKind, SummaryQuery } from './resource-store.ts'
import { join, type Sql } from './sql.ts'
import { facetOf, memberOf, pathText, withFacets } from './sqlite-record-member.ts'

/** Conditions on what the summaries of several kinds say. */
export function summaryWhere(scope: JobScope, { kinds, state, container, search }: SummaryQuery): Sql[] {
  return [
    ...(state === undefined ? [] : [anyOf(kinds.flatMap((kind) => inState(scope, kind, state)))]),
    ...(container === undefined ? [] : [anyOf(kinds.flatMap((kind) => inContainer(scope, kind, container)))]),
    ...(search === undefined ? [] : [anyOf([...byNames(scope, search), ...kinds.flatMap((k) => byName(k, search))])]),
  ]
}

function anyOf(conditions: readonly Sql[]): Sql {
  if (conditions.length === 0) return { text: '0', values: [] }
  const { text, values } = join(conditions, ' or ')
  return { text: `(${text})`, values }
}

function allOf(kind: SummaryKind, conditions: readonly Sql[]): Sql {
  return join([{ text: 'kind = ?', values: [kind.name] }, ...conditions], ' and ')
}

/** Conditions for a state: the words of a kind are tried in order, so none before it applies. */
function inState(scope: JobScope, kind: SummaryKind, state: string): Sql[] {
  const { states } = kind.summary
  const holds = ({ path, value }: StateWord, operator: 'is' | 'is not'): Sql =>
    memberIn(scope, kind, { path, test: `${operator} ?`, value: typeof value === 'string' ? value : Number(value) })
  return states.flatMap((each, index) => {
    if (each.word !== state) return []
    const not = states.slice(0, index).map((before) => holds(before, 'is not'))
    return [allOf(kind, [holds(each, 'is'), ...not])]
  })
}

/** A condition on one member. */
function memberIn(
  { content }: JobScope,
  kind: SummaryKind,
  { path, test, value }: { path: MemberPath; test: string; value: string | number },
): Sql {
  const facet = facetOf(path, kind)
  const { text, values } =
    facet === undefined ? memberOf(path, kind) : { text: 'json_extract(members, ?)', values: [pathText(facet)] }
  const condition = { text: `${text} ${test}`, values: [...values, value] }
  return facet === undefined ? condition : withFacets(content, kind.name, condition)
}

function inContainer(scope: JobScope, kind: SummaryKind, container: readonly string[]): Sql[] {
  const { container: path } = kind.summary
  if (path === undefined) return []
  const test = 'in (select value from json_each(?))'
  return [allOf(kind, [memberIn(scope, kind, { path, test, value: JSON.stringify(container) })])]
}

/** By the beginning of the id, as written or in lower case, or a part of a name that it has at one time or another. */
function byNames({ content }: JobScope, search: string): Sql[] {
  // A range reads the index of ids alone.
  const ids = 'select seq from resource where content = ? and id >= ? and id < ? || char(1114111)'
  const names = 'select resource from resource_name where content = ? and name like ? escape ?'
  const beginnings = [search, search.toLowerCase()].flatMap((text) => [content, text, text])
  const text = `resource in (${ids} union ${ids} union ${names})`
  return [{ text, values: [...beginnings, content, ...patternOf(search)] }]
}

/** By a part of the name that the list shows. What the kind looks up is found by `byNames`. */
function byName(kind: SummaryKind, search: string): Sql[] {
  if (kind.lookups?.some((path: MemberPath) => pathText(path) === pathText(kind.summary.name)) === true) return []
  const { text, values } = memberOf(kind.summary.name, kind)
  return [allOf(kind, [{ text: `${text} like ? escape ?`, values: [...values, ...patternOf(search)] }])]
}

/** The values of `like ? escape ?` for texts that contain another, in either case of ASCII. */
function patternOf(search: string): [string, string] {
  return [`%${search.replace(/[\\%_]/g, '\\$&')}%`, '\\']
}

/** Ties go by creation, so that pages never overlap. */
export function summaryOrder({ kinds, sort: { by, descending } }: SummaryQuery): Sql {
  const direction = descending ? ' desc' : ''
  if (by === 'changedAt') return { text: `since${direction}, resource`, values: [] }
  if (by === 'createdAt') return { text: `resource${direction}`, values: [] }
  const ranks = kinds.map(() => 'when ? then ?').join(' ')
  const values = kinds.flatMap(({ name }, rank) => [name, rank])
  return { text: `case kind ${ranks} end${direction}, resource`, values }
}
