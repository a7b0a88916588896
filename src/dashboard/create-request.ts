/** The fields of the form for a new job. */
export interface NewJob {
  readonly family: string
  readonly operation: string
  /** One id a line. */
  readonly items: string
  /** '': the default of the domain. */
  readonly scenario: string
}

/**
 * The body of `POST .../jobs` for a form. `itemField` is the field in which the family of the job names its items; an example of
 * its requests shows whether they have an operation, and whether they name one item or several.
 */
export function toCreateBody(
  { family, operation, items, scenario }: NewJob,
  itemField: string,
  example: unknown = { operation },
): object {
  const ids = items.split(/[\s,]+/).filter((id) => id !== '')
  const fields = new Map(Object.entries(example ?? {}))
  const named = typeof fields.get(itemField) === 'string' ? ids[0] : ids
  const request = { ...(fields.has('operation') && { operation }), ...(ids.length > 0 && { [itemField]: named }) }
  return { family, request, ...(scenario !== '' && { scenario }) }
}

/** Sample ids, one a line. */
export function sampleItems(count: number): string {
  return Array.from({ length: count }, (_each, index) => `key-${String(index + 1).padStart(2, '0')}`).join('\n')
}
