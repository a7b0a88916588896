import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/registry.ts'
import { EmulatorError } from '../errors.ts'
import { formatDuration } from '../model/duration.ts'
import { MILLISECOND, SECOND, toInstant, toMicros, type Instant, type Micros } from '../model/time.ts'
import { checkClaims, ISSUER, type WireClaims } from '../wire/token.ts'
import { issueMessage } from '../wire/issues.ts'
import type { DecodedToken, Signer } from './signer.ts'

/** A token whose signature was verified. */
interface VerifiedToken {
  readonly claims: WireClaims
  /** When it expires. */
  readonly expiresAt: Instant
}

interface TokenVerifierOptions {
  readonly signer: Signer
  readonly algorithm: 'HS256' | 'ES256'
  readonly domainOf: (id: string) => Domain | undefined
  readonly removedDomain: Domains['removed']
  /** Called when a client uses a domain that was removed: it ran on after its test. */
  readonly onLate: (domain: string, hint: string) => void
  readonly isRevoked: (jwtId: string) => boolean
  /** Whether a fault made the token expire early. */
  readonly isExpiredEarly: (jwtId: string) => boolean
  readonly realNow: () => Instant
}

/** Verified tokens are cached: verifying a signature costs more than everything else in a GET. */
const MAX_CACHED = 10_000

/**
 * Verifies API tokens: signature, issuer and expiry, then that the domain still exists and the token is not revoked.
 * What can change (expiry, revocation, the domain) is checked on every use, cached or not.
 */
export function createTokenVerifier(
  options: TokenVerifierOptions,
): (token: string) => { domain: Domain; claims: WireClaims } {
  const cached = new Map<string, VerifiedToken>()

  function verified(token: string): VerifiedToken {
    const known = cached.get(token)
    if (known !== undefined) return known
    const fresh = verify(token, options)
    if (cached.size === MAX_CACHED) cached.clear()
    cached.set(token, fresh)
    return fresh
  }

  return (token) => {
    const { claims, expiresAt } = verified(token)
    const domain = options.domainOf(claims.cust.domain_id)
    if (domain === undefined) throw unknownDomain(claims.cust.domain_id, options)
    const now = tokenTime(options, domain)
    if (now >= expiresAt) throw malformed(`Token is expired by ${expiredBy(toMicros(now - expiresAt))}`, HINT_ANY)
    if (options.isExpiredEarly(claims.jwtid)) throw expiredToken()
    if (options.isRevoked(claims.jwtid)) throw revokedToken()
    return { domain, claims }
  }
}

const HINT_SIGN_IN = 'sign in: POST /api/v1/auth/tokens {"username":"admin","password":"admin"}'
const HINT_ANY = `${HINT_SIGN_IN}; or start the emulator with --auth any, which takes any well-formed token`
const HINT_DELETED = 'the domain was deleted, and perhaps created again: sign in again'

function unknownDomain(id: string, { removedDomain, onLate }: TokenVerifierOptions): EmulatorError {
  const removed = removedDomain(id)
  if (removed === undefined) return refusal('Invalid token: its domain does not exist', HINT_DELETED)
  const ago = formatDuration(toMicros(Math.floor(removed.ago / MILLISECOND) * MILLISECOND))
  const hint = `the domain ${removed.name} was deleted ${ago} before this request (real time)`
  onLate(removed.name, hint)
  return refusal('Invalid token: its domain does not exist', `${hint}: sign in again`)
}

function refusal(message: string, hint: string): EmulatorError {
  return new EmulatorError('unauthorized', message, hint)
}

/** The wording of a Go JWT library, which a vendor page shows for one case (DOC-CTE: `Token is expired by 50s`). */
function malformed(reason: string, hint = HINT_SIGN_IN): EmulatorError {
  return refusal(`Bearer token malformed: ${reason}`, hint)
}

function expiredBy(micros: Micros): string {
  return formatDuration(toMicros(Math.floor(micros / SECOND) * SECOND))
}

export function revokedToken(): EmulatorError {
  return refusal('Token has been revoked', HINT_SIGN_IN)
}

/** A token that expired this instant. */
export function expiredToken(): EmulatorError {
  return malformed(`Token is expired by ${expiredBy(toMicros(0))}`, HINT_SIGN_IN)
}

/** The claims of a token with a valid signature, even if it is expired or revoked; undefined for any other token. */
export function signedClaims(signer: Signer, token: string): WireClaims | undefined {
  try {
    return signer.verify(token, { ignoreExpiration: true })
  } catch (error) {
    assertJwtError(error)
    return undefined
  }
}

/** The id of the domain that such a token is for. */
export function signedDomain(signer: Signer, token: string): string | undefined {
  const claims: Partial<WireClaims> | undefined = signedClaims(signer, token)
  return claims?.cust?.domain_id
}

export function missingToken(): EmulatorError {
  return refusal('Bearer token missing', HINT_SIGN_IN)
}

/** Algorithm and claims of a token, without a check of its signature. */
export function decodeToken(signer: Signer, token: string): { alg: unknown; claims: Partial<WireClaims> } {
  const segments = token.split('.').length
  if (segments !== 3) throw malformed(`token contains an invalid number of segments (${segments}, not 3)`)
  let decoded: DecodedToken | null
  try {
    decoded = signer.decode(token, { complete: true })
  } catch (error) {
    assertJwtError(error)
    decoded = null
  }
  if (decoded === null || typeof decoded.payload !== 'object') throw malformed('its parts are not base64url JSON')
  const checked = checkClaims(decoded.payload)
  if ('issues' in checked) throw malformed(issueMessage(checked.issues), HINT_ANY)
  return { alg: decoded.header.alg, claims: decoded.payload }
}

function verify(token: string, options: TokenVerifierOptions): VerifiedToken {
  const { signer, algorithm } = options
  const { alg, claims: claimed } = decodeToken(signer, token)
  if (typeof alg === 'string' && alg.toLowerCase() === 'none')
    throw malformed("'none' signature type is not allowed", HINT_ANY)
  if (alg !== algorithm)
    // Not `String(alg)`: an object may have a toString of its own.
    throw malformed(`signing method ${typeof alg === 'string' ? alg : JSON.stringify(alg)} is invalid`, HINT_ANY)
  const now = tokenTime(options, options.domainOf(String(claimed.cust?.domain_id)))
  try {
    const claims = signer.verify(token, { clockTimestamp: now / MILLISECOND })
    if (typeof claims.cust.domain_id !== 'string') throw malformed('cust.domain_id is missing', HINT_ANY)
    return { claims, expiresAt: toInstant(claims.exp * SECOND) }
  } catch (error) {
    assertJwtError(error)
    throw refusalFor(error, claimed, now)
  }
}

/** The time by which tokens of a domain expire: real time, unless its settings say otherwise. */
export function tokenTime({ realNow }: Pick<TokenVerifierOptions, 'realNow'>, domain: Domain | undefined): Instant {
  return domain?.settings.tokenClock === 'domain' ? domain.clock.now() : realNow()
}

interface JwtError extends Error {
  readonly code: string
}

/** Of fast-jwt, and of @fastify/jwt, which wraps some of its errors. */
const JWT_ERROR_CODE = /^(FAST|FST)_JWT_/

/** Rethrows an error that is not about the token. */
function assertJwtError(error: unknown): asserts error is JwtError {
  if (!(error instanceof Error && 'code' in error && JWT_ERROR_CODE.test(String(error.code)))) throw error
}

/** The refusal for an error of fast-jwt, with one message per cause. */
function refusalFor({ code, message }: JwtError, claims: Partial<WireClaims>, now: Instant): EmulatorError {
  switch (code) {
    case 'FAST_JWT_EXPIRED':
      return malformed(`Token is expired by ${expiredBy(toMicros(now - (claims.exp ?? 0) * SECOND))}`, HINT_ANY)
    case 'FAST_JWT_INVALID_SIGNATURE':
    case 'FAST_JWT_MISSING_SIGNATURE':
      return malformed('signature is invalid', `this emulator did not sign it: ${HINT_ANY}`)
    case 'FAST_JWT_INVALID_CLAIM_VALUE':
      return malformed(`issuer is invalid: ${JSON.stringify(claims.iss)}, not "${ISSUER}"`, HINT_ANY)
    default:
      return malformed(message, HINT_ANY)
  }
}
