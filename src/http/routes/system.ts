import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { requireCaller } from '../request-call.ts'
import { routePath } from '../path-table.ts'

/** What clients ask about the server itself, as far as they are known to read it: name and version, and whether it is a cluster. */
export function systemRoutes(app: FastifyInstance, { identify }: { readonly identify: onRequestHookHandler }): void {
  routePath(app, '/system/info', {
    GET: {
      operation: 'system.info',
      onRequest: identify,
      handler: (request, reply) =>
        reply.send({
          name: 'cckm-emulator',
          version: requireCaller(request).domain.settings.cmVersion,
          model: 'emulator',
          vendor: 'cckm-emulator, not affiliated with Thales',
        }),
    },
  })
  routePath(app, '/cluster', {
    GET: { operation: 'cluster.get', onRequest: identify, handler: (_request, reply) => reply.send(NO_CLUSTER) },
  })
}

/** The provider for Terraform takes `none` for a server that stands alone. */
const NO_CLUSTER = { status: { code: 'none', description: 'not clustered' }, nodeCount: 0 }
