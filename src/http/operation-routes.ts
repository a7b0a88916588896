import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { RawQuery } from '../wire/list-query.ts'
import { namesJob, OPERATIONS, statusOf, type Operation } from '../wire/operations.ts'
import { requireCaller } from './request-call.ts'
import { routePath, type Route } from './path-table.ts'

/** The code of an operation. The status of a success is already set. */
export interface OperationHandler {
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>
  /** True if a call writes into the domain; see `when-free.ts`. */
  readonly writes?: FastifyContextConfig['writes']
  /** Runs on arrival, for an operation that requires no token. */
  readonly onRequest?: onRequestHookHandler
}

interface OperationRoutes {
  readonly handlerOf: (operation: Operation) => OperationHandler
  /** Finds the caller, for an operation that requires a token. */
  readonly identify: onRequestHookHandler
  /** Throws if the caller lacks the ACL action of the operation. */
  readonly authorize: (request: FastifyRequest, operation: Operation) => void
}

/** Registers a route for each row of the operations table. */
export function routeOperations(app: FastifyInstance, routes: OperationRoutes): void {
  for (const [path, operations] of Map.groupBy(OPERATIONS, (operation) => operation.path))
    routePath(
      app,
      path,
      operations.map((operation) => routeOf(operation, routes)),
      {
        // Of a collection that is always empty only the reads are emulated: other methods are 501, and not 405.
        isComplete: operations.every(({ collection }) => collection === undefined),
      },
    )
}

function routeOf(operation: Operation, { handlerOf, identify, authorize }: OperationRoutes): Route {
  const { name, method, token } = operation
  const { handle, writes, onRequest } = handlerOf(operation)
  return {
    method,
    config: { operation: name, namesJob: namesJob(operation), writes },
    onRequest: token === 'required' ? identify : onRequest,
    handler: (request, reply) => {
      authorize(request, operation)
      reply.code(
        typeof operation.status === 'number'
          ? operation.status
          : statusOf(operation, requireCaller(request).domain.settings),
      )
      return handle(request, reply)
    },
  }
}

/** The id in the path of a request. */
export function idOf({ params }: FastifyRequest): string {
  return (params as { id?: string }).id ?? ''
}

export function queryOf({ query }: FastifyRequest): RawQuery {
  return query as RawQuery
}
