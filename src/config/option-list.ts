import type { OptionNode } from './check.ts'
import { OptionsSchema } from './options.ts'
import { text } from './value-types.ts'

/** One option: its names in each source, and its schema. */
export interface Option {
  /** Its key in a configuration file, such as `auth.mode`; undefined if only a flag and a variable can set it. */
  readonly key: string | undefined
  /** The name of its flag in camel case. */
  readonly name: string
  /** `--port <number>`; undefined: for files and `createEmulator()` only. */
  readonly flag: string | undefined
  readonly environment: string | undefined
  /** The variable that names a file with the value: for secrets only. */
  readonly secretFile: string | undefined
  readonly schema: OptionNode
  /** Its flag is repeatable, and its environment variable takes several values. */
  readonly isList: boolean
  /** The default as shown in help and documentation. */
  readonly shownDefault: string | undefined
}

/** What a source calls its options. */
export type Source = 'flag' | 'environment' | 'file' | 'option'

export const PREFIX = 'CCKM_EMULATOR_'

/** Options that contain options. */
const GROUPS = ['auth', 'settings'] as const

export function isGroup(key: string): boolean {
  return GROUPS.some((group) => group === key)
}

function optionOf(key: string | undefined, schema: OptionNode, groupDefault?: unknown): Option {
  const flag = schema['x-flag']
  const long = flag?.replace(/ .*$/, '').slice('--'.length)
  const environment = long === undefined ? undefined : PREFIX + long.replaceAll('-', '_').toUpperCase()
  const { default: fallback = groupDefault, 'x-default': shown } = schema
  return {
    key,
    name: long?.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase()) ?? key ?? '',
    flag,
    environment,
    secretFile: environment === undefined || schema['x-secret'] !== true ? undefined : `${environment}_FILE`,
    schema,
    isList: schema.anyOf?.some(({ items }) => items !== undefined) === true || schema === SET_FLAG,
    shownDefault: shown ?? (['string', 'number', 'boolean'].includes(typeof fallback) ? String(fallback) : undefined),
  }
}

const CONFIG_FLAG: OptionNode = text({
  description: 'YAML or JSON file with these options; flags and environment variables take precedence',
  examples: ['emulator.yaml'],
  'x-flag': '--config <file>',
})
const SET_FLAG: OptionNode = {
  description: 'switch of the fidelity ledger, such as createStatus=200; repeatable',
  examples: ['createStatus=200'],
  'x-flag': '--set <switch=value>',
}

const properties: Readonly<Record<string, OptionNode>> = OptionsSchema.properties

/** Every option, in the order of help. */
export const CONFIG_OPTIONS: readonly Option[] = [
  optionOf(undefined, CONFIG_FLAG),
  ...Object.entries(properties).flatMap(([key, schema]) => {
    if (!isGroup(key)) return [optionOf(key, schema)]
    const defaults = (schema.default ?? {}) as Readonly<Record<string, unknown>>
    const inner = Object.entries(schema.properties ?? {}).map(([name, each]) =>
      optionOf(`${key}.${name}`, each, defaults[name]),
    )
    return key === 'settings' ? [optionOf(undefined, SET_FLAG), ...inner] : inner
  }),
]

export const FLAG_OPTIONS = CONFIG_OPTIONS.filter(({ flag }) => flag !== undefined)

/** The name of an option in a source. */
export function spellingOf({ flag, environment, key, name }: Option, source: Source): string {
  if (source === 'flag') return flag?.replace(/ .*$/, '') ?? name
  return (source === 'environment' ? environment : key) ?? name
}

/** The help text of an option: its description, and its default unless the absence of the flag implies it. */
export function flagHelpOf({ schema, shownDefault }: Option): {
  readonly description: string
  readonly fallback?: string
} {
  const description = schema['x-flag-description'] ?? schema.description ?? ''
  const isSwitch = schema.type === 'boolean' && schema['x-default'] === undefined
  return { description, ...(shownDefault !== undefined && !isSwitch && { fallback: shownDefault }) }
}

/** An example value of an option in a file: its own, else a word other than its default, else the default. */
export function exampleOf({ schema, shownDefault = '' }: Option): unknown {
  const [example] = schema.examples ?? []
  if (example !== undefined) return example
  if (schema.type === 'boolean') return shownDefault !== 'true'
  const words = (schema.anyOf ?? []).map(({ const: word }) => word)
  return (
    words.find((word) =>
      typeof word === 'number' || typeof word === 'string' ? String(word) !== shownDefault : false,
    ) ?? shownDefault
  )
}
