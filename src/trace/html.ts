import { withoutSecrets } from '../journal/redaction.ts'

/** A piece of a page: markup of ours around texts of others, which are escaped. */
export interface Html {
  readonly markup: string
}

type Part = string | number | undefined | Html | readonly Part[]

/** Markup with values in it. Whatever is no `Html` itself is a text, wherever it stands: in an element or in a quoted attribute. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return { markup: String.raw({ raw: strings }, ...values.map(markupOf)) }
}

function markupOf(value: Part): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  if (typeof value === 'string') return escaped(withoutSecrets(value))
  return 'markup' in value ? value.markup : value.map(markupOf).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Characters that no document may hold, and those that turn the direction of what follows, are shown by their number. */
const UNSAFE = /[&<>"']|[^\P{C}\n\t]/gu

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(UNSAFE, (char) => ENTITIES[char] ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}

/** JSON for people, as a text. Not indented where that would make it many times longer: lists may be nested deeply. */
export function pretty(value: unknown): string {
  if (typeof value === 'string') return value
  const [compact, indented] = [JSON.stringify(value), JSON.stringify(value, undefined, 2)]
  return indented.length <= MAX_GROWTH * compact.length + MAX_SHORT ? indented : compact
}

const MAX_GROWTH = 3
/** Characters that a document may always take. */
const MAX_SHORT = 2000
