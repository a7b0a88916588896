import { EmulatorError } from '../errors.ts'
import type { Violation } from '../model/validate.ts'
import { violationMessage } from '../wire/violations.ts'

/** What is wrong with something that was sent, as a catalogue error that points at the first of it. */
export function invalid(violations: readonly Violation[]): EmulatorError {
  return new EmulatorError('badRequest', violationMessage(violations), undefined, violations[0]?.pointer)
}
