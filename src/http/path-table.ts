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

/** What else a client may try; a method beyond these finds no path at all. */
const ALL: readonly string[] = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
] satisfies HTTPMethods[]

declare module 'fastify' {
  interface FastifyInstance {
    /** The paths of `routePath`, with the methods that each takes. */
    readonly paths: { readonly segments: readonly string[]; readonly allow: string }[]
  }
}

export function routePath(app: FastifyInstance, url: string, methods: Methods): void {
  const named = Object.entries(methods)
  for (const [method, { operation, handler, onRequest = [] }] of named)
    app.route({ method: method, url, config: { operation }, onRequest, handler })
  const allowed = [...named.map(([method]) => method), ...('GET' in methods ? ['HEAD'] : []), 'OPTIONS']
  app.paths.push({ segments: segmentsOf(app.prefix + url), allow: allowed.join(', ') })
}

/**
 * Answers a request that no route takes, if its path takes other methods: what a path can do is no secret, so before
 * anybody is asked for a token. Gives false for an unknown path.
 *
 * A route for each method that is refused would do as well, and be most of what an app does before it is ready.
 */
export function answerOtherMethod(
  app: FastifyInstance,
  { method, url }: Pick<FastifyRequest, 'method' | 'url'>,
  reply: FastifyReply,
): boolean {
  if (!ALL.includes(method)) return false
  const segments = segmentsOf(decodeURI(url.split(/[?#]/)[0] ?? ''))
  const path = app.paths.find((each) => isAt(each.segments, segments))
  if (path === undefined) return false
  reply.header('allow', path.allow)
  if (method !== 'OPTIONS')
    throw new EmulatorError('methodNotAllowed', `Method not allowed: this path takes ${path.allow}`)
  void reply.code(204).send()
  return true
}

/** As the router has it: slashes may be doubled or at the end. */
function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function isAt(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => part.startsWith(':') || part === segments[index])
  )
}
