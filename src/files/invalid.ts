import { EmulatorError } from '../errors.ts'
import type { Issue } from '../model/issue.ts'
import { issueMessage } from '../wire/issues.ts'

/** The issues of a request as a catalogue error that points at the first of them. */
export function invalid(issues: readonly Issue[]): EmulatorError {
  return new EmulatorError('badRequest', issueMessage(issues), undefined, issues[0]?.pointer)
}
