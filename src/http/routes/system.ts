import type { Cluster, SystemInfo } from '../../wire/system.ts'
import type { ServerOperationName } from '../../wire/server-operations.ts'
import { requireCaller } from '../request-call.ts'
import type { OperationHandler } from '../operation-routes.ts'

/** Endpoints about the server that known clients read: name and version, and the cluster status. */
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

/** The Terraform provider expects `none` from a server that is not clustered. */
const NO_CLUSTER: Cluster = { status: { code: 'none', description: 'not clustered' }, nodeCount: 0 }
