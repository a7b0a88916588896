import type { Cluster, SystemInfo } from '../../wire/system.ts'
import type { ServerOperationName } from '../../wire/server-operations.ts'
import { requireCaller } from '../request-call.ts'
import type { OperationHandler } from '../operation-routes.ts'

/** What clients ask about the server, as far as they are known to read it: its name and version, and whether it is a cluster. */
export const SYSTEM_HANDLERS = {
  'system.info': {
    handle: (request, reply) => {
      const info: SystemInfo = {
        name: 'cckm-emulator',
        version: requireCaller(request).domain.settings.cmVersion,
        model: 'emulator',
        vendor: 'cckm-emulator, not affiliated with Thales',
      }
      return reply.send(info)
    },
  },
  'cluster.get': { handle: (_request, reply) => reply.send(NO_CLUSTER) },
} satisfies Partial<Record<ServerOperationName, OperationHandler>>

/** The provider for Terraform expects `none` of a server that stands alone. */
const NO_CLUSTER: Cluster = { status: { code: 'none', description: 'not clustered' }, nodeCount: 0 }
