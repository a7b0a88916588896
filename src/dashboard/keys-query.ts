/** Which resources the table shows. */
export interface KeysQuery {
  readonly kind: string
  readonly state: string
  /** The id of a container. */
  readonly container: string
  /** The beginning of an id, or a part of a name. */
  readonly search: string
  /** As the control API takes it: `kind`, `-changedAt`. */
  readonly sort: string
  readonly skip: number
}

export const KEYS_PAGE_SIZE = 25
export const FIRST_KEYS: KeysQuery = { kind: '', state: '', container: '', search: '', sort: 'kind', skip: 0 }

/** The query of the list. The server filters, sorts and cuts. Hidden resources are part of it, and marked. */
export function keysQueryOf(query: KeysQuery, at = ''): string {
  const { skip, search, ...rest } = query
  const given = Object.entries({ ...rest, search: search.trim(), at, skip: skip === 0 ? '' : String(skip) }).filter(
    ([, value]) => value !== '',
  )
  const fixed = { limit: String(KEYS_PAGE_SIZE), summary: 'true', hidden: 'true' }
  return new URLSearchParams([...given, ...Object.entries(fixed)]).toString()
}

/** Whether a query leaves resources out. */
export function hasKeysFilter({ kind, state, container, search }: KeysQuery): boolean {
  return [kind, state, container, search].some((value) => value !== '')
}
