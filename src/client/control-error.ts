import { parseJson } from '../model/parse-json.ts'
import type { ErrorAnswer } from './answers/domains.ts'

/** An error of the control API: a response with a status of 400 or more. */
export class ControlError extends Error {
  /** 400 bad request, 401 or 403 not allowed, 404 not found, 408 timeout, 409 conflict, 413 too large, 429 too many domains. */
  readonly status: number
  /** The same for programs: `not-found`, `conflict`; `unknown` if the answer is not the control API's. */
  readonly code: string
  /** The wrong place in the request: a JSON pointer into the body, or `/NAME` of a query parameter. */
  readonly pointer: string | undefined
  /** The whole response, parsed if it is JSON. */
  readonly answer: unknown

  constructor(status: number, text: string) {
    const answer = parseJson(text)
    const { error } = (answer ?? {}) as Partial<ErrorAnswer>
    super(error?.message ?? `the control API answered ${status}`)
    this.name = 'ControlError'
    this.status = status
    this.code = error?.code ?? 'unknown'
    this.pointer = error?.pointer
    this.answer = answer
  }
}
