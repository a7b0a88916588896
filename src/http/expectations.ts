import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import { EmulatorError } from '../errors.ts'

/**
 * Answers the Expect header (RFC 9110, 10.1.1). `100-continue` gets its 100 when the body is about to be read, so an
 * earlier refusal saves the client from sending the body. Any other expectation gets 417.
 */
export function answerExpectations(
  app: FastifyInstance,
  { rawSocketOf }: { readonly rawSocketOf: (socket: Socket) => Socket | undefined },
): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const expected = expectationOf(request)
    if (expected === undefined || isContinue(expected)) done()
    else throw new EmulatorError('expectationFailed', `Expect: ${expected.slice(0, 100)}; the only one is 100-continue`)
  })
  app.addHook('preParsing', (request, reply, _payload, done) => {
    const isWaiting = isContinue(expectationOf(request) ?? '')
    // Without a 100, Node closes the connection after the response. A request without a socket gets no 100.
    if (isWaiting && !isTooLarge(request) && rawSocketOf(request.raw.socket) !== undefined) reply.raw.writeContinue()
    done()
  })
}

/** HTTP/1.0 does not define Expect. */
function expectationOf({ headers, raw }: FastifyRequest): string | undefined {
  return raw.httpVersion === '1.0' ? undefined : headers.expect
}

function isContinue(expected: string): boolean {
  return expected.trim().toLowerCase() === '100-continue'
}

function isTooLarge({ headers, routeOptions }: FastifyRequest): boolean {
  return Number(headers['content-length'] ?? 0) > routeOptions.bodyLimit
}
