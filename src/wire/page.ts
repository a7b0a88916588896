import Type, { type TSchema } from 'typebox'
import { documented } from './certainty.ts'

/** The schema of a list; that of its elements may be a reference. */
export function pageSchema(element: TSchema) {
  return Type.Object({
    skip: Type.Integer(documented('As requested.')),
    limit: Type.Integer(documented('As requested; the switch `listMaximum` cuts it.')),
    total: Type.Integer(documented('The number of all entries.')),
    resources: Type.Array(element, documented('The entries of this page.')),
  })
}

/** A schema by its name under `components` of the OpenAPI document. */
export function referenceTo(name: string): TSchema {
  return Type.Unsafe({ $ref: `#/components/schemas/${name}` })
}

/**
 * A list in the vendor's form, `{skip, limit, total, resources}`, in parts that are sent one after the other. Resources
 * are already JSON text.
 */
export function pageParts({ skip, limit, total, resources }: Page): string[] {
  return [`{"skip":${skip},"limit":${limit},"total":${total},"resources":[`, ...separated(resources), ']}']
}

/** The same as one text. */
export function renderPage(page: Page): string {
  return pageParts(page).join('')
}

/** Texts as the elements of one JSON list: each but the first starts with a comma. */
export function separated(texts: readonly string[]): string[] {
  return texts.map((text, index) => (index === 0 ? text : `,${text}`))
}

interface Page {
  readonly skip: number
  readonly limit: number
  readonly total: number
  /** Elements of the list: each text has one or more, separated by commas. */
  readonly resources: readonly string[]
}
