import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import type { Domain } from '../domain/domain.ts'
import type { Sessions } from '../identity/sessions.ts'
import { ERRORS } from '../errors.ts'
import { parseDuration } from '../model/duration.ts'
import type { Fault, FaultAction } from '../model/fault.ts'
import { LAST_INSTANT, MILLISECOND, SECOND, type Micros } from '../model/time.ts'
import { sleep } from '../timers.ts'
import { FAULT_HEADERS, renderFault } from '../wire/fault.ts'
import type { WireClaims } from '../wire/token.ts'
import { HINT_HEADER } from '../wire/headers.ts'
import { closeSocket, loseAnswer, resetSocket, sendGarbage, truncateAnswer, type SocketPlace } from './socket-faults.ts'
import { expiredToken, revokedToken, signedClaims } from '../identity/token-verifier.ts'

export interface FaultPlace {
  readonly app: FastifyInstance
  readonly sessions: Pick<Sessions, 'expireJwt' | 'revokeJwt'>
  /** The TCP socket below a request's socket: a reset under TLS has to act on that one. */
  readonly rawSocketOf: (socket: Socket) => Socket | undefined
}

/** Lets the faults happen that requests met on arrival. */
export interface FaultActions {
  /** True when the request goes on, after its fault or without one. */
  settle: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>
  /** The same where a sign-in is met: a token that it is to spoil does not exist yet. */
  settleSignIn: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>
  /** Spoils the token that a sign-in has made, where a fault says so. */
  spoilNew: (request: FastifyRequest, jwt: string) => void
}

export function createFaultActions(place: FaultPlace): FaultActions {
  const settle: FaultActions['settle'] = async (request, reply) => {
    const { visit } = request
    if (visit?.pending === undefined) return true
    const fault = visit.pending
    visit.pending = undefined
    request.log.info({ fault: fault.id, operation: visit.entry.operation, domain: visit.domain.name }, 'fault')
    return actOut(fault, { ...place, request, reply, domain: visit.domain })
  }
  return {
    settle,
    settleSignIn: async (request, reply) =>
      spoils(request.visit?.pending) === undefined ? settle(request, reply) : true,
    spoilNew: (request, jwt) => {
      const how = spoils(request.visit?.pending)
      const claims = how === undefined ? undefined : signedClaims(place.app, jwt)
      if (how !== undefined && claims !== undefined) spoil(place, how, claims)
      if (request.visit !== undefined) request.visit.pending = undefined
    },
  }
}

/** Faults happen once the body is there, so that the journal has it, and before anything is made of it. */
export function installFaults(scope: FastifyInstance, faults: FaultActions): void {
  scope.addHook('preValidation', (request, reply, done) => {
    if (request.visit?.pending === undefined) done()
    else
      faults.settle(request, reply).then(
        (goesOn) => {
          if (goesOn) done()
        },
        (error: unknown) => {
          done(error as Error)
        },
      )
  })
}

interface Act extends FaultPlace, SocketPlace {
  readonly domain: Domain
}

async function actOut({ id, do: action }: Fault, act: Act): Promise<boolean> {
  if ('respond' in action) return respond(action.respond, id, act)
  if ('delay' in action) return linger(micros(action.delay), act)
  if ('virtualDelay' in action) return leap(micros(action.virtualDelay), act)
  if ('socket' in action) return breakSocket(action.socket, act)
  if ('lose' in action) return loseAnswer(act)
  const { caller } = act.request
  // A sign-in that was refused has made no token, and is refused as it would have been.
  if (caller === undefined) return true
  if (caller.claims !== undefined) spoil(act, action.token, caller.claims)
  throw action.token === 'expire' ? expiredToken() : revokedToken()
}

/** Checked when the fault was set. */
function micros(text: string): Micros {
  return parseDuration(text) ?? 0
}

async function linger(time: Micros, { reply }: Act): Promise<boolean> {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    gone.abort()
  })
  // A client that gives up meanwhile ends the sleep; a server would do its work all the same.
  await sleep(time / MILLISECOND, gone.signal)
  return true
}

/** The clock stands where the calendar ends. */
async function leap(by: Micros, { domain }: Act): Promise<boolean> {
  while (domain.busy !== undefined) await domain.busy
  await domain.control.advance({ by: Math.min(by, LAST_INSTANT - domain.now()) }, 0)
  return true
}

type Respond = Extract<FaultAction, { respond: unknown }>['respond']

function respond({ status, retryAfter, body }: Respond, id: string, { request, reply }: Act): boolean {
  if (retryAfter !== undefined) {
    const wait = micros(retryAfter)
    reply.header('retry-after', String(Math.ceil(wait / SECOND)))
    if (request.visit !== undefined) request.visit.entry.retryAfter = wait
  }
  const { type, text } = renderFault({ status, body }, request.id, Object.values(ERRORS))
  request.answerText = text
  reply.headers(FAULT_HEADERS).header(HINT_HEADER, `the fault ${id} of this domain answered`)
  void reply.code(status).type(type).send(text)
  return false
}

function breakSocket(how: 'reset' | 'close' | 'truncate' | 'garbage', act: Act): boolean {
  const ways = { reset: resetSocket, close: closeSocket, truncate: truncateAnswer, garbage: sendGarbage }
  return ways[how](act)
}

function spoils(fault: Fault | undefined): 'expire' | 'revoke' | undefined {
  return fault !== undefined && 'token' in fault.do ? fault.do.token : undefined
}

function spoil(
  { sessions }: Pick<FaultPlace, 'sessions'>,
  how: 'expire' | 'revoke',
  claims: Partial<WireClaims>,
): void {
  const { jwtid, exp } = claims
  if (jwtid === undefined || exp === undefined) return
  if (how === 'expire') sessions.expireJwt(jwtid, exp * SECOND)
  else sessions.revokeJwt(jwtid, exp * SECOND)
}
