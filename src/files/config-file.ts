import { dirname } from 'node:path'
import { pointerTo } from '../model/pointer.ts'
import { readText, readYaml } from './documents.ts'
import { describeProblem, fileError } from './problems.ts'

/** A parsed configuration file whose values are not checked yet. */
export interface ConfigFile {
  /** The folder that its relative paths start from. */
  readonly folder: string
  readonly values: unknown
  /** The line of a key such as `auth.mode` or `users.0.name`, or of the nearest value around it. */
  readonly lineOf: (key: string) => number | undefined
}

/** Whether a pointer names a secret, perhaps with a typing error. No error quotes such a value. */
export function isSecretPlace(pointer: string): boolean {
  return /^\/[^/]*(?:admin|tok|sec|jwt|auth|user|pass)/i.test(pointer)
}

/** Reads YAML, and JSON as YAML. Throws a StartError that names the file, and the line if there is one. */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const folder = dirname(file)
  const text = await readText(file)
  // An empty file is a configuration without settings.
  if (text.trim() === '') return { folder, values: null, lineOf: () => undefined }
  const { value, lineOf } = await readYaml(file, text, { isSecret: isSecretPlace })
  return {
    folder,
    values: withoutSchema(file, value, lineOf),
    lineOf: (key) => lineOf(pointerTo(...key.split('.'))),
  }
}

/** `$schema` names the JSON Schema for editors; it is not a setting. */
function withoutSchema(file: string, value: unknown, lineOf: (pointer: string) => number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { $schema, ...settings } = value as Readonly<Record<string, unknown>>
  if ($schema === undefined || typeof $schema === 'string') return settings
  const pointer = '/$schema'
  throw fileError([describeProblem({ file, line: lineOf(pointer), pointer, message: 'must be text' })])
}
