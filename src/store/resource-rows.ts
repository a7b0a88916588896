import type { ChangeOrigin, Effect, LifeStep, ResourceRecord } from '../model/resource.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { expectColumn, readRow } from './damage.ts'
import type { LifeWrite, ResourceWrite, StepValues, StoredResource } from './resource-store.ts'

/** The columns for the members that a kind has indexed. */
export const MEMBER_COLUMNS = Array.from({ length: 12 }, (_, index) => `m${index}`)

/** Stands for "after all time" in an integer column. */
const MAX_INSTANT = toInstant(Number.MAX_SAFE_INTEGER)

export interface ResourceRow {
  readonly seq: number
  readonly id: string
  readonly kind: string
  readonly exists_from: Instant
  readonly is_hidden: number
  readonly vanishes: number
  readonly is_loss_silent: number
  readonly by: string
  readonly record: string
  readonly events: string
}

export const RESOURCE_COLUMNS = [
  'id',
  'kind',
  'exists_from',
  'is_hidden',
  'vanishes',
  'is_loss_silent',
  'request_hash',
  'occurrence',
  'by',
  'record',
  'events',
] as const

export const STEP_COLUMNS = [
  'n',
  'kind',
  'since',
  'until',
  'is_hidden',
  'is_lost',
  'is_due',
  'change',
  'by',
  'record',
  'facet',
  'versions_of',
  ...MEMBER_COLUMNS,
] as const

type Value = string | number | null

export function resourceValues({ resource, requestHash, occurrence }: ResourceWrite): Value[] {
  return [
    resource.id,
    resource.kind,
    resource.existsFrom,
    Number(resource.isHidden),
    Number(resource.vanishes),
    Number(resource.isLossSilent),
    requestHash ?? null,
    occurrence ?? null,
    JSON.stringify(resource.by),
    JSON.stringify(resource.record),
    JSON.stringify(resource.events),
  ]
}

/** The columns that identify a step, given the steps before it. Its state is derived, so it is not compared. */
export interface StepRow {
  readonly since: Instant
  readonly is_due: number
  readonly change: string | null
  readonly by: string | null
}

export function isRowOf(row: StepRow, step: LifeStep | undefined): boolean {
  if (step === undefined) return false
  const [change, by] = originOf(step)
  return row.since === step.at && row.is_due === Number(step.isDue) && row.change === change && row.by === by
}

/** The change that begins a step, and its origin. Null for the first step: its origin is in the table `resource`. */
function originOf({ change, by }: LifeStep): [change: string | null, by: string | null] {
  return change === undefined ? [null, null] : [JSON.stringify(change), JSON.stringify(by)]
}

/** The end of the n-th step of a life. */
export function untilOf(life: LifeWrite['life'], n: number): Instant {
  const step = life[n]
  return step !== undefined && step.state === undefined ? step.at : (life[n + 1]?.at ?? MAX_INSTANT)
}

const NO_VALUES: StepValues = { columns: [], versionsOf: undefined, facets: {}, names: [] }

/** The rows of a life from its n-th step on, with their names; `facetOf` gives the key of a combination of facets. */
export function stepRows(
  kind: string,
  { life, valuesOf, first, facetOf }: LifeWrite & { first: number; facetOf: (facets: ResourceRecord) => number },
): { readonly row: Value[]; readonly names: readonly string[] }[] {
  const made = life[0]?.state?.record
  return life.slice(first).map((step, index) => {
    const { at, isDue, state } = step
    const n = first + index
    const { columns, versionsOf, facets, names } = state === undefined ? NO_VALUES : valuesOf(state.record)
    const row = [
      n,
      kind,
      at,
      untilOf(life, n),
      Number(state?.isHidden ?? false),
      Number(state?.isLost ?? false),
      Number(isDue),
      ...originOf(step),
      state === undefined || state.record === made ? null : JSON.stringify(state.record),
      state === undefined ? null : facetOf(facets),
      versionsOf === undefined ? null : JSON.stringify(versionsOf),
      ...MEMBER_COLUMNS.map((_, member) => memberValue(columns[member])),
    ]
    return { row, names }
  })
}

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)Z$/

/**
 * A member as its column has it. In a timestamp a space takes the place of the Z: fractions have no trailing zeros, so with it,
 * as text, .51Z would come before .5Z.
 */
export function memberValue(value: unknown): string | number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'number') return value
  return typeof value === 'string' ? value.replace(TIMESTAMP, '$1 ') : JSON.stringify(value)
}

/** @throws DamagedRowError for a row that this version did not write. */
export function toResource(row: ResourceRow): StoredResource {
  return readRow(`the resource ${row.id} (table resource)`, () => {
    const events: unknown = JSON.parse(row.events)
    expectColumn(Array.isArray(events), 'events', 'a list')
    return {
      seq: row.seq,
      id: row.id,
      kind: row.kind,
      existsFrom: row.exists_from,
      isHidden: row.is_hidden === 1,
      vanishes: row.vanishes === 1,
      isLossSilent: row.is_loss_silent === 1,
      by: JSON.parse(row.by) as ChangeOrigin,
      record: JSON.parse(row.record) as ResourceRecord,
      events: events as Effect[],
    }
  })
}
