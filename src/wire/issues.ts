import type { Issue } from '../model/issue.ts'
import { dotted } from './create-request.ts'

/** All issues of a request in the form that a client has seen from CM: one line per field. */
export function issueMessage(issues: readonly Issue[]): string {
  const lines = issues.map(({ pointer, message }) => `${pointer === '' ? 'body' : dotted(pointer)}: ${message}`)
  return `Validation errors:\n${lines.join('\n')}`
}
