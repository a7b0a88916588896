import type { FastifyRequest } from 'fastify'
import { EmulatorError } from '../../errors.ts'
import type { ScenarioSource } from '../../model/scenario.ts'
import { readCreateRequest } from '../../wire/create-request.ts'
import type { Family, Verb } from '../../wire/family.ts'
import { readListQuery } from '../../wire/list-query.ts'
import { pageParts } from '../../wire/page.ts'
import { issueMessage } from '../../wire/issues.ts'
import { requireCaller, shownDomain } from '../request-call.ts'
import { idOf, queryOf, type OperationHandler } from '../operation-routes.ts'
import { hintIgnored, sendJson, sendParts, closeSignal } from '../send.ts'

interface JobHandlerOptions {
  /** The scenario in the header of a create; undefined if there is none, or the header is turned off. */
  readonly scenarioOf: (request: FastifyRequest) => string | ScenarioSource | undefined
}

/** The handlers for the jobs of a family, by verb. */
export function jobHandlers(
  family: Family,
  { scenarioOf }: JobHandlerOptions,
): Readonly<Record<Verb, OperationHandler>> {
  const keyOf = (request: FastifyRequest) => ({ family: family.name, id: idOf(request) })
  const get: OperationHandler = {
    // A HEAD does not count as a poll.
    writes: (request) => request.method !== 'HEAD' && requireCaller(request).domain.jobs.viewWrites(keyOf(request)),
    handle: (request, reply) => {
      const [key, shown] = [keyOf(request), shownDomain(request)]
      if (request.method === 'HEAD') return sendJson(request, reply, shown.jobs.peek(key).text)
      const { jobs } = requireCaller(request).domain
      // A stale answer does not keep the call from being a poll now.
      if (shown.jobs !== jobs && jobs.viewWrites(key)) jobs.view(key)
      const { text, isFinal } = shown.jobs === jobs ? jobs.view(key) : shown.jobs.peek(key)
      request.call.showedFinalStatus = isFinal
      return sendJson(request, reply, text)
    },
  }
  return {
    list: {
      handle: async (request, reply) => {
        const { domain } = requireCaller(request)
        const reading = readListQuery(queryOf(request), family, domain.settings)
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        hintIgnored(reply, reading.ignored)
        const { skip, limit } = reading.query
        const query = { ...reading.query, family: family.name }
        const { total, resources } = await shownDomain(request).jobs.page(query, closeSignal(reply))
        return sendParts(request, reply, pageParts({ skip, limit: limit ?? -1, total, resources }))
      },
    },
    create: {
      writes: true,
      handle: (request, reply) => {
        const { domain } = requireCaller(request)
        const reading = readCreateRequest(family, request.body, domain.settings)
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        hintIgnored(reply, reading.ignored)
        const { id, text } = domain.jobs.create(reading.request, scenarioOf(request))
        request.call.createdJob = id
        return sendJson(request, reply, text)
      },
    },
    get,
    'get-by-post': get,
    cancel: {
      writes: true,
      handle: (request, reply) => {
        const { text } = requireCaller(request).domain.jobs.cancel(idOf(request), family.name)
        return sendJson(request, reply, text)
      },
    },
    delete: {
      writes: true,
      handle: (request, reply) => {
        requireCaller(request).domain.jobs.delete(keyOf(request))
        return reply.statusCode === 204 ? reply.send() : sendJson(request, reply, '{}')
      },
    },
  }
}
