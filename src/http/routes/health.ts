import type { FastifyInstance } from 'fastify'
import { routePath } from '../path-table.ts'

/** Alive, and ready: outside of `/__admin`, so that no lock, reset or domain is ever in the way of a probe. */
export function healthRoutes(app: FastifyInstance, { isReady }: { readonly isReady: () => boolean }): void {
  routePath(app, '/healthz', {
    GET: { operation: 'health.alive', handler: (_request, reply) => reply.send({ status: 'ok' }) },
  })
  routePath(app, '/readyz', {
    GET: {
      operation: 'health.ready',
      handler: (_request, reply) =>
        isReady() ? reply.send({ status: 'ok' }) : reply.code(503).send({ status: 'starting' }),
    },
  })
}
