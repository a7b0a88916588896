import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/registry.ts'
import type { Arrival, Headers, Outcome } from '../model/journal.ts'
import { elapsedMs } from '../timers.ts'
import { patched } from './send.ts'

/** Longer bodies are not stored in the journal. */
const MAX_KEPT_BODY = 16 * 1024
/**
 * Longer responses are not stored either: a page of a hundred jobs would take more memory than the rest of the journal.
 */
const MAX_KEPT_ANSWER = 4 * 1024

/** Maximum of characters of stored headers, names and values. */
const MAX_KEPT_HEADERS = 8 * 1024

/** Opens the journal entry of a request, and matches it against the faults of its domain: one synchronous step. */
export function openEntry(request: FastifyRequest, domain: Domain): void {
  const entry = domain.requests.recordArrival(arrivalOf(request))
  Object.assign(request.call, { domain, entry, pendingFault: entry.fault })
}

function arrivalOf({ id, originalUrl: url, headers, method, call: { operation, job } }: FastifyRequest): Arrival {
  const mark = url.indexOf('?')
  return {
    id,
    operation,
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    ...keptHeaders(headers),
    job,
  }
}

/** The headers that fit, in the order of the request. */
function keptHeaders(headers: Headers): Pick<Arrival, 'headers' | 'omittedHeaderChars'> {
  let [length, omittedHeaderChars] = [0, 0]
  const kept = Object.entries(headers).filter(([name, value = '']) => {
    const characters = name.length + (typeof value === 'string' ? value : value.join('')).length
    const fits = length + characters <= MAX_KEPT_HEADERS
    if (fits) length += characters
    else omittedHeaderChars += characters
    return fits
  })
  return omittedHeaderChars === 0
    ? { headers, omittedHeaderChars: undefined }
    : { headers: Object.fromEntries(kept), omittedHeaderChars }
}

export interface RequestJournalOptions {
  readonly domains: Pick<Domains, 'root'>
  /** The domain that a refused request was sent to, from its token. */
  readonly ownerOf: (authorization: string | undefined) => Domain | undefined
}

/**
 * Closes the entry of each request of the vendor's API when its response is sent, or when its connection closes first.
 * Fastify's `onResponse` runs only for responses, and needs two more listeners.
 */
export function recordRequests(app: FastifyInstance, options: RequestJournalOptions): void {
  app.addHook('onRequest', (request, reply, done) => {
    const since = elapsedMs()
    reply.raw.on('close', () => {
      if (request.call.entry !== undefined || (reply.raw.headersSent && isVendors(request, reply)))
        closeEntry({ request, reply, durationMs: elapsedMs() - since }, options)
    })
    done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const { call } = request
    const sent = call.patch === undefined ? payload : patched(request, reply, payload)
    const isKept = typeof sent === 'string' && sent.length <= MAX_KEPT_ANSWER && call.isAnswerSecret !== true
    if (isKept) call.answer = sent
    done(null, sent)
  })
}

interface FinishedRequest {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly durationMs: number
}

/** Closes the entry of a request. If it was refused before its domain was known, opens the entry first. */
export function closeEntry(finished: FinishedRequest, { domains, ownerOf }: RequestJournalOptions): void {
  const { request } = finished
  const { entry, domain = ownerOf(request.headers.authorization) ?? domains.root() } = request.call
  const open = entry ?? domain.requests.recordRefused(arrivalOf(request))
  open.close(outcomeOf(finished))
}

function outcomeOf({ request: { call, body }, reply: { raw }, durationMs }: FinishedRequest): Outcome {
  const { bodyBytes = 0, createdJob, answer, retryAfter, showedFinalStatus = false } = call
  const isTooLong = bodyBytes > MAX_KEPT_BODY
  return {
    job: createdJob,
    body: isTooLong ? undefined : (body ?? undefined),
    omittedBodyBytes: isTooLong ? bodyBytes : undefined,
    answer,
    retryAfter,
    showedFinalStatus,
    status: raw.headersSent ? raw.statusCode : undefined,
    durationMs: Math.round(durationMs * 1000) / 1000,
  }
}

/** The emulator's own paths: not part of the emulated API, so the journal does not record them. */
const OWN = /^\/+(?:__admin|__dashboard|healthz|readyz|openapi\.json|docs)(?:[/?]|$)/

/** `/` is the emulator's own path if it was answered with the page for browsers. */
function isVendors({ url }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  const isRootPage = statusCode === 200 && /^\/+(\?|$)/.test(url)
  return !OWN.test(url) && !isRootPage
}
