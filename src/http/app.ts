import type { Instant } from '../model/time.ts'
import fastifyJwt from '@fastify/jwt'
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import type { Socket } from 'node:net'
import type { Domains } from '../domain/registry.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Signer } from '../identity/signer.ts'
import type { Users } from '../identity/users.ts'
import { EmulatorError } from '../errors.ts'
import { ROOT_DOMAIN } from '../model/domain.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import { freshId } from '../model/identifiers.ts'
import { DOMAIN_HEADER } from '../wire/headers.ts'
import type { ServerOperationName } from '../wire/server-operations.ts'
import type { KeySet } from '../wire/token.ts'
import { createCallerReader, createOwnerReader, identifyCaller } from './caller.ts'
import { fromFastify, installErrorHandler, sendError, REQUEST_ID_HEADER, type Explain } from './error-handler.ts'
import { answerExpectations } from './expectations.ts'
import { createFaultActions, installFaults, type FaultActions } from './fault-actions.ts'
import { acceptJsonBodies, MAX_BODY_MIB } from './json-body.ts'
import { jwksOf, jwtOptions, type SigningOptions } from '../identity/signing.ts'
import type { Listener } from './listener.ts'
import { logRequests, logUnreadable } from './logging.ts'
import { routeOperations, type OperationHandler } from './operation-routes.ts'
import { answerOtherMethod, nearestPath } from './path-table.ts'
import { requirePermission, rightsOfCaller } from './permission.ts'
import { hostsOf, toOriginForm } from './request-target.ts'
import { frontRoute } from './routes/front.ts'
import { healthRoutes, type Readiness } from './routes/health.ts'
import { jobHandlers } from './routes/jobs.ts'
import { openapiRoutes } from './routes/openapi.ts'
import { emptyHandler, resourceHandler } from './routes/resources.ts'
import { SYSTEM_HANDLERS } from './routes/system.ts'
import { tokenHandlers } from './routes/tokens.ts'
import { createSignInResolver } from '../identity/sign-in.ts'
import { createTokenVerifier } from '../identity/token-verifier.ts'
import { createCall, decorateRequests, requireCaller } from './request-call.ts'
import { closeEntry, recordRequests, type RequestJournalOptions } from './request-journal.ts'
import { whenFree } from './when-free.ts'

interface AppOptions {
  readonly domains: Domains
  readonly users: Users
  readonly sessions: Sessions
  readonly mode: 'strict' | 'any' | 'off'
  readonly signing: SigningOptions
  readonly realNow: () => Instant
  readonly readiness: () => Readiness
  readonly log: FastifyBaseLogger | undefined
  readonly listener: Listener
  /** True if clients may choose a scenario by header, that is, if the control API is on. */
  readonly scenarioHeader: boolean
  readonly explain: Explain
  /** The folder with the files of Swagger UI. */
  readonly docsUi: URL
  /** Throws unless a request for one of the emulator's own pages has a known host name. */
  readonly checkHost: (request: FastifyRequest) => void
  /** The full form of a short URL; other URLs are returned unchanged. */
  readonly fullUrl: (url: string) => string
}

/** A path segment of 10 kB is simply an unknown job; the listener limits the whole header. */
const MAX_PARAM_LENGTH = 32 * 1024

/** The application, with its functions to sign and verify API tokens. */
export interface VendorApp {
  readonly app: FastifyInstance
  readonly signer: Signer
  readonly verify: ReturnType<typeof createTokenVerifier>
}

/** The vendor-facing API. It does not listen: `emulator.ts` does. */
export async function createApp(options: AppOptions): Promise<VendorApp> {
  // Fastify needs the handler of unreadable paths before the app exists; the journal exists only afterwards.
  const unreadable: { journal?: RequestJournalOptions } = {}
  const app = Fastify({ ...serverOptions(options, unreadable) })
  const jwt = jwtOptions(options.signing)
  await app.register(fastifyJwt, jwt)
  const signer: Signer = app.jwt
  app.decorateRequest('hosts', { getter: hostsOfRequest })
  app.decorate('paths', [])
  decorateRequests(app)
  acceptJsonBodies(app)
  const { sessions, listener } = options
  const rawSocketOf = (socket: Socket) => listener.rawSocketOf(socket)
  const faults = createFaultActions({ signer, sessions, rawSocketOf })
  installErrorHandler(app, { faults, explain: options.explain })
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply)
    done()
  })
  if (options.log !== undefined) logRequests(app)
  const journal: RequestJournalOptions = {
    domains: options.domains,
    ownerOf: createOwnerReader({ ...options, signer }),
  }
  unreadable.journal = journal
  recordRequests(app, journal)
  answerExpectations(app, { rawSocketOf })
  healthRoutes(app, options)
  frontRoute(app, { hasDashboard: options.scenarioHeader, checkHost: options.checkHost })
  openapiRoutes(app, options)
  const verify = verifierFor(app, signer, options)
  const vendor = vendorRoutes(app, options, { signer, verify, faults, jwks: jwksOf(jwt) })
  await app.register(vendor, { prefix: '/api/v1' })
  handleNotFound(app)
  return { app, signer, verify }
}

function serverOptions(
  { listener, log, fullUrl }: AppOptions,
  later: { journal?: RequestJournalOptions },
): FastifyServerOptions {
  return {
    serverFactory: listener.serverFactory,
    clientErrorHandler: listener.clientErrorHandler,
    ...(log !== undefined && { loggerInstance: log }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'id' }),
    bodyLimit: MAX_BODY_MIB * 1024 * 1024,
    // No plugin here can hang, and a timer for each plugin is a tenth of the time to create an app.
    pluginTimeout: 0,
    rewriteUrl: (raw) => {
      // Routes, journal and refusals all use the path, for any form of the request line.
      const url = toOriginForm(raw)
      Object.assign(raw, { originalUrl: url })
      // Most requests have no short path: skip the search.
      return url.startsWith('/api/') ? url : fullUrl(fullVendorUrl(url))
    },
    genReqId: freshId,
    requestIdHeader: false,
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => {
      request.call = createCall(request)
      setCommonHeaders(request, reply)
      sendError(reply, request, fromFastify(error) ?? new EmulatorError('internal', 'unexpected error'))
      if (log !== undefined) logUnreadable(request, reply)
      if (later.journal !== undefined) closeEntry({ request, reply, durationMs: 0 }, later.journal)
    },
  }
}

function hostsOfRequest(this: FastifyRequest): readonly string[] {
  return hostsOf(this.raw)
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Every host that the request names; see `hostsOf`. */
    readonly hosts: readonly string[]
  }
}

/**
 * Some clients use `/v1/...` for `/api/v1/...`. One set of routes serves both: a second one would double the time to create
 * an app.
 */
function fullVendorUrl(url: string): string {
  return url.replace(/^\/+v1(?=[/?#]|$)/, '/api/v1')
}

/**
 * Routes have no Fastify schemas: model/validate.ts checks bodies, and responses are text. Without this, Fastify would still load ajv,
 * a third of the time to create an app.
 */
function noSchemas(): never {
  throw new Error('no route of this server has a schema')
}

/** Sets the headers of every response, also of those for which Fastify calls no hook. */
function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply
    .header(REQUEST_ID_HEADER, request.id)
    .header(DOMAIN_HEADER, ROOT_DOMAIN)
    // Responses repeat input: a browser must not interpret JSON as a page or a script.
    .header('x-content-type-options', 'nosniff')
}

/** Domains of which the log has said that a client runs on. */
const MAX_TOLD = 1000

function verifierFor(
  { log }: FastifyInstance,
  signer: Signer,
  { domains, sessions, realNow, signing }: AppOptions,
): VendorApp['verify'] {
  // Once for each domain: a client that polls on would fill the log.
  const told = new Set<string>()
  return createTokenVerifier({
    signer,
    algorithm: signing.algorithm,
    domainOf: domains.byId,
    removedDomain: domains.removed,
    onLate: (domain, hint) => {
      if (told.has(domain)) return
      if (told.size === MAX_TOLD) told.clear()
      told.add(domain)
      log.warn({ domain }, `a client runs on after its test: ${hint}`)
    },
    isRevoked: sessions.isRevoked,
    isExpiredEarly: sessions.isExpiredEarly,
    realNow,
  })
}

function vendorRoutes(
  app: FastifyInstance,
  options: AppOptions,
  { signer, verify, faults, jwks }: Omit<VendorApp, 'app'> & { readonly faults: FaultActions; readonly jwks: KeySet },
): (scope: FastifyInstance) => Promise<void> {
  const { domains, sessions, users, realNow, mode } = options
  const identify = identifyCaller(createCallerReader({ signer, mode, domains, verify }))
  const resolveSignIn = createSignInResolver({
    ...{ signer, domains, users, sessions, mode, realNow },
    onDomainCreated: ({ name }) => {
      app.log.info({ domain: name }, 'a sign-in created this domain from its seed')
    },
  })
  const rightsOf = (request: FastifyRequest) => rightsOfCaller(requireCaller(request), users)
  const scenarioOf = (request: FastifyRequest) => (options.scenarioHeader ? scenarioHeader(request) : undefined)
  const handlers: Readonly<Record<ServerOperationName, OperationHandler>> = {
    ...tokenHandlers({ signer, domains, resolveSignIn, sessions, verify, jwks, faults, realNow }),
    ...SYSTEM_HANDLERS,
  }
  return (scope) => {
    installFaults(scope, faults)
    // Waits again: a large call may have started while the body was read and a fault was executed.
    scope.addHook('preHandler', (request, reply, done) => {
      if (request.call.domain === undefined) done()
      else whenFree({ request, reply }, request.call.domain, done)
    })
    routeOperations(scope, {
      identify,
      authorize: (request, operation) => {
        requirePermission(request, operation, users)
      },
      handlerOf: ({ job, resource, collection, name }) => {
        if (job !== undefined) return jobHandlers(job.family, { scenarioOf })[job.verb]
        if (resource !== undefined) return resourceHandler(resource, { rightsOf })
        return collection === undefined ? handlers[name] : emptyHandler(collection, { rightsOf })
      },
    })
    return Promise.resolve()
  }
}

/** The scenario in the header of a create: a name, or an object as JSON. */
function scenarioHeader({ headers }: FastifyRequest): string | ScenarioSource | undefined {
  const text = headers['x-emulator-scenario']?.toString()
  if (text?.trimStart().startsWith('{') !== true) return text
  try {
    return JSON.parse(text) as ScenarioSource
  } catch {
    throw new EmulatorError('badRequest', 'the header X-Emulator-Scenario is neither the name of a scenario nor JSON')
  }
}

/** Refuses unknown paths. A vendor operation that is not emulated gets 501, so that it does not look like a missing job. */
function handleNotFound(app: FastifyInstance): void {
  // Before the body is read: an error in the body must not hide the wrong path.
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) done()
    else if (!answerOtherMethod(app, request, reply)) throw notFoundError(app, request)
  })
}

function notFoundError(app: FastifyInstance, { method, url, originalUrl }: FastifyRequest): EmulatorError {
  const [path = ''] = originalUrl.split('?')
  const nearest = nearestPath(app, url.split('?')[0] ?? '')
  const suggestion = nearest === undefined ? undefined : `did you mean ${nearest.slice(0, MAX_SHOWN)}?`
  const isVendors = /^\/+(api|v1)(\/|$)/.test(path) && !/\/\.{1,2}(\/|$)/.test(path)
  if (!isVendors) return new EmulatorError('notFound', suggestion ?? 'Resource not found')
  // `codeDesc` already says that it is not emulated, and clients print both.
  return new EmulatorError(
    'notEmulated',
    `${method} ${path.slice(0, MAX_SHOWN)}${suggestion === undefined ? '' : ` (${suggestion})`}. /docs/fidelity lists what is emulated.`,
    '/docs/fidelity lists what this emulator answers, and how certain it is that CM answers the same',
  )
}

/** Characters of a path that a message repeats. */
const MAX_SHOWN = 200
