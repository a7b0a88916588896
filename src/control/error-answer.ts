import type { FastifyReply, FastifyRequest } from 'fastify'
import { BodyError, EmulatorError, ERRORS, type ErrorKind } from '../errors.ts'
import { HINT_HEADER, JSON_TYPE, printable } from '../wire/headers.ts'

/** What an error means to a client; undefined: nobody foresaw it, or the framework knows more. */
export type Explain = (error: unknown) => EmulatorError | undefined

interface Failed {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly explain: Explain
}

/** A refusal in the shape of the control API; what nobody foresaw is logged whole. */
export function answerError(error: unknown, { request, reply, explain }: Failed): void {
  const known = explain(error) ?? fromFramework(error)
  if (known === undefined) request.log.error({ err: error }, 'unexpected error')
  const { kind, message, hint, pointer } = known ?? new EmulatorError('internal', 'unexpected error')
  if (hint !== undefined) reply.header(HINT_HEADER, printable(hint))
  const body = { error: { code: codeOf(kind), message, ...(pointer !== undefined && { pointer }) } }
  void reply.code(kind.status).type(JSON_TYPE).send(JSON.stringify(body))
}

/** Codes of the control API are the names of the catalogue, as words. */
function codeOf(kind: ErrorKind): string {
  const [name = 'internal'] = Object.entries(ERRORS).find(([, each]) => each === kind) ?? []
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function fromFramework(error: unknown): EmulatorError | undefined {
  if (error instanceof BodyError) return new EmulatorError('badRequest', error.message, undefined, '')
  const { statusCode = 500, message } = error as { statusCode?: number; message: string }
  if (statusCode === 413) return new EmulatorError('tooLarge', message)
  return statusCode < 500 ? new EmulatorError('badRequest', message) : undefined
}
