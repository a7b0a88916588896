import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DOMAIN_HEADER } from '../wire/headers.ts'

/**
 * One line a request, written when its answer is out. What it holds is chosen field by field:
 * headers, bodies and query strings stay out, and tokens and passwords with them.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { operation } = request.routeOptions.config
    const { id: job } = request.params as { id?: string }
    writeLine(request, reply, {
      ...(operation !== undefined && { operation }),
      ...(job !== undefined && isJobOperation(operation) && { job: job.slice(0, 100) }),
      durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
    })
    done()
  })
}

/** The line of a request whose path cannot be read: the framework shows it to no hook. */
export function logUnreadable(request: FastifyRequest, reply: FastifyReply): void {
  writeLine(request, reply, { durationMs: 0 })
}

interface Known {
  readonly operation?: string
  readonly job?: string
  readonly durationMs: number
}

function writeLine(request: FastifyRequest, reply: FastifyReply, { operation = 'unknown', ...known }: Known): void {
  // A sign-in that makes a domain says `; new` behind its name.
  const [domain] = String(reply.getHeader(DOMAIN_HEADER)).split(';')
  request.log.info({ operation, domain, ...known, method: request.method, status: reply.statusCode }, 'request')
}

function isJobOperation(operation: string | undefined): boolean {
  return operation?.includes('bulkjob') ?? false
}
