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

/** The time at which a fault is executed: before the handler or, for a sign-in, once there is a token to invalidate. */
type FaultPhase = 'before-handler' | 'token-issued'

function phaseOf({ do: action }: Fault, { caller }: RequestCall): FaultPhase {
  return 'token' in action && caller === undefined ? 'token-issued' : 'before-handler'
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
      const { domain } = request.call
      const fault = takeFault(request, 'before-handler')
      return fault === undefined || domain === undefined || execute(fault, { ...options, request, reply, domain })
    },
    executeOnIssued: (request, jwt) => {
      const fault = takeFault(request, 'token-issued')
      if (fault === undefined || !('token' in fault.do)) return
      const claims = signedClaims(options.signer, jwt)
      if (claims !== undefined) invalidateToken(options, fault.do.token, claims)
    },
  }
}

/** The fault of a request, if it is due in this phase and not yet executed. */
function takeFault({ call, log }: FastifyRequest, phase: FaultPhase): Fault | undefined {
  const { pendingFault: fault, operation, domain } = call
  if (fault === undefined || phaseOf(fault, call) !== phase) return undefined
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

async function execute({ id, do: action }: Fault, context: FaultContext): Promise<boolean> {
  if ('respond' in action) return respond(action.respond, id, context)
  if ('delay' in action) return delay(micros(action.delay), context)
  if ('virtualDelay' in action) return advanceClock(micros(action.virtualDelay), context)
  if ('socket' in action) return SOCKET_FAULTS[action.socket](context)
  if ('lose' in action) return loseAnswer(context)
  const { claims } = context.request.call.caller ?? {}
  if (claims !== undefined) invalidateToken(context, action.token, claims)
  throw action.token === 'expire' ? expiredToken() : revokedToken()
}

const SOCKET_FAULTS = { reset: resetSocket, close: closeSocket, truncate: truncateAnswer, garbage: sendGarbage }

/** The duration was checked when the fault was set. */
function micros(text: string): Micros {
  return parseDuration(text) ?? toMicros(0)
}

async function delay(time: Micros, { reply, domain }: FaultContext): Promise<boolean> {
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
  return true
}

/** Stops at the end of the calendar. */
async function advanceClock(by: Micros, { domain }: FaultContext): Promise<boolean> {
  while (domain.busy !== undefined) await domain.busy
  await domain.clock.advance({ by: toMicros(Math.min(by, LAST_INSTANT - domain.clock.now())) }, 0)
  return true
}

type Respond = Extract<FaultAction, { respond: unknown }>['respond']

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
