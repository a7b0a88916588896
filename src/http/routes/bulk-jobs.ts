import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { EmulatorError } from '../../errors.ts'
import type { ScenarioSource } from '../../model/scenario.ts'
import { readCreateRequest, type Family } from '../../wire/families.ts'
import { readListQuery, type RawQuery } from '../../wire/list-query.ts'
import { pageParts } from '../../wire/page.ts'
import { issueMessage } from '../../wire/issues.ts'
import { requireCaller } from '../request-call.ts'
import { compressed, compressedStream } from '../compression.ts'
import { HINT_HEADER, JSON_TYPE, printable } from '../../wire/headers.ts'
import { routePath, type Operation } from '../path-table.ts'

export interface BulkJobRoutes {
  readonly identify: onRequestHookHandler
  /** Throws when the caller may not touch the jobs of the family. */
  readonly authorize: (request: FastifyRequest, family: Family) => void
  /** The scenario that a create asks for by header; undefined: none, or headers do not count. */
  readonly scenarioOf: (request: FastifyRequest) => string | ScenarioSource | undefined
}

interface ById {
  readonly id: string
}

/** The operations of one family, as its row has them. */
export function bulkJobRoutes(
  app: FastifyInstance,
  family: Family,
  { identify, authorize, scenarioOf }: BulkJobRoutes,
): void {
  const operation = (
    name: string,
    handler: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>,
    writes: Operation['writes'] = false,
  ): Operation => ({
    operation: `${family.name}.${name}`,
    writes,
    onRequest: identify,
    handler: (request: FastifyRequest, reply: FastifyReply) => {
      authorize(request, family)
      return handler(request, reply)
    },
  })
  const keyOf = (request: FastifyRequest) => ({ family: family.name, id: (request.params as ById).id })

  const create = operation(
    'create',
    (request, reply) => {
      const { domain } = requireCaller(request)
      const reading = readCreateRequest(family, request.body, domain.settings)
      if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
      hintIgnored(reply, reading.ignored)
      const { id, text } = domain.jobs.create(reading.request, scenarioOf(request))
      request.call.createdJob = id
      return sendJson(request, reply.code(domain.settings.createStatus), text)
    },
    true,
  )
  const list = operation('list', async (request, reply) => {
    const reading = readListQuery(request.query as RawQuery)
    if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
    hintIgnored(reply, reading.ignored)
    const { skip, limit } = reading.query
    const query = { ...reading.query, family: family.name }
    const { total, resources } = await requireCaller(request).domain.jobs.page(query, untilOver(reply))
    return sendParts(request, reply, pageParts({ skip, limit: limit ?? -1, total, resources }))
  })
  // HEAD asks for headers, not for news: it does not count as a poll.
  const get = operation(
    'get',
    (request, reply) => {
      const { domain } = requireCaller(request)
      if (request.method === 'HEAD') return sendJson(request, reply, domain.jobs.peek(keyOf(request)))
      const { text, isFinal } = domain.jobs.view(keyOf(request))
      request.call.showedFinalStatus = isFinal
      return sendJson(request, reply, text)
    },
    (request) => request.method !== 'HEAD' && requireCaller(request).domain.jobs.viewWrites(keyOf(request)),
  )
  const cancel = operation(
    'cancel',
    (request, reply) => {
      const { domain } = requireCaller(request)
      const { text } = domain.jobs.cancel(keyOf(request).id, family.name)
      return sendJson(request, reply.code(domain.settings.cancelStatus), text)
    },
    true,
  )
  const remove = operation(
    'delete',
    (request, reply) => {
      const { domain } = requireCaller(request)
      domain.jobs.delete(keyOf(request))
      return domain.settings.deleteStatus === 204 ? reply.code(204).send() : sendJson(request, reply, '{}')
    },
    true,
  )

  routePath(app, family.path, { GET: list, POST: create })
  routePath(app, `${family.path}/:id`, {
    GET: get,
    ...(family.canViewByPost && { POST: get }),
    ...(family.canDelete && { DELETE: remove }),
  })
  routePath(app, `${family.path}/:id/cancel`, { POST: cancel })
}

/** Aborts when an answer is sent, or its client is gone. */
function untilOver({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    controller.abort()
  })
  return controller.signal
}

function sendJson(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  return reply.type(JSON_TYPE).send(compressed(text, request, reply))
}

/** Of more parts than this an answer is not put together, but sent part by part. */
const MAX_PARTS_AT_ONCE = 12

function sendParts(request: FastifyRequest, reply: FastifyReply, parts: readonly string[]): FastifyReply {
  if (parts.length <= MAX_PARTS_AT_ONCE) return sendJson(request, reply, parts.join(''))
  return reply.type(JSON_TYPE).send(compressedStream(parts, request, reply))
}

function hintIgnored(reply: FastifyReply, ignored: readonly string[]): void {
  if (ignored.length > 0)
    reply.header(HINT_HEADER, `ignored, since the vendor does not document it: ${printable(ignored.join(', '))}`)
}
