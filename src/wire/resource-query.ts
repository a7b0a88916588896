import type { Issue } from '../model/issue.ts'
import type { InventoryEdit, ResourceQuery } from '../model/resource.ts'
import type { Settings } from '../model/settings.ts'
import type { Kind, QueryFilter } from './kind.ts'
import { assumed } from './certainty.ts'
import { PAGING, readPaging, readSort, repeatable, valuesOf, type Parameter, type RawQuery } from './list-query.ts'

/** The query of a list of resources, as the OpenAPI document describes it. */
export function resourceParameters({ filters, sorts }: Pick<Kind, 'filters' | 'sorts'>): readonly Parameter[] {
  return [
    ...PAGING,
    {
      name: 'sort',
      schema: { type: 'string' },
      ...assumed(`Properties with commas between them, - before one for descending: ${Object.keys(sorts).join(', ')}.`),
    },
    ...Object.entries(filters).map(([name, { note }]) => repeatable(name, note)),
  ]
}

const PAGE_NAMES: readonly string[] = ['skip', 'limit', 'sort']

/** What a query says; what its filters choose depends on the inventory. */
type QueryReading =
  | {
      readonly query: (find: InventoryEdit['find']) => Omit<ResourceQuery, 'kind'>
      readonly ignored: readonly string[]
    }
  | { readonly issues: readonly Issue[] }

/** Reads the query of a list of a kind. Names that the kind does not have are ignored, as CM ignores them. */
export function readResourceQuery(
  { filters, sorts }: Pick<Kind, 'filters' | 'sorts'>,
  raw: RawQuery,
  {
    hasVersions = false,
    settings,
  }: { readonly hasVersions?: boolean | undefined; readonly settings: Pick<Settings, 'listMaximum'> },
): QueryReading {
  const issues: Issue[] = []
  const paging = readPaging(raw, settings)
  if ('issues' in paging) issues.push(...paging.issues)
  const sort = readSort(raw, Object.keys(sorts), issues).map(({ field, descending }) => ({
    path: sorts[field] ?? [field],
    descending,
  }))
  const isNewest = hasVersions && valuesOf(raw, 'version').includes('-1')
  const chosen = Object.entries(filters).flatMap(
    ([name, filter]): [QueryFilter, readonly (string | number | boolean)[]][] => {
      if (name === 'version' && isNewest) return []
      const values = valuesOf(raw, name).map((text) => readValue(text, filter.form))
      if (values.includes(undefined))
        issues.push({
          pointer: `/${name}`,
          message: `is not ${filter.form === 'flag' ? 'true or false' : 'a whole number'}`,
        })
      const known = values.filter((value) => value !== undefined)
      return known.length === 0 ? [] : [[filter, known]]
    },
  )
  if (issues.length > 0 || 'issues' in paging) return { issues }
  return {
    query: (find) => ({
      filters: chosen.flatMap(([filter, values]): ResourceQuery['filters'] => filter.filtersOf(values, find)),
      isNewestOnly: isNewest,
      sort,
      ...paging,
    }),
    ignored: Object.keys(raw).filter((key) => !PAGE_NAMES.includes(key) && !Object.hasOwn(filters, key)),
  }
}

function readValue(text: string, form: QueryFilter['form']): string | number | boolean | undefined {
  if (form === 'text') return text
  if (form === 'count') return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
  const word = text.toLowerCase()
  if (word === 'true' || word === '1') return true
  return word === 'false' || word === '0' ? false : undefined
}
