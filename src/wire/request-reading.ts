import type { TSchema } from 'typebox'
import type { JobRequest } from '../model/family.ts'
import type { Settings } from '../model/settings.ts'
import type { Issue } from '../model/issue.ts'

/** A create request understood, or everything that is wrong with it. */
export type RequestReading =
  | {
      readonly request: Omit<JobRequest, 'family' | 'content'>
      /** Names of fields that were sent, are not documented, and changed nothing. */
      readonly ignored: readonly string[]
    }
  | { readonly issues: readonly Issue[] }

/** How a family reads the body of its create request. */
export interface RequestReader {
  /** The documented body, for validation and for the OpenAPI document. */
  readonly schema: TSchema
  readonly read: (body: unknown, settings: Settings) => RequestReading
}

/** Sent fields that the schema does not know, as issues of a strict server or as names to hint at. */
export function withoutUnknown(
  issues: readonly Issue[],
  { strictFields }: Pick<Settings, 'strictFields'>,
): { issues: Issue[]; ignored: string[] } {
  const unknown = issues.filter((issue) => issue.unknown !== undefined)
  return {
    issues: issues.filter((issue) => strictFields || issue.unknown === undefined),
    ignored: strictFields ? [] : unknown.map(({ pointer }) => dotted(pointer)),
  }
}

/** A JSON pointer as the vendor names fields: `delete_key_backups_param.key_id`. */
export function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
}

/** A body without the members whose value is null: to the Go services of CM the two are the same. */
export function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]))
}

/** JSON text of a value with its keys in order: equal for equal requests, however they were written. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
