import Type, { type TSchema } from 'typebox'
import { documented } from './certainty.ts'

/** The schema of a list; that of its elements may be a reference. */
export function pageSchema(element: TSchema) {
  return Type.Object({
    skip: Type.Integer(documented('As asked for.')),
    limit: Type.Integer(documented('As asked for.')),
    total: Type.Integer(documented('How many there are in all.')),
    resources: Type.Array(element, documented('Those of this page.')),
  })
}

/** A schema by its name under `components` of the OpenAPI document. */
export function referenceTo(name: string): TSchema {
  return Type.Unsafe({ $ref: `#/components/schemas/${name}` })
}

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

interface Page {
  readonly skip: number
  readonly limit: number
  readonly total: number
  /** Elements of the list, one or more with commas between them to a text. */
  readonly resources: readonly string[]
}
