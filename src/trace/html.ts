import { withoutSecrets } from '../journal/redaction.ts'

/** A piece of a page: trusted markup with escaped texts in it. */
export interface Html {
  readonly markup: string
}

type Part = string | number | undefined | Html | readonly Part[]

/** Markup with values in it. Values that are not `Html` are escaped, for elements and quoted attributes alike. */
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

/** Control characters and those that change the direction of text are shown by their code point. */
const UNSAFE = /[&<>"']|[^\P{C}\n\t]/gu

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(UNSAFE, (char) => ENTITIES[char] ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}

/** JSON for people, as a text. Not indented if that would make it many times longer, as with deeply nested lists. */
export function pretty(value: unknown): string {
  if (typeof value === 'string') return value
  const [compact, indented] = [JSON.stringify(value), JSON.stringify(value, undefined, 2)]
  return indented.length <= MAX_GROWTH * compact.length + MAX_SHORT ? indented : compact
}

const MAX_GROWTH = 3
/** Up to this many characters, indented JSON is always acceptable. */
const MAX_SHORT = 2000
