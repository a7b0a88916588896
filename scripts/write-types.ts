// Writes the public types from the schemas, with doc comments made of description, default, unit and example.
//
//   node scripts/write-types.ts          writes them
//
// test/public-types.test.ts holds the files to the schemas.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import type { OptionNode } from '../src/config/check.ts'
import * as requests from '../src/client/schemas.ts'
import { OptionsSchema } from '../src/config/options.ts'
import { FaultSchema } from '../src/model/fault.ts'
import { JobRuleSchema } from '../src/model/rule.ts'
import { ItemRuleSchema, ScenarioSchema } from '../src/model/scenario.ts'
import { SettingsSchema } from '../src/model/settings.ts'
import { SweepPlanSchema } from '../src/model/sweep.ts'
import { UserSchema } from '../src/model/user.ts'

interface TypeFile {
  /** The imports. */
  readonly head: string
  readonly interfaces: readonly { readonly name: string; readonly description: string; readonly schema: object }[]
}

const NOTE = '// Written by scripts/write-types.ts from the schemas: do not edit.\n\n'

/** Types that other schemas refer to, by the fields of their schema. */
const NAMED = new Map<unknown, string>(
  Object.entries({
    Settings: SettingsSchema,
    User: UserSchema,
    ScenarioSource: ScenarioSchema,
    ItemRule: ItemRuleSchema,
    ClockRequest: requests.ClockBody,
    SettingsRequest: requests.SettingsBody,
  }).map(([name, { properties }]) => [properties, name]),
)

const FILES: Readonly<Record<string, TypeFile>> = {
  'src/config/options-types.ts': {
    head: `import type { ClockMode } from '../model/domain.ts'
import type { ScenarioSource, User } from '../model/source-types.ts'
`,
    interfaces: [
      {
        name: 'EmulatorOptions',
        description: 'The options of `createEmulator()`, which are the keys of a configuration file too.',
        schema: OptionsSchema,
      },
    ],
  },
  'src/model/source-types.ts': {
    head: '',
    interfaces: [
      { name: 'Settings', description: 'The switches of the fidelity ledger.', schema: SettingsSchema },
      { name: 'User', description: 'A user who can sign in.', schema: UserSchema },
      { name: 'ItemRule', description: 'A rule for some items of a job.', schema: ItemRuleSchema },
      {
        name: 'ScenarioSource',
        description: 'A scenario as a file or a request writes it.',
        schema: ScenarioSchema,
      },
      {
        name: 'FaultSource',
        description: 'A fault rule: which calls fail or are delayed on purpose, and how.',
        schema: FaultSchema,
      },
      {
        name: 'JobRuleSource',
        description: 'A job rule: the scenario of the next matching jobs that clients create.',
        schema: JobRuleSchema,
      },
      {
        name: 'SweepPlanRequest',
        description: 'The faults of a sweep, the Retry-After of 503 and 429, and the delay of a slow response.',
        schema: SweepPlanSchema,
      },
    ],
  },
  'src/client/request-types.ts': {
    head: `import type { ScenarioSource, User } from '../model/source-types.ts'
`,
    interfaces: [
      { name: 'AdvanceRequest', description: 'How far to advance a clock.', schema: requests.AdvanceBody },
      { name: 'ClockRequest', description: 'The clock of a domain.', schema: requests.ClockBody },
      { name: 'DomainRequest', description: 'A domain to create.', schema: requests.DomainBody },
      { name: 'NewJobRequest', description: 'A job to create.', schema: requests.NewJobBody },
      { name: 'NewResourceRequest', description: 'A resource to add.', schema: requests.NewResourceBody },
      { name: 'DomainTokenRequest', description: 'A token to issue.', schema: requests.TokenBody },
      { name: 'SettingsRequest', description: 'The settings of a domain.', schema: requests.SettingsBody },
      { name: 'RequestWaitRequest', description: 'Requests to wait for.', schema: requests.RequestWaitBody },
      { name: 'EndRequest', description: 'The end of a test.', schema: requests.EndBody },
    ],
  },
}

/** The text of each file, by its path. */
export async function typeFiles(): Promise<ReadonlyMap<string, string>> {
  const style = await resolveConfig(fileURLToPath(import.meta.url))
  const texts = Object.entries(FILES).map(async ([path, { head, interfaces }]) => {
    const code = interfaces.map(({ name, description, schema }) => {
      const node: OptionNode = schema
      const code =
        node.anyOf === undefined ? `interface ${name} {\n${fieldsOf(node)}\n}` : `type ${name} = ${typeOf(node)}`
      return `\n/** ${description} */\nexport ${code}\n`
    })
    return [path, await format(NOTE + head + code.join(''), { ...style, parser: 'typescript' })] as const
  })
  return new Map(await Promise.all(texts))
}

// A field may be written as undefined, for callers that compile with exactOptionalPropertyTypes.
function fieldsOf(schema: OptionNode): string {
  const required = (schema as { readonly required?: readonly string[] }).required ?? []
  return Object.entries(schema.properties ?? {})
    .map(([name, field]) => {
      const isRequired = required.includes(name)
      const defaults = (schema.default ?? {}) as Readonly<Record<string, unknown>>
      const known = typeOf(field)
      const type = isRequired || known === 'unknown' ? known : `${known} | undefined`
      return `${docOf({ ...field, default: field.default ?? defaults[name] })}readonly ${name}${isRequired ? '' : '?'}: ${type}`
    })
    .join('\n')
}

function docOf(schema: OptionNode): string {
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

function typeOf(schema: OptionNode): string {
  const { type, enum: words, const: only, anyOf, items, properties, patternProperties = {}, 'x-type': named } = schema
  const name = named ?? NAMED.get(properties)
  if (name !== undefined) return name
  if (anyOf !== undefined) {
    const types = [...new Set(anyOf.map(typeOf))]
    // `string` includes each word.
    return types.filter((each) => !(types.includes('string') && each.startsWith("'"))).join(' | ')
  }
  if (words !== undefined) return words.map(textOf).join(' | ')
  if (only !== undefined) return textOf(only)
  if (items !== undefined) return `readonly (${typeOf(items)})[]`
  const [entry] = Object.values(patternProperties)
  if (entry !== undefined) return `Readonly<Record<string, ${typeOf(entry)}>>`
  if (properties !== undefined) return `{\n${fieldsOf(schema)}\n}`
  return type === 'integer' ? 'number' : typeof type === 'string' ? type : 'unknown'
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of await typeFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text)
