import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import type { OpenEntry } from '../journal/journal.ts'
import type { Fault } from '../model/fault.ts'
import type { Micros } from '../model/time.ts'
import type { WireClaims } from '../wire/token.ts'

/** The user and domain of a request. */
export interface Caller {
  readonly domain: Domain
  readonly userName: string
  readonly groups: readonly string[]
  /** undefined if no token was sent, and none was required. */
  readonly claims: Partial<WireClaims> | undefined
}

/** The state of a request. Hooks and handlers fill it in; the journal reads it at the end. */
export interface RequestCall {
  /** The name in docs/reference/fidelity.md and the control API; `unknown` if no route matches the request. */
  readonly operation: string
  /** The id of the job in the path. */
  readonly job: string | undefined
  /** Set on routes that require a token, after its verification. */
  caller?: Caller
  /** Set together, once the domain of the request is known. */
  domain?: Domain
  entry?: OpenEntry
  /** The fault that hit the request and has not been executed yet. */
  pendingFault?: Fault | undefined
  bodyBytes?: number
  /** The body of the response, if it is short enough for the journal. */
  answer?: string
  /** True if the response contains tokens: the journal does not store it. */
  isAnswerSecret?: boolean
  /** The job that the request has created. */
  createdJob?: string
  showedFinalStatus?: boolean
  /** By a fault: the response is as of this long ago. */
  staleBy?: Micros
  /** By a fault: the merge patch of a JSON response. */
  patch?: { readonly value: unknown }
  /** The value of Retry-After in the response. */
  retryAfter?: Micros
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook of every request. */
    call: RequestCall
  }
  interface FastifyContextConfig {
    /** The operation's name in docs/reference/fidelity.md and the control API. */
    operation?: string
    /** True if the path names a job. */
    namesJob?: boolean
  }
}

/** Gives every request its `call`. Must be the first hook: all others rely on it. */
export function decorateRequests(app: FastifyInstance): void {
  app.decorateRequest('call')
  app.addHook('onRequest', (request, _reply, done) => {
    request.call = createCall(request)
    done()
  })
}

export function createCall({ routeOptions, params }: FastifyRequest): RequestCall {
  const { operation = 'unknown', namesJob = false } = routeOptions.config
  return { operation, job: namesJob ? (params as { id?: string }).id : undefined }
}

/** What a read of a caller's domain shows: the present or, by a fault, some time ago. */
export function shownDomain(request: FastifyRequest): Pick<Domain, 'jobs' | 'inventory'> {
  const { domain } = requireCaller(request)
  return request.call.staleBy === undefined ? domain : domain.before(request.call.staleBy)
}

/** The caller of a route that identifies callers. */
export function requireCaller({ call: { caller } }: FastifyRequest): Caller {
  if (caller === undefined) throw new Error('this route identifies no caller')
  return caller
}
