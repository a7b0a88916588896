import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { routePath } from '../path-table.ts'

/** `GET /v1/system/info`: CM's name and version, as far as clients are known to read it (assumed). */
export function systemRoutes(app: FastifyInstance, { identify }: { readonly identify: onRequestHookHandler }): void {
  routePath(app, '/system/info', {
    GET: {
      operation: 'system.info',
      onRequest: identify,
      handler: (request, reply) =>
        reply.send({
          name: 'cckm-emulator',
          version: request.caller.domain.settings.cmVersion,
          model: 'emulator',
          vendor: 'cckm-emulator, not affiliated with Thales',
        }),
    },
  })
}
