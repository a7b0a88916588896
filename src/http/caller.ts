import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/registry.ts'
import { EmulatorError } from '../errors.ts'
import { bearerOf, DOMAIN_HEADER } from '../wire/headers.ts'
import type { Signer } from '../identity/signer.ts'
import type { WireClaims } from '../wire/token.ts'
import { decodeToken, missingToken, signedClaims, type createTokenVerifier } from '../identity/token-verifier.ts'
import type { Caller } from './request-call.ts'
import { openEntry } from './request-journal.ts'
import { whenFree } from './when-free.ts'

interface CallerOptions {
  readonly signer: Signer
  readonly mode: 'strict' | 'any' | 'off'
  readonly domains: Domains
  readonly verify: ReturnType<typeof createTokenVerifier>
}

/** Identifies the caller by the Authorization header. Throws if the token is missing or invalid. */
export function createCallerReader({
  signer,
  mode,
  domains,
  verify,
}: CallerOptions): (header: string | undefined) => Caller {
  const strict = (token: string): Caller => {
    const { domain, claims } = verify(token)
    return { domain, claims, userName: claims.preferred_username, groups: claims.cust.groups ?? [] }
  }
  const lenient = (token: string): Caller => {
    const { claims } = decodeToken(signer, token)
    const domain = domains.byId(String(claims.cust?.domain_id)) ?? domains.root()
    return { domain, claims, userName: claims.preferred_username ?? 'admin', groups: claims.cust?.groups ?? ['admin'] }
  }
  const anonymousCaller = (): Caller => ({
    domain: domains.root(),
    claims: undefined,
    userName: 'admin',
    groups: ['admin'],
  })
  return (header) => {
    const token = bearerOf(header)
    if (token === undefined && mode === 'off') return anonymousCaller()
    if (token === undefined) throw missingToken()
    if (mode === 'strict') return strict(token)
    return mode === 'any' ? lenient(token) : tryOr(() => lenient(token), anonymousCaller)
  }
}

/**
 * Finds the domain of a token, even if it is expired or revoked; with `any` and `off`, even if its signature is
 * invalid.
 */
export function createOwnerReader({
  signer,
  mode,
  domains,
}: Omit<CallerOptions, 'verify'>): (header: string | undefined) => Domain | undefined {
  const claimsOf = (token: string): Partial<WireClaims> | undefined =>
    mode === 'strict'
      ? signedClaims(signer, token)
      : tryOr(
          () => decodeToken(signer, token).claims,
          () => undefined,
        )
  return (header) => {
    const token = bearerOf(header)
    const id = token === undefined ? undefined : claimsOf(token)?.cust?.domain_id
    return typeof id === 'string' ? domains.byId(id) : undefined
  }
}

/** Falls back if the token is refused; rethrows any other error. */
function tryOr<T>(attempt: () => T, fallback: () => T): T {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof EmulatorError) return fallback()
    throw error
  }
}

/** The hook of routes that require a token: finds the domain, waits for it, opens the journal entry, matches the faults. */
export function identifyCaller(read: (header: string | undefined) => Caller) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const caller = read(request.headers.authorization)
    request.call.caller = caller
    reply.header(DOMAIN_HEADER, caller.domain.name)
    whenFree({ request, reply }, caller.domain, (error) => {
      if (error === undefined) openEntry(request, caller.domain)
      done(error)
    })
  }
}
