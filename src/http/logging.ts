import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DOMAIN_HEADER } from '../wire/headers.ts'

/**
 * Logs one line per request, when its response is sent. Only selected fields are logged: headers, bodies and query
 * strings may contain tokens and passwords.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    writeLine(request, reply, Math.round(reply.elapsedTime * 1000) / 1000)
    done()
  })
}

/** The line of a request whose path cannot be read: the framework calls no hook for it. */
export function logUnreadable(request: FastifyRequest, reply: FastifyReply): void {
  writeLine(request, reply, 0)
}

function writeLine(request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
  const { operation, job } = request.call
  // A sign-in that creates a domain appends `; new` to its name.
  const [domain] = String(reply.getHeader(DOMAIN_HEADER)).split(';')
  request.log.info(
    {
      operation,
      domain,
      ...(job !== undefined && { job: job.slice(0, 100) }),
      durationMs,
      method: request.method,
      status: reply.statusCode,
    },
    'request',
  )
}
