import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/registry.ts'
import type { Fault } from '../model/fault.ts'
import type { Arrival, Headers, JournalEntry } from '../model/journal.ts'
import { elapsedMs } from '../timers.ts'

/** A request in the journal of its domain, for as long as it is under way. */
export interface Visit {
  readonly domain: Domain
  readonly entry: JournalEntry
  /** The fault that hit it and is still to happen. */
  pending: Fault | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once it is known whose world a request is in. */
    visit: Visit | undefined
    /** Characters of the body, where there was one. */
    bodyLength: number
    /** The body of its answer, where the journal is to have it. */
    answerText: string | undefined
  }
}

/** Longer bodies are not kept in the journal. */
export const MAX_KEPT_BODY = 16 * 1024
/** Nor are longer answers: a page of a hundred jobs would cost more than all that the journal is for. */
const MAX_KEPT_ANSWER = 4 * 1024

/** Characters of the headers that are kept, names and values. */
const MAX_KEPT_HEADERS = 8 * 1024

/** Enters a request into the journal of a domain, matched against its faults and counted by them: one synchronous step. */
export function enter(request: FastifyRequest, domain: Domain): void {
  const entry = domain.arrive(arrivalOf(request))
  request.visit = { domain, entry, pending: entry.fault }
}

function arrivalOf({ originalUrl: url, headers, method, routeOptions, params }: FastifyRequest): Arrival {
  const mark = url.indexOf('?')
  const { operation = 'unknown' } = routeOptions.config
  return {
    operation,
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    ...keptHeaders(headers),
    job: operation.includes('bulkjob') ? (params as { id?: string }).id : undefined,
  }
}

/** The headers that fit, in the order in which they came. */
function keptHeaders(headers: Headers): Pick<Arrival, 'headers' | 'omittedHeaders'> {
  let [length, omittedHeaders] = [0, 0]
  const kept = Object.entries(headers).filter(([name, value = '']) => {
    const characters = name.length + (typeof value === 'string' ? value : value.join('')).length
    const fits = length + characters <= MAX_KEPT_HEADERS
    if (fits) length += characters
    else omittedHeaders += characters
    return fits
  })
  return omittedHeaders === 0
    ? { headers, omittedHeaders: undefined }
    : { headers: Object.fromEntries(kept), omittedHeaders }
}

export interface Recording {
  readonly domains: Pick<Domains, 'root'>
  /** Whose world a refused request was meant for, by its token. */
  readonly ownerOf: (authorization: string | undefined) => Domain | undefined
}

/**
 * Closes the entry of each request of the vendor's API with its answer, or with its connection where that is gone before.
 * Fastify's `onResponse` sees only the first, and costs two listeners more.
 */
export function recordRequests(app: FastifyInstance, recording: Recording): void {
  app.decorateRequest('visit', undefined)
  app.decorateRequest('bodyLength', 0)
  app.decorateRequest('answerText', undefined)
  app.addHook('onRequest', (request, reply, done) => {
    const since = elapsedMs()
    reply.raw.on('close', () => {
      if (request.visit !== undefined || (reply.raw.headersSent && isVendors(request, reply)))
        leave({ request, reply, durationMs: elapsedMs() - since }, recording)
    })
    done()
  })
}

/** A request that is over. */
interface Ended {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly durationMs: number
}

/** The end of a request, entered or not: one that was refused before anybody knew whose it is goes in as a whole. */
export function leave({ request, reply, durationMs }: Ended, { domains, ownerOf }: Recording): void {
  const { visit } = request
  const domain = visit?.domain ?? ownerOf(request.headers.authorization) ?? domains.root()
  // A refused request has met no fault.
  const entry = visit?.entry ?? domain.enter(arrivalOf(request))
  if (request.bodyLength > MAX_KEPT_BODY) entry.omitted = request.bodyLength
  else entry.body = request.body ?? undefined
  const { answerText } = request
  if (answerText !== undefined && answerText.length <= MAX_KEPT_ANSWER) entry.answer = answerText
  const status = reply.raw.headersSent ? reply.raw.statusCode : undefined
  domain.answered(entry, status, Math.round(durationMs * 1000) / 1000)
}

/** The emulator's own paths: neither clients nor tests mean them when they ask what was requested. */
const OWN = /^\/+(?:__admin|__dashboard|healthz|readyz|openapi\.json|docs)(?:[/?]|$)/

/** `/` is the emulator's own where a browser was shown its page. */
function isVendors({ url }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  const isFrontPage = statusCode === 200 && /^\/+(\?|$)/.test(url)
  return !OWN.test(url) && !isFrontPage
}
