import Type from 'typebox'
import type { EmulatorError } from '../errors.ts'
import { seen } from './certainty.ts'

/** The body of every error. */
export const ErrorBody = Type.Object({
  code: Type.Integer(seen('The kind of error; the HTTP status if the number of CM is unknown.')),
  codeDesc: Type.String(seen('The kind of error: a label, and often a text after a colon. Never in a body of 2xx.')),
  message: Type.Optional(Type.String(seen('The error; for an invalid field, its name and what was expected.'))),
  requestID: Type.Optional(Type.String(seen('The request; also in the header X-Emulator-Request-Id and in the log.'))),
})

/** An error as the vendor writes it: `code`, `codeDesc`, `message`, `requestID` (shared by CM's clients and tests). */
export function renderError({ kind, message }: Pick<EmulatorError, 'kind' | 'message'>, requestId: string): string {
  return JSON.stringify({ code: kind.code, codeDesc: kind.codeDesc, message, requestID: requestId })
}
