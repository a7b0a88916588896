import type { Issue } from '../model/issue.ts'
import { dotted } from './create-request.ts'

/** Everything that is wrong with a request in the form in which a client has seen CM say it: a line a field. */
export function issueMessage(issues: readonly Issue[]): string {
  const lines = issues.map(({ pointer, message }) => `${pointer === '' ? 'body' : dotted(pointer)}: ${message}`)
  return `Validation errors:\n${lines.join('\n')}`
}
