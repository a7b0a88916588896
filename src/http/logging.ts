import type { FastifyInstance } from 'fastify'
import { DOMAIN_HEADER } from './caller.ts'

/**
 * One line a request, written when its answer is out. What it holds is chosen field by field:
 * headers, bodies and query strings stay out, and tokens and passwords with them.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { operation } = request.routeOptions.config
    const { id: job } = request.params as { id?: string }
    request.log.info(
      {
        operation: operation ?? 'unknown',
        // A sign-in that makes a domain says `; new` behind its name.
        domain: String(reply.getHeader(DOMAIN_HEADER)).split(';')[0],
        ...(job !== undefined && isJobOperation(operation) && { job: job.slice(0, 100) }),
        method: request.method,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
      },
      'request',
    )
    done()
  })
}

function isJobOperation(operation: string | undefined): boolean {
  return operation?.includes('bulkjob') ?? false
}
