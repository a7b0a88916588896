import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import type { Domain } from '../domain/domain.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Signer } from '../identity/signer.ts'
import { ERRORS } from '../errors.ts'
import { parseDuration } from '../model/duration.ts'
import type { Fault, FaultAction } from '../model/fault.ts'
import { LAST_INSTANT, MILLISECOND, SECOND, toInstant, toMicros, type Micros } from '../model/time.ts'
import { sleep } from '../timers.ts'
import { FAULT_HEADERS, renderFault } from '../wire/fault.ts'
import type { WireClaims } from '../wire/token.ts'
import { HINT_HEADER } from '../wire/headers.ts'
import type { RequestCall } from './request-call.ts'
import {
  closeSocket,
  loseAnswer,
  resetSocket,
  sendGarbage,
  truncateAnswer,
  type SocketFaultContext,
} from './socket-faults.ts'
import { expiredToken, revokedToken, signedClaims } from '../identity/token-verifier.ts'

interface FaultOptions {
  readonly signer: Signer
  readonly sessions: Pick<Sessions, 'expireJwt' | 'revokeJwt'>
  /** The TCP socket below a request's socket: with TLS, a reset must act on that one. */
  readonly rawSocketOf: (socket: Socket) => Socket | undefined
}

/** True if a fault waits for the token that the request is to issue. */
function awaitsToken({ do: action }: Fault, { caller }: RequestCall): boolean {
  return action.token !== undefined && caller === undefined
}

/** Executes the faults that requests were matched with on arrival, each in its phase. */
export interface FaultActions {
  /** True if the request continues after its fault, or has none. */
  executeBeforeHandler: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>
  executeOnIssued: (request: FastifyRequest, jwt: string) => void
}

export function createFaultActions(options: FaultOptions): FaultActions {
  return {
    executeBeforeHandler: async (request, reply) => {
      const { pendingFault: fault, domain } = request.call
      if (fault === undefined || domain === undefined) return true
      const context = { ...options, request, reply, domain }
      if (!awaitsToken(fault, request.call)) return execute(takeFault(request, fault), context)
      await wait(fault, context)
      // A refusal of the body comes here once more.
      request.call.pendingFault = { ...fault, do: { token: fault.do.token } }
      return true
    },
    executeOnIssued: (request, jwt) => {
      const { pendingFault: fault } = request.call
      if (fault?.do.token === undefined) return
      const claims = signedClaims(options.signer, jwt)
      if (claims !== undefined) invalidateToken(options, fault.do.token, claims)
      takeFault(request, fault)
    },
  }
}

/** Marks the fault of a request as executed. */
function takeFault({ call, log }: FastifyRequest, fault: Fault): Fault {
  const { operation, domain } = call
  call.pendingFault = undefined
  log.info({ fault: fault.id, operation, domain: domain?.name }, 'fault')
  return fault
}

/** Executes faults after the body is read, so that the journal records it, and before the handler runs. */
export function installFaults(scope: FastifyInstance, faults: FaultActions): void {
  scope.addHook('preValidation', (request, reply, done) => {
    if (request.call.pendingFault === undefined) done()
    else
      faults.executeBeforeHandler(request, reply).then(
        (goesOn) => {
          if (goesOn) done()
        },
        (error: unknown) => {
          done(error as Error)
        },
      )
  })
}

interface FaultContext extends FaultOptions, SocketFaultContext {
  readonly domain: Domain
}

/** True if the request continues to its handler. The actions that go together are in the order of the schema. */
async function execute(fault: Fault, context: FaultContext): Promise<boolean> {
  const { id, do: action } = fault
  const { call } = context.request
  await wait(fault, context)
  if (action.stale !== undefined) call.staleBy = micros(action.stale)
  if (action.patch !== undefined) call.patch = { value: action.patch }
  if (action.socket !== undefined && !SOCKET_FAULTS[action.socket](context)) return false
  if (action.respond !== undefined) return respond(action.respond, id, context)
  if (action.lose !== undefined) return loseAnswer(context)
  if (action.token === undefined) return true
  const { claims } = call.caller ?? {}
  if (claims !== undefined) invalidateToken(context, action.token, claims)
  throw action.token === 'expire' ? expiredToken() : revokedToken()
}

/** Waits in real time, then lets the time of the domain pass. */
async function wait({ do: action }: Fault, context: FaultContext): Promise<void> {
  if (action.delay !== undefined) await delay(micros(action.delay), context)
  if (action.virtualDelay !== undefined) await advanceClock(micros(action.virtualDelay), context)
}

const SOCKET_FAULTS = { reset: resetSocket, close: closeSocket, truncate: truncateAnswer, garbage: sendGarbage }

/** The duration was checked when the fault was set. */
function micros(text: string): Micros {
  return parseDuration(text) ?? toMicros(0)
}

async function delay(time: Micros, { reply, domain }: FaultContext): Promise<void> {
  const gone = new AbortController()
  let interruption: Error | undefined
  const stop = domain.onInterrupt((error) => {
    interruption = error
    gone.abort()
  })
  reply.raw.once('close', () => {
    gone.abort()
  })
  // A client that disconnects ends the delay. Its request is still handled, like on a real server.
  await sleep(time / MILLISECOND, gone.signal)
  stop()
  if (interruption !== undefined) throw interruption
}

/** Stops at the end of the calendar. */
async function advanceClock(by: Micros, { domain }: FaultContext): Promise<void> {
  while (domain.busy !== undefined) await domain.busy
  await domain.clock.advance({ by: toMicros(Math.min(by, LAST_INSTANT - domain.clock.now())) }, 0)
}

type Respond = NonNullable<FaultAction['respond']>

function respond({ status, retryAfter, body }: Respond, id: string, { request, reply }: FaultContext): boolean {
  if (retryAfter !== undefined) {
    const wait = micros(retryAfter)
    reply.header('retry-after', String(Math.ceil(wait / SECOND)))
    request.call.retryAfter = wait
  }
  const { type, text } = renderFault({ status, body }, request.id, Object.values(ERRORS))
  reply.headers(FAULT_HEADERS).header(HINT_HEADER, `the fault ${id} of this domain answered`)
  void reply.code(status).type(type).send(text)
  return false
}

function invalidateToken(
  { sessions }: Pick<FaultOptions, 'sessions'>,
  how: 'expire' | 'revoke',
  { jwtid, exp }: Partial<WireClaims>,
): void {
  if (jwtid === undefined || exp === undefined) return
  if (how === 'expire') sessions.expireJwt(jwtid, toInstant(exp * SECOND))
  else sessions.revokeJwt(jwtid, toInstant(exp * SECOND))
}
