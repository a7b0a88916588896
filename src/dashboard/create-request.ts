/** What the form for a new job holds. */
export interface NewJob {
  readonly family: string
  readonly operation: string
  /** One id a line. */
  readonly items: string
  /** '': the default of the domain. */
  readonly scenario: string
}

/** The body of `POST .../jobs` for a form: each family names its items in its own way. */
export function toCreateBody({ family, operation, items, scenario }: NewJob): object {
  const ids = items.split(/[\s,]+/).filter((id) => id !== '')
  const field = family.startsWith('azure') ? 'backups' : 'keys'
  const days = operation === 'schedulekeydeletion' ? { days: 7 } : {}
  const request = { operation, ...(ids.length > 0 && { [field]: ids }), ...days }
  return { family, request, ...(scenario !== '' && { scenario }) }
}

/** So many ids to begin with, for those who only want to see something happen. */
export function sampleItems(count: number): string {
  return Array.from({ length: count }, (_each, index) => `key-${String(index + 1).padStart(2, '0')}`).join('\n')
}
