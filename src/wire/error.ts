import type { EmulatorError } from '../errors.ts'

/** An error as the vendor writes it: `code`, `codeDesc`, `message`, `requestID` (shared by CM's clients and tests). */
export function renderError({ kind, message }: Pick<EmulatorError, 'kind' | 'message'>, requestId: string): string {
  return JSON.stringify({ code: kind.code, codeDesc: kind.codeDesc, message, requestID: requestId })
}
