import { ERRORS, type ErrorKind } from '../errors.ts'
import { freshId } from '../model/identifiers.ts'
import { renderError } from '../wire/error.ts'
import { REQUEST_ID_HEADER } from './error-handler.ts'
import { clientErrorStatus, type ClientError, type RenderedError } from './raw-refusal.ts'

const KINDS: Readonly<Record<number, ErrorKind>> = {
  400: ERRORS.badRequest,
  408: ERRORS.timeout,
  413: ERRORS.tooLarge,
  431: ERRORS.headersTooLarge,
}

/** Renders the refusal of a request that could not be read, in the vendor's format. */
export function renderClientError(error: ClientError): RenderedError {
  const kind = KINDS[clientErrorStatus(error)] ?? ERRORS.badRequest
  const id = freshId()
  return {
    status: kind.status,
    body: renderError({ kind, message: error.message }, id),
    headers: { [REQUEST_ID_HEADER]: id, 'x-content-type-options': 'nosniff' },
  }
}
