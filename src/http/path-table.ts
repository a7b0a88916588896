import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
  onRequestHookHandler,
  RouteHandlerMethod,
} from 'fastify'
import { EmulatorError } from '../errors.ts'

/** What a path answers to. Methods that are not named are refused with 405 and the list of those that are. */
export type Methods = Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Operation>>

export interface Operation {
  readonly operation: string
  readonly handler: RouteHandlerMethod
  /** What comes first: telling who calls, on the paths that want to know. */
  readonly onRequest?: onRequestHookHandler
}

const ALL: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE']

export function routePath(app: FastifyInstance, url: string, methods: Methods): void {
  const named = Object.entries(methods)
  for (const [method, { operation, handler, onRequest = [] }] of named)
    app.route({ method: method, url, config: { operation }, onRequest, handler })
  const allowed = [...named.map(([method]) => method), ...('GET' in methods ? ['HEAD'] : []), 'OPTIONS']
  const others = ALL.filter((method) => !allowed.includes(method))
  const allow = allowed.join(', ')
  // Before anybody is asked for a token: what a path can do is no secret.
  const refuse = (_request: FastifyRequest, reply: FastifyReply): void => {
    reply.header('allow', allow)
    throw new EmulatorError('methodNotAllowed', `Method not allowed: this path takes ${allow}`)
  }
  app.route({ method: others, url, onRequest: refuse, handler: refuse })
  app.options(url, (_request, reply) => reply.code(204).header('allow', allow).send())
}
