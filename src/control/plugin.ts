import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/registry.ts'
import { EmulatorError } from '../errors.ts'
import { ROOT_DOMAIN } from '../model/domain.ts'
import { overTurns } from '../timers.ts'
import { DOMAIN_HEADER, JSON_TYPE } from '../wire/headers.ts'
import type { DomainAdministrator } from '../identity/administrator.ts'
import type { Answer, ControlRoute, ServerEvent } from './route.ts'
import { answerError, type Explain } from './error-answer.ts'
import { createGuard, SEND_ADMIN_TOKEN, type GuardOptions } from './guard.ts'
import { createOpenCalls, type OpenCalls } from './open-calls.ts'
import { withHeartbeat } from './heartbeat.ts'
import { BASE, longPathOf } from './paths.ts'
import { clockRoutes } from './routes/clock.ts'
import { domainRoutes, type DomainRoutes } from './routes/domains.ts'
import { endRoutes } from './routes/end.ts'
import { faultRoutes } from './routes/faults.ts'
import { jobRoutes, type JobRoutes } from './routes/jobs.ts'
import { resourceRoutes, type ResourceRoutes } from './routes/resources.ts'
import { requestRoutes } from './routes/requests.ts'
import { scenarioRoutes, type ScenarioRoutes } from './routes/scenarios.ts'
import { serverRoutes, type ServerRoutes } from './routes/server.ts'
import { snapshotRoutes } from './routes/snapshots.ts'
import { sweepRoutes } from './routes/sweep.ts'
import { traceRoutes } from './routes/trace.ts'

export interface ControlOptions
  extends DomainRoutes, JobRoutes, ResourceRoutes, ScenarioRoutes, Omit<ServerRoutes, 'allRoutes'> {
  readonly guard: GuardOptions
  readonly explain: Explain
}

const MAX_BODY_BYTES = 64 * 1024 * 1024

/** The control API under `/__admin`, on the same server as the vendor's. */
export function registerControl(app: FastifyInstance, options: ControlOptions): void {
  const open = createOpenCalls()
  const guard = createGuard(options.guard)
  const rows = rowsOf(options)
  app.decorateRequest('administrator', undefined)

  app.addHook('preClose', (done) => {
    open.end()
    done()
  })
  void app.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request, _reply, next) => {
        const { row } = request.routeOptions.config
        request.administrator = guard(request, {
          domain: domainPart(request),
          makesDomains: row?.isOpenToDomain !== undefined,
        })
        next()
      })
      scope.setErrorHandler((error, request, reply) => {
        answerError(error, { request, reply, explain: options.explain })
      })
      // Refuses an unknown path in this API's error format, before the body is read. Fastify's not-found handler would add a
      // route for each of the thirty methods of node:http.
      for (const url of ['/', '/*']) scope.all(url, { onRequest: refuseCall, handler: refuseCall })
      for (const row of rows) scope.route(routeOf(row, { domains: options.domains, open }))
      done()
    },
    { prefix: BASE },
  )
}

function refuseCall(): never {
  throw new EmulatorError('notFound', 'the control API has no such call: see /__admin/openapi.json')
}

function rowsOf(options: ControlOptions): ControlRoute[] {
  const rows: ControlRoute[] = [
    ...domainRoutes(options),
    ...clockRoutes(),
    ...jobRoutes(options),
    ...resourceRoutes(options),
    ...scenarioRoutes(options),
    ...faultRoutes(),
    ...requestRoutes(),
    ...snapshotRoutes(),
    ...sweepRoutes(),
    ...traceRoutes(options),
    ...endRoutes(options),
    ...serverRoutes({ ...options, allRoutes: () => rows }),
  ]
  return rows
}

/** The router sets the parameter where the path has one. */
interface DomainParams {
  readonly domain?: string
}

/** The domain that a path is about: root for a short path, undefined for calls about the server. */
function domainPart(request: FastifyRequest): string | undefined {
  const { domain } = request.params as { domain?: string }
  return domain ?? (request.routeOptions.config.row?.scope === 'domain' ? ROOT_DOMAIN : undefined)
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route of the control API. */
    row?: ControlRoute
  }
  interface FastifyRequest {
    /** Set on calls of the control API that an administrator of one domain makes. */
    administrator: DomainAdministrator | undefined
  }
}

interface RouteContext {
  readonly domains: Domains
  readonly open: OpenCalls
}

function routeOf(row: ControlRoute, { domains, open }: RouteContext) {
  const { method, scope, path, makesDomain = false, handle } = row
  const isThere = scope === 'domain' && !makesDomain
  const writes = method !== 'GET' && row.isOpen !== true
  return {
    method,
    url: longPathOf(row).slice(BASE.length),
    exposeHeadRoute: false,
    bodyLimit: MAX_BODY_BYTES,
    config: { operation: `control.${method.toLowerCase()}${path.replace(/[/:]+/g, '.')}`, row },
    handler: async (request: FastifyRequest<{ Params: DomainParams }>, reply: FastifyReply) => {
      const { administrator } = request
      if (administrator !== undefined) refuseOutside(administrator, request, domains)
      const { params } = request
      const domainName = params.domain ?? ROOT_DOMAIN
      const call = open.begin(request, reply)
      const { signal } = call
      if (isThere && writes) await untilFree(() => domains.find(domainName)?.busy, signal)
      const domain = isThere ? domainNamed(domains, domainName) : domains.root()
      reply.header(DOMAIN_HEADER, domain.name)
      if (isThere) call.joins(domain)
      const otherCalls = {
        waiting: () => open.waitingIn(domain, call),
        interrupt: (error: EmulatorError) => {
          call.leaves()
          domain.interrupt(error)
        },
      }
      const { socket: connection } = request.raw
      const context = { domain, domainName, administrator, signal, connection, otherCalls, requestId: request.id }
      const answer = await call.untilInterrupted(() => handle(request, context))
      if (answer.events !== undefined) call.becomesStream()
      // A domain that this call created.
      const made = params.domain === undefined ? undefined : domains.find(params.domain)
      if (made !== undefined) reply.header(DOMAIN_HEADER, made.name)
      return send(reply, answer, signal)
    },
  }
}

/** Waits while a large call of the domain runs. Throws if the client disconnects or the server stops. */
async function untilFree(busyOf: () => Promise<unknown> | undefined, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<undefined>()
  const onAbort = (): void => {
    aborted.resolve(undefined)
  }
  signal.addEventListener('abort', onAbort)
  for (let busy = busyOf(); busy !== undefined && !signal.aborted; busy = busyOf())
    await Promise.race([busy, aborted.promise])
  signal.removeEventListener('abort', onAbort)
  if (signal.aborted) throw new EmulatorError('notReady', 'the emulator is stopping')
}

/** Checks a call of a domain's administrator again, once its body is read: the guard saw only the headers. */
function refuseOutside({ domain }: DomainAdministrator, request: FastifyRequest, domains: Domains): void {
  // The domain may have been dropped since, and another one created under its name.
  if (domains.find(domainPart(request) ?? '')?.id !== domain.id)
    throw new EmulatorError('unauthorized', `the domain ${domain.name} of this token was dropped`)
  const { row } = request.routeOptions.config
  if (row?.isOpenToDomain?.(request.body) === false)
    throw new EmulatorError('forbidden', 'only the admin token may create domains', SEND_ADMIN_TOKEN)
}

function domainNamed(domains: Domains, name: string): Domain {
  const domain = domains.find(name)
  if (domain !== undefined) return domain
  const seed = domains.hasSeed(name) ? ': it has a seed, and the first sign-in to it creates it' : ''
  const hint = 'create it with PUT /__admin/domains/NAME'
  throw new EmulatorError('notFound', `there is no domain named ${name.slice(0, 100)}${seed}`, hint)
}

function send(
  reply: FastifyReply,
  { status = 200, json, text, parts, type = JSON_TYPE, headers = {}, events }: Answer,
  signal: AbortSignal,
): FastifyReply {
  if (events !== undefined) return sendEvents(reply, events, signal)
  reply.code(status)
  if (status === 204) return reply.send()
  reply.headers(headers).type(type)
  if (parts !== undefined && parts.length > MAX_PARTS_AT_ONCE) return reply.send(Readable.from(overTurns(parts)))
  return reply.send(text ?? parts?.join('') ?? JSON.stringify(json))
}

/** A response of more parts than this is streamed, not joined. */
const MAX_PARTS_AT_ONCE = 12

/** Proxies close a connection that is idle for about a minute. */
const HEARTBEAT_MS = 15_000

function eventText({ event, data }: ServerEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Starts the stream with a comment, so that a client knows at once that it is subscribed. */
function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<readonly ServerEvent[]>,
  signal: AbortSignal,
): FastifyReply {
  async function* lines(): AsyncIterable<string> {
    yield ': listening\n\n'
    for await (const batch of events) yield batch.map(eventText).join('')
  }
  const stream = Readable.from(withHeartbeat(lines(), HEARTBEAT_MS))
  signal.addEventListener('abort', () => {
    stream.push(null)
  })
  return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream)
}
