import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import type { OpenEntry } from '../journal/journal.ts'
import type { Fault } from '../model/fault.ts'
import type { Micros } from '../model/time.ts'
import type { WireClaims } from '../wire/token.ts'

/** Who makes a request, and in which domain. */
export interface Caller {
  readonly domain: Domain
  readonly userName: string
  readonly groups: readonly string[]
  /** undefined: no token was sent, and none was required. */
  readonly claims: Partial<WireClaims> | undefined
}

/** What is known of a request while it is under way. Hooks and handlers fill it in, the journal reads it at the end. */
export interface RequestCall {
  /** As docs/reference/fidelity.md and the control API name it; `unknown` where no route takes the request. */
  readonly operation: string
  /** The job that the path names. */
  readonly job: string | undefined
  /** Set on routes that require a token, once it was verified. */
  caller?: Caller
  /** Set together, once it is known which domain the request is for. */
  domain?: Domain
  entry?: OpenEntry
  /** The fault that hit the request and has not been executed yet. */
  pendingFault?: Fault | undefined
  bodyBytes?: number
  /** The body of the answer, where it is short enough for the journal. */
  answer?: string
  /** The answer holds tokens: the journal does not keep it. */
  isAnswerSecret?: boolean
  /** The job that the request has created. */
  createdJob?: string
  showedFinalStatus?: boolean
  /** What the answer tells the client to wait. */
  retryAfter?: Micros
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook of every request. */
    call: RequestCall
  }
  interface FastifyContextConfig {
    /** The operation, as docs/reference/fidelity.md and the control API name it. */
    operation?: string
    /** Whether the path names a job. */
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

/** The caller of a route that identifies callers. */
export function requireCaller({ call: { caller } }: FastifyRequest): Caller {
  if (caller === undefined) throw new Error('this route identifies no caller')
  return caller
}
