/** A list as the vendor writes it: `{skip, limit, total, resources}`, from jobs that are JSON text already. */
export function renderPage({ skip, limit, total, resources }: Page): string {
  return `{"skip":${skip},"limit":${limit},"total":${total},"resources":[${resources.join(',')}]}`
}

export interface Page {
  readonly skip: number
  readonly limit: number
  readonly total: number
  readonly resources: readonly string[]
}
