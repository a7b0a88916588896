import type { Issue } from '../model/issue.ts'
import type { Complaint } from './reader.ts'
import { nearest } from './suggest.ts'

/** As the schema check says it. */
export const UNKNOWN_FIELD = 'is not a known field'

export function unknownKeys(value: Readonly<Record<string, unknown>>, known: readonly string[]): Complaint[] {
  const unknown = Object.keys(value).filter((key) => !known.includes(key))
  return unknown.map((key) => withSuggestion({ at: `.${key}`, message: UNKNOWN_FIELD }, nearest(key, known)))
}

export function toComplaints(issues: readonly Issue[], known: readonly string[]): Complaint[] {
  return issues.map(({ pointer, message, unknown }) =>
    withSuggestion(
      { at: pointer.replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~'), message },
      unknown === undefined ? undefined : nearest(unknown, known),
    ),
  )
}

function withSuggestion(complaint: Complaint, suggestion: string | undefined): Complaint {
  return suggestion === undefined ? complaint : { ...complaint, suggestion }
}
