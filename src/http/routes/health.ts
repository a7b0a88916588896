import type { FastifyInstance } from 'fastify'
import { routePath } from '../path-table.ts'

/** `data lost`: the file of `--data` was removed or replaced while the emulator was running. */
export type Readiness = 'ok' | 'starting' | 'data lost'

/** Liveness and readiness. They are outside of `/__admin`, so that no lock, reset or domain affects a probe. */
export function healthRoutes(app: FastifyInstance, { readiness }: { readonly readiness: () => Readiness }): void {
  routePath(app, '/healthz', [
    {
      method: 'GET',
      config: { operation: 'health.alive' },
      handler: (_request, reply) => reply.send({ status: 'ok' }),
    },
  ])
  routePath(app, '/readyz', [
    {
      method: 'GET',
      config: { operation: 'health.ready' },
      handler: (_request, reply) => {
        const status = readiness()
        return reply.code(status === 'ok' ? 200 : 503).send({ status })
      },
    },
  ])
}
