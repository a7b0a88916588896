/**
 * A list as the vendor writes it: `{skip, limit, total, resources}`, in parts that are sent one after the other. Resources are
 * JSON text already.
 */
export function pageParts({ skip, limit, total, resources }: Page): string[] {
  return [`{"skip":${skip},"limit":${limit},"total":${total},"resources":[`, ...separated(resources), ']}']
}

/** The same as one text. */
export function renderPage(page: Page): string {
  return pageParts(page).join('')
}

/** Texts as the elements of one JSON list: each but the first begins with a comma. */
export function separated(texts: readonly string[]): string[] {
  return texts.map((text, index) => (index === 0 ? text : `,${text}`))
}

export interface Page {
  readonly skip: number
  readonly limit: number
  readonly total: number
  /** Elements of the list, one or more with commas between them to a text. */
  readonly resources: readonly string[]
}
