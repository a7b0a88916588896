import type { Issue } from '../model/issue.ts'
import type { Settings } from '../model/settings.ts'
import { assumed, documented, seen, type Note } from './certainty.ts'
import type { Family } from './family.ts'

/** Properties that a list can be sorted by: those of the job document that have one value each. */
export const SORTABLE = [
  'id',
  'createdAt',
  'updatedAt',
  'completed_at',
  'overall_status',
  'cloud',
  'operation',
] as const

export interface ListQuery {
  readonly skip: number
  /** undefined: all (`limit=-1`, which the Terraform provider sends). */
  readonly limit: number | undefined
  readonly ids: readonly string[]
  readonly statuses: readonly string[]
  readonly clouds: readonly string[]
  readonly operations: readonly string[]
  /** Names or ids of containers, for a family whose jobs cover some. */
  readonly containers?: readonly string[]
  readonly sort: readonly SortKey<(typeof SORTABLE)[number]>[]
}

interface SortKey<Field extends string> {
  readonly field: Field
  readonly descending: boolean
}

/** A query string as the framework parses it: a repeated key has an array. */
export type RawQuery = Readonly<Record<string, string | readonly string[] | undefined>>

const DEFAULT_LIMIT = 10

/** A field of a query string, as the OpenAPI document describes it. */
export interface Parameter extends Note {
  readonly name: string
  readonly schema: object
  readonly explode?: boolean
}

/** A parameter that may be repeated. */
export function repeatable(name: string, note: Note): Parameter {
  return { name, schema: { type: 'array', items: { type: 'string' } }, explode: true, ...note }
}

export const PAGING: readonly Parameter[] = [
  { name: 'skip', schema: { type: 'integer', minimum: 0, default: 0 }, ...documented('Number of entries to skip.') },
  {
    name: 'limit',
    schema: { type: 'integer', minimum: -1, default: DEFAULT_LIMIT },
    ...documented('Maximum number of entries. That -1 returns all is seen in a client.'),
  },
]

/** The query of a list of jobs (thalesdocs, "List AWS Bulk Jobs"). */
const JOB_PARAMETERS: readonly Parameter[] = [
  ...PAGING,
  {
    name: 'sort',
    schema: { type: 'string', examples: ['updatedAt', '-createdAt,id'] },
    ...documented(`Properties separated by commas, each with - for descending: ${SORTABLE.join(', ')}.`),
  },
  repeatable('id', documented('Jobs with this id. May be repeated.')),
  repeatable('overall_status', documented('Jobs with this status. May be repeated.')),
  repeatable('cloud', documented('Jobs of this cloud; documented for AWS. May be repeated.')),
  repeatable('cloud_name', seen('The same, by the name that the ksctl tool uses.')),
  repeatable('operation', assumed('Jobs of this operation. May be repeated.')),
]

/** The same of a family whose jobs cover containers. */
export function jobParameters({ containerField }: Pick<Family, 'containerField'>): readonly Parameter[] {
  if (containerField === undefined) return JOB_PARAMETERS
  const note = documented('Jobs of this container, by its name or id. May be repeated.')
  return [...JOB_PARAMETERS, repeatable(containerField, note)]
}

/** The switch that bounds every list. */
type ListSettings = Pick<Settings, 'listMaximum'>

/** Reads the query of a list of jobs. */
export function readListQuery(
  raw: RawQuery,
  family: Pick<Family, 'containerField'> = {},
  settings?: ListSettings,
): { readonly query: ListQuery; readonly ignored: readonly string[] } | { readonly issues: readonly Issue[] } {
  const known = new Set(jobParameters(family).map(({ name }) => name))
  const issues: Issue[] = []
  const skip = readCount(raw, 'skip', { least: 0, absent: 0 }, issues)
  const limit = readCount(raw, 'limit', { least: -1, absent: DEFAULT_LIMIT }, issues)
  const sort = readSort(raw, SORTABLE, issues)
  if (issues.length > 0) return { issues }
  return {
    query: {
      skip,
      limit: limitWithin(limit, settings),
      sort,
      ids: valuesOf(raw, 'id'),
      statuses: valuesOf(raw, 'overall_status'),
      clouds: [...valuesOf(raw, 'cloud'), ...valuesOf(raw, 'cloud_name')],
      operations: valuesOf(raw, 'operation'),
      ...(family.containerField !== undefined && { containers: valuesOf(raw, family.containerField) }),
    },
    ignored: Object.keys(raw).filter((key) => !known.has(key)),
  }
}

/** undefined: all. */
function limitWithin(limit: number, { listMaximum }: ListSettings = { listMaximum: 'none' }): number | undefined {
  if (listMaximum === 'none') return limit === -1 ? undefined : limit
  return limit === -1 ? listMaximum : Math.min(limit, listMaximum)
}

/** Reads `skip` and `limit`, for lists without filters, or with their own. */
export function readPaging(
  { skip, limit }: RawQuery,
  settings?: ListSettings,
): Pick<ListQuery, 'skip' | 'limit'> | { readonly issues: readonly Issue[] } {
  const reading = readListQuery({ skip, limit }, {}, settings)
  return 'issues' in reading ? reading : { skip: reading.query.skip, limit: reading.query.limit }
}

/** The values of a key, sent once or repeated; empty ones count as absent. */
export function valuesOf(raw: RawQuery, key: string): string[] {
  const value = raw[key]
  if (value === undefined) return []
  return (typeof value === 'string' ? [value] : [...value]).filter((text) => text !== '')
}

const WHOLE = /^-?\d{1,15}$/

function readCount(
  raw: RawQuery,
  key: string,
  { least, absent }: { least: number; absent: number },
  issues: Issue[],
): number {
  const [text, ...more] = valuesOf(raw, key)
  if (text === undefined) return absent
  const count = WHOLE.test(text) && more.length === 0 ? Number(text) : NaN
  if (count >= least) return count
  issues.push({
    pointer: `/${key}`,
    message: `is not a whole number from ${least}: ${cut([text, ...more].join(', '))}`,
  })
  return absent
}

/** Reads `sort`; adds what is wrong with it to the issues. */
export function readSort<Field extends string>(
  raw: RawQuery,
  fields: readonly Field[],
  issues: Issue[],
): readonly SortKey<Field>[] {
  const keys = valuesOf(raw, 'sort').flatMap((text) => text.split(','))
  const sort = new Map<string, SortKey<Field>>()
  const unknown = new Set<string>()
  for (const key of keys.map((each) => each.trim()).filter((each) => each !== '')) {
    const descending = key.startsWith('-')
    const field = fields.find((name) => name === key.slice(descending ? 1 : 0).trim())
    if (field === undefined) unknown.add(key)
    // Only the first occurrence of a property affects the order.
    else if (!sort.has(field)) sort.set(field, { field, descending })
  }
  for (const key of [...unknown].slice(0, MAX_NAMED))
    issues.push({ pointer: '/sort', message: `knows no property ${cut(key)}; it takes ${fields.join(', ')}` })
  return [...sort.values()]
}

/** Maximum of unknown words in a message: a query can have thousands. */
const MAX_NAMED = 10

/** A value of a query as a message repeats it. */
function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

const MAX_SHOWN = 100
