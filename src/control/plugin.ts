import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import createRouter from 'find-my-way'
import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/domains.ts'
import { EmulatorError } from '../errors.ts'
import { ROOT_DOMAIN } from '../model/domain.ts'
import { DOMAIN_HEADER, JSON_TYPE } from '../wire/headers.ts'
import { bodyReader } from './body.ts'
import type { Answer, ControlRoute, ServerEvent } from './call.ts'
import { answerError, type Explain } from './error-answer.ts'
import { createGuard, type GuardOptions } from './guard.ts'
import { BASE, longPathOf } from './paths.ts'
import { clockRoutes } from './routes/clock.ts'
import { domainRoutes, type DomainRoutes } from './routes/domains.ts'
import { faultRoutes } from './routes/faults.ts'
import { jobRoutes, type JobRoutes } from './routes/jobs.ts'
import { requestRoutes } from './routes/requests.ts'
import { scenarioRoutes, type ScenarioRoutes } from './routes/scenarios.ts'
import { serverRoutes, type ServerRoutes } from './routes/server.ts'
import { snapshotRoutes } from './routes/snapshots.ts'
import { sweepRoutes } from './routes/sweep.ts'
import { traceRoutes } from './routes/trace.ts'

export interface ControlOptions extends DomainRoutes, JobRoutes, ScenarioRoutes, Omit<ServerRoutes, 'allRoutes'> {
  readonly guard: GuardOptions
  readonly explain: Explain
}

const MOST_BODY_BYTES = 64 * 1024 * 1024

/** The control API under `/__admin`, on the same server as the vendor's. */
export function registerControl(app: FastifyInstance, options: ControlOptions): void {
  const open = createOpenCalls()
  const guard = createGuard(options.guard)
  const find = createFinder(app, rowsOf(options))
  app.decorateRequest('control')

  app.addHook('preClose', (done) => {
    open.end()
    done()
  })
  void app.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request, _reply, next) => {
        const { host = '', origin, authorization } = request.headers
        const site = request.headers['sec-fetch-site']?.toString()
        const found = find(request)
        guard({ host, origin, site, authorization, domain: found && domainPart(found) })
        if (found === undefined)
          throw new EmulatorError('notFound', 'the control API has no such call: see /__admin/openapi.json')
        request.control = found
        request.operation = found.operation
        next()
      })
      scope.setErrorHandler((error, request, reply) => {
        answerError(error, { request, reply, explain: options.explain })
      })
      // One route for all calls, which Fastify's own router tells apart: a route of Fastify's for each was a third of what
      // it takes to make an emulator.
      const handler = answerCalls({ domains: options.domains, open })
      for (const url of ['/', '/*']) scope.all(url, { bodyLimit: MOST_BODY_BYTES, handler })
      done()
    },
    { prefix: BASE },
  )
}

function rowsOf(options: ControlOptions): ControlRoute[] {
  const rows: ControlRoute[] = [
    ...domainRoutes(options),
    ...clockRoutes(options),
    ...jobRoutes(options),
    ...scenarioRoutes(options),
    ...faultRoutes(),
    ...requestRoutes(),
    ...snapshotRoutes(options),
    ...sweepRoutes(),
    ...traceRoutes(options),
    ...serverRoutes({ ...options, allRoutes: () => rows }),
  ]
  return rows
}

/** A call of the control API, and what its path says. */
interface FoundCall {
  readonly row: ControlRoute
  readonly operation: string
  readonly params: Readonly<Record<string, string>>
  readonly readBody: (value: unknown) => unknown
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every call of the control API. */
    control: FoundCall
  }
}

/** Tells which call a request is, paths read as on the vendor's routes; undefined: none of them. */
function createFinder(
  { initialConfig }: FastifyInstance,
  rows: readonly ControlRoute[],
): (request: FastifyRequest) => FoundCall | undefined {
  const router = createRouter(initialConfig.routerOptions)
  for (const row of rows) {
    const { method, path, body } = row
    const operation = `control.${method.toLowerCase()}${path.replace(/[/:]+/g, '.')}`
    const readBody = body === undefined ? (value: unknown) => value : bodyReader(body)
    router.on(method, longPathOf(row), () => undefined, { row, operation, readBody })
  }
  return ({ method, url }) => {
    const found = router.find(method as ControlRoute['method'], url)
    return found === null
      ? undefined
      : { ...(found.store as Omit<FoundCall, 'params'>), params: found.params as FoundCall['params'] }
  }
}

/** The domain whose part a path is in; what belongs to the server is nobody's. */
function domainPart({ row, params }: FoundCall): string | undefined {
  return params.domain ?? (row.scope === 'domain' ? ROOT_DOMAIN : undefined)
}

interface Place {
  readonly domains: Domains
  readonly open: OpenCalls
}

function answerCalls({ domains, open }: Place) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { row, params, readBody } = request.control
    const { scope, query = [], handle } = row
    const domain = scope === 'domain' ? domainNamed(domains, params.domain ?? ROOT_DOMAIN) : domains.root()
    reply.header(DOMAIN_HEADER, domain.name)
    const signal = open.begin(reply)
    const asked = readQuery(request.query as Record<string, unknown>, query)
    const answer = await handle({ domain, params, query: asked, body: readBody(request.body), signal })
    // A domain that was only made by this call.
    const named = domains.byName(params.domain ?? '')
    if (named !== undefined) reply.header(DOMAIN_HEADER, named.name)
    return send(reply, answer, signal)
  }
}

function domainNamed(domains: Domains, name: string): Domain {
  const domain = domains.byName(name)
  if (domain === undefined)
    throw new EmulatorError('notFound', `there is no domain named ${name.slice(0, 100)}`, 'PUT it first')
  return domain
}

/** The calls that are under way, each with a signal that aborts when its client goes away or the server stops. */
interface OpenCalls {
  readonly begin: (reply: FastifyReply) => AbortSignal
  readonly end: () => void
}

/** By hand: AbortSignal.any() of one that lives as long as the server would hold on to every call. */
function createOpenCalls(): OpenCalls {
  const controllers = new Set<AbortController>()
  let isOver = false
  return {
    begin: ({ raw }) => {
      const controller = new AbortController()
      if (isOver) controller.abort()
      controllers.add(controller)
      raw.once('close', () => {
        controllers.delete(controller)
        controller.abort()
      })
      return controller.signal
    },
    end: () => {
      isOver = true
      for (const controller of controllers) controller.abort()
    },
  }
}

function readQuery(sent: Record<string, unknown>, known: readonly string[]): Record<string, string> {
  const unknown = Object.keys(sent).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new EmulatorError(
      'badRequest',
      `/${unknown} is no query of this call: ${known.length === 0 ? 'it takes none' : `there are ${known.join(', ')}`}`,
      undefined,
      `/${unknown}`,
    )
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)]))
}

function send(
  reply: FastifyReply,
  { status = 200, json, text, type = JSON_TYPE, events }: Answer,
  signal: AbortSignal,
): FastifyReply {
  if (events !== undefined) return sendEvents(reply, events, signal)
  reply.code(status)
  if (status === 204) return reply.send()
  return reply.type(type).send(text ?? JSON.stringify(json))
}

/** The stream begins with a comment, so that a client knows at once that it listens. */
function sendEvents(reply: FastifyReply, events: AsyncIterable<ServerEvent>, signal: AbortSignal): FastifyReply {
  async function* lines(): AsyncIterable<string> {
    yield ': listening\n\n'
    for await (const { event, data } of events) yield `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
  }
  const stream = Readable.from(lines())
  signal.addEventListener('abort', () => {
    stream.push(null)
  })
  return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream)
}
