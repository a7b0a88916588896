import { isRecord } from '../model/is-record.ts'

/** Spellings of earlier versions, with their replacements. Flags and environment variables kept theirs. */
const REPLACEMENTS = new Map([
  ['tokenTtl', 'auth.tokenTtl'],
  ['settings.tokenTtl', 'auth.tokenTtl'],
  ['authAlgorithm', 'auth.algorithm'],
  ['jwtSecret', 'auth.jwtSecret'],
  ['user', 'users'],
  ['noAdmin', 'admin: false'],
  ['strictFields', 'settings.strictFields'],
])

/** The error for a key of a file, or an option of the library, that is no longer accepted; undefined for any other. */
export function removedSpelling(key: string, value: unknown): string | undefined {
  const replacement = REPLACEMENTS.get(key) ?? replacementOfForm(key, value)
  return replacement === undefined ? undefined : `is no longer accepted: use ${replacement}`
}

/** The replacement of a text, if only a map is accepted now. */
function replacementOfForm(key: string, value: unknown): string | undefined {
  if (value === null || isRecord(value)) return undefined
  if (key === 'scenarios' && typeof value === 'string') return 'scenariosDir'
  // YAML 1.1 reads off as false.
  const mode = ['strict', 'any', 'off'].find((each) => each === value || (value === false && each === 'off'))
  return key === 'auth' && mode !== undefined ? `auth: { mode: ${mode} }` : undefined
}
