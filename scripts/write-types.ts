// Writes the public types from the schemas, with doc comments made of description, default, unit and example.
//
//   node scripts/write-types.ts          writes them
//
// test/public-types.test.ts holds the files to the schemas.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import type { SchemaNode } from '../src/config/check.ts'
import { OptionsSchema } from '../src/config/options.ts'

interface TypeFile {
  /** What stands above the interfaces. */
  readonly head: string
  readonly interfaces: readonly { readonly name: string; readonly description: string; readonly schema: SchemaNode }[]
  /** Whether a field may be written as undefined, for callers that compile with exactOptionalPropertyTypes. */
  readonly allowsUndefined: boolean
}

const NOTE = '// Written by scripts/write-types.ts from the schemas: do not edit.\n\n'

const options: SchemaNode = OptionsSchema

const FILES: Readonly<Record<string, TypeFile>> = {
  'src/config/options-types.ts': {
    head: `${NOTE}import type { ClockMode } from '../model/domain.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { User } from '../model/user.ts'
`,
    interfaces: [
      {
        name: 'EmulatorOptions',
        description: 'The options of `createEmulator()`, which are the keys of a configuration file too.',
        schema: options,
      },
    ],
    allowsUndefined: true,
  },
}

/** The text of each file, by its path. */
export async function typeFiles(): Promise<ReadonlyMap<string, string>> {
  const style = await resolveConfig(fileURLToPath(import.meta.url))
  const texts = Object.entries(FILES).map(async ([path, { head, interfaces, allowsUndefined }]) => {
    const code = interfaces.map(({ name, description, schema }) => {
      const body = fieldsOf(schema, allowsUndefined)
      return `\n/** ${description} */\nexport interface ${name} {\n${body}\n}\n`
    })
    return [path, await format(head + code.join(''), { ...style, parser: 'typescript' })] as const
  })
  return new Map(await Promise.all(texts))
}

function fieldsOf(schema: SchemaNode, allowsUndefined: boolean): string {
  const required = (schema as { readonly required?: readonly string[] }).required ?? []
  return Object.entries(schema.properties ?? {})
    .map(([name, field]) => {
      const isRequired = required.includes(name)
      const defaults = (schema.default ?? {}) as Readonly<Record<string, unknown>>
      const type = typeOf(field, allowsUndefined) + (isRequired || !allowsUndefined ? '' : ' | undefined')
      return `${docOf({ ...field, default: field.default ?? defaults[name] })}readonly ${name}${isRequired ? '' : '?'}: ${type}`
    })
    .join('\n')
}

function docOf(schema: SchemaNode): string {
  const { description, examples = [], 'x-unit': unit } = schema
  if (description === undefined) return ''
  // A name such as overall_status keeps its spelling.
  const isWord = /^[a-z]+\b(?!_)/.test(description)
  const sentence = `${isWord ? description.charAt(0).toUpperCase() + description.slice(1) : description}.`
  const fallback = schema['x-library-default'] ?? schema.default
  const shown = fallback === undefined ? schema['x-default'] : textOf(fallback)
  const lines = [
    sentence,
    ...(unit === undefined ? [] : ['', `Unit: ${unit}.`]),
    ...(shown === undefined && examples.length === 0 ? [] : ['']),
    ...(shown === undefined ? [] : [`@default ${shown}`]),
    ...examples.map((example) => `@example ${textOf(example)}`),
  ]
  if (lines.length === 1) return `/** ${sentence} */\n`
  return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */\n'].join('\n')
}

/** A value as TypeScript writes it. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`
  const fields = Object.entries(value).map(([key, each]) => `${key}: ${textOf(each)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

function typeOf(schema: SchemaNode, allowsUndefined: boolean): string {
  const { type, enum: words, const: only, anyOf, items, properties, patternProperties = {}, 'x-type': named } = schema
  if (named !== undefined) return named
  if (anyOf !== undefined) return [...new Set(anyOf.map((each) => typeOf(each, allowsUndefined)))].join(' | ')
  if (words !== undefined) return words.map(textOf).join(' | ')
  if (only !== undefined) return textOf(only)
  if (items !== undefined) return `readonly (${typeOf(items, allowsUndefined)})[]`
  const [entry] = Object.values(patternProperties)
  if (entry !== undefined) return `Readonly<Record<string, ${typeOf(entry, allowsUndefined)}>>`
  if (properties !== undefined) return `{\n${fieldsOf(schema, allowsUndefined)}\n}`
  return type === 'integer' ? 'number' : String(type)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of await typeFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text)
