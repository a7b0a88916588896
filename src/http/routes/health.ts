import type { FastifyInstance } from 'fastify'
import { routePath } from '../path-table.ts'

/** `data lost`: the file of `--data` was removed or replaced under the emulator. */
export type Readiness = 'ok' | 'starting' | 'data lost'

/** Alive, and ready: outside of `/__admin`, so that no lock, reset or domain is ever in the way of a probe. */
export function healthRoutes(app: FastifyInstance, { readiness }: { readonly readiness: () => Readiness }): void {
  routePath(app, '/healthz', {
    GET: { operation: 'health.alive', handler: (_request, reply) => reply.send({ status: 'ok' }) },
  })
  routePath(app, '/readyz', {
    GET: {
      operation: 'health.ready',
      handler: (_request, reply) => {
        const status = readiness()
        return reply.code(status === 'ok' ? 200 : 503).send({ status })
      },
    },
  })
}
