import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
  onRequestHookHandler,
  RouteHandlerMethod,
} from 'fastify'
import { editDistance } from '../model/nearest.ts'
import { EmulatorError } from '../errors.ts'

/** The handler of a path for one method. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly config: FastifyContextConfig
  readonly handler: RouteHandlerMethod
  /** Runs on arrival, for example to check the caller's token. */
  readonly onRequest?: onRequestHookHandler | undefined
}

/** Methods that a path refuses with 405 if it does not support them; a request with any other method finds no path. */
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
    /** The paths of `routePath`, with the methods that each supports. */
    readonly paths: { readonly segments: readonly string[]; readonly allow: string }[]
  }
}

/**
 * Registers the routes of a path. Other methods are refused with 405 and the list of allowed ones; with
 * `isComplete: false` they are answered as an unknown path.
 */
export function routePath(
  app: FastifyInstance,
  url: string,
  routes: readonly Route[],
  { isComplete = true }: { readonly isComplete?: boolean } = {},
): void {
  for (const { onRequest = [], ...route } of routes) app.route({ ...route, url, onRequest })
  const methods = routes.map(({ method }) => method)
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
  if (isComplete) app.paths.push({ segments: segmentsOf(app.prefix + url), allow: allowed.join(', ') })
}

/**
 * Answers a request with a method that its path does not support. The methods of a path are public, so this needs no
 * token. Returns false for an unknown path. Registering a route for each refused method would work too, but would take
 * most of the start-up time of an app.
 */
export function answerOtherMethod(
  app: FastifyInstance,
  { method, url }: Pick<FastifyRequest, 'method' | 'url'>,
  reply: FastifyReply,
): boolean {
  if (!ALL.includes(method)) return false
  const allow = allowOf(app, url)
  if (allow === undefined) return false
  reply.header('allow', allow)
  if (method !== 'OPTIONS') throw new EmulatorError('methodNotAllowed', `this path takes ${allow}`)
  void reply.code(204).send()
  return true
}

/** The allowed methods of a path. `*` is the server as a whole. */
function allowOf({ paths }: FastifyInstance, url: string): string | undefined {
  if (url === '*') return [...new Set(paths.flatMap(({ allow }) => allow.split(', ')))].join(', ')
  const segments = segmentsOf(decodeURI(url.split(/[?#]/)[0] ?? ''))
  return paths.find((each) => isAt(each.segments, segments))?.allow
}

/** Like the router: slashes may be doubled or trailing. */
function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function isAt(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => part.startsWith(':') || part === segments[index])
  )
}

/** The known path that was probably meant, with the parameters of the request; undefined if none is similar. */
export function nearestPath({ paths }: FastifyInstance, path: string): string | undefined {
  const sent = segmentsOf(path)
  const near = paths.flatMap(({ segments }) => matchesOf(segments, sent))
  const [best] = near.sort((a, b) => a.distance - b.distance)
  // The path itself is known, and only the method is unknown: there is nothing to suggest.
  if (best === undefined || best.segments.join('/') === sent.join('/')) return undefined
  return `/${best.segments.join('/')}`
}

interface Match {
  readonly segments: readonly string[]
  readonly distance: number
}

/** Maximum of missing segments, such as `/api/v1` or `cckm`. */
const MAX_MISSING = 2

/** The ways in which a path matches this pattern. No segment may be missing at the end, or before a parameter. */
function matchesOf(pattern: readonly string[], sent: readonly string[], missing = 0): readonly Match[] {
  const [part, ...parts] = pattern
  const [segment, ...segments] = sent
  if (part === undefined || segment === undefined)
    return pattern.length === sent.length ? [{ segments: [], distance: 0 }] : []
  if (pattern.length < sent.length) return []
  const isParameter = part.startsWith(':')
  const distance = isParameter ? 0 : typoDistance(part, segment)
  const taken =
    distance === undefined
      ? []
      : matchesOf(parts, segments, missing).map((rest) => ({
          segments: [isParameter ? segment : part, ...rest.segments],
          distance: distance + rest.distance,
        }))
  const mayBeMissing = missing < MAX_MISSING && !isParameter && parts[0]?.startsWith(':') === false
  const skipped = mayBeMissing
    ? matchesOf(parts, sent, missing + 1).map((rest) => ({
        segments: [part, ...rest.segments],
        distance: rest.distance + MAX_TYPOS,
      }))
    : []
  return [...taken, ...skipped]
}

/** Maximum of wrong letters in one segment. */
const MAX_TYPOS = 3

/** The distance of a segment from the expected one; undefined if it is not a typo. Case is ignored. */
function typoDistance(part: string, segment: string): number | undefined {
  const most = Math.max(1, Math.min(MAX_TYPOS, Math.floor(part.length / 3)))
  if (Math.abs(part.length - segment.length) > most) return undefined
  const distance = editDistance(part.toLowerCase(), segment.toLowerCase())
  return distance <= most ? distance : undefined
}
