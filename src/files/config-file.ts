import { dirname } from 'node:path'
import { pointerTo } from '../model/pointer.ts'
import { readText, readYaml } from './documents.ts'
import { describeProblem, fileError } from './problems.ts'

/** A configuration file as it was read, and not yet understood. */
export interface ConfigFile {
  /** From where its relative paths count. */
  readonly folder: string
  readonly values: unknown
  /** The line on which a key such as `auth.mode` or `users.0.name` stands, or the nearest thing around it. */
  readonly lineOf: (key: string) => number | undefined
}

/** Whether a key is one of a secret, or one with a typing error: what it holds is in no error. */
export function isSecretPlace(pointer: string): boolean {
  return /^\/[^/]*(?:admin|tok|sec|jwt|auth|user|pass)/i.test(pointer)
}

/** Reads YAML, and JSON as the YAML that it is; throws a StartError that names the file, and the line where there is one. */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const folder = dirname(file)
  const text = await readText(file)
  // A file without a setting changes nothing.
  if (text.trim() === '') return { folder, values: null, lineOf: () => undefined }
  const { value, lineOf } = await readYaml(file, text, { isSecret: isSecretPlace })
  return {
    folder,
    values: withoutSchema(file, value, lineOf),
    lineOf: (key) => lineOf(pointerTo(...key.split('.'))),
  }
}

/** `$schema` names the JSON Schema for editors, and sets nothing. */
function withoutSchema(file: string, value: unknown, lineOf: (pointer: string) => number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { $schema, ...settings } = value as Readonly<Record<string, unknown>>
  if ($schema === undefined || typeof $schema === 'string') return settings
  const pointer = '/$schema'
  throw fileError([describeProblem({ file, line: lineOf(pointer), pointer, message: 'must be text' })])
}
