import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BodyError, EmulatorError, ERRORS, type ErrorName } from '../errors.ts'
import { renderError } from '../wire/error.ts'
import { HINT_HEADER, JSON_TYPE, printable } from '../wire/headers.ts'
import { issueMessage } from '../wire/issues.ts'
import type { FaultActions } from './fault-actions.ts'
import { MAX_BODY_MIB } from './json-body.ts'

/** Appears in the log, in a header of every response, and as `requestID` in errors. */
export const REQUEST_ID_HEADER = 'x-emulator-request-id'

/** The refusal for an error; undefined for errors of the framework and unexpected ones. */
export type Explain = (error: unknown) => EmulatorError | undefined

/** The only place where errors become responses. Unexpected errors are logged and answered with a bare 500. */
export function installErrorHandler(
  app: FastifyInstance,
  { faults, explain }: { readonly faults: Pick<FaultActions, 'executeBeforeHandler'>; readonly explain: Explain },
): void {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    // A request with an unreadable body still gets the fault that hit it on arrival.
    if (!(await faults.executeBeforeHandler(request, reply))) return reply
    const known = explain(error) ?? fromFastify(error)
    if (known === undefined) request.log.error({ err: error }, 'unexpected error')
    sendError(reply, request, known ?? new EmulatorError('internal', 'unexpected error'))
    return reply
  })
}

/** Sends a refusal in the vendor's shape, with its hint in a header. */
export function sendError(reply: FastifyReply, request: FastifyRequest, error: EmulatorError): void {
  if (error.hint !== undefined) reply.header(HINT_HEADER, printable(error.hint))
  void reply.code(error.kind.status).type(JSON_TYPE).send(renderError(error, request.id))
}

const BY_STATUS = new Map(Object.entries(ERRORS).map(([name, { status }]) => [status as number, name as ErrorName]))

/** The refusal for an error of the body parser or the framework; undefined for an unexpected one. */
export function fromFastify(error: FastifyError | BodyError): EmulatorError | undefined {
  if (error instanceof BodyError)
    return new EmulatorError('badRequest', issueMessage([{ pointer: '', message: error.problem }]))
  const { code, statusCode = 500, message } = error
  if (statusCode >= 500) return undefined
  if (statusCode === 413) return new EmulatorError('tooLarge', `the limit is ${MAX_BODY_MIB} MiB`)
  if (code === 'FST_ERR_BAD_URL') return new EmulatorError('notFound', 'Resource not found')
  return new EmulatorError(BY_STATUS.get(statusCode) ?? 'badRequest', message)
}
