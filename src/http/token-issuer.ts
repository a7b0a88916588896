import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import { EmulatorError } from '../errors.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { Users } from '../domain/users.ts'
import { parseDuration } from '../model/duration.ts'
import { freshId, namedId } from '../model/identifiers.ts'
import { CALENDAR_END, isInCalendar, LAST_INSTANT, SECOND, type Instant, type Micros } from '../model/time.ts'
import { tokenTime } from './token-verifier.ts'
import { ISSUER, ZONE_ID, type WireClaims } from '../wire/token.ts'

/** Whom a token is for. */
export interface TokenSubject {
  readonly userName: string
  readonly groups: readonly string[]
  readonly domain: Domain
  readonly ttl: Micros
  /** The instant it is issued at, by the clock that its domain's tokens go by. */
  readonly at: Instant
}

export const CLIENT_ID = namedId('client', 'cckm-emulator')

/** Signs an API token with the claims of CM: `exp` is `iat` and the token's life. */
export function issueToken(app: FastifyInstance, { userName, groups, domain, ttl, at }: TokenSubject): string {
  const iat = Math.floor(at / SECOND)
  const claims: WireClaims = {
    aud: namedId('audience', 'cckm-emulator'),
    sub: userId(userName),
    iss: ISSUER,
    acc: ISSUER,
    preferred_username: userName,
    cust: { domain_id: domain.id, groups, sid: freshId(), zone_id: ZONE_ID },
    jwtid: freshId(),
    iat,
    exp: Math.min(iat + Math.ceil(ttl / SECOND), LAST_INSTANT / SECOND),
  }
  return app.jwt.sign(claims)
}

/** Every user of the emulator is a local one. */
export function userId(userName: string): string {
  return `local|${namedId('user', userName)}`
}

/** Good, or bad on purpose. */
export type TokenKind = 'valid' | 'expired' | 'wrong-key' | 'revoked'

/** Whom a token is asked for outside of a sign-in; by default admin, for as long as tokens live in the domain. */
export interface TokenRequest {
  readonly username?: string | undefined
  readonly groups?: readonly string[] | undefined
  /** Microseconds. */
  readonly ttl?: Micros | undefined
  readonly kind?: TokenKind | undefined
}

export interface TokenSourceOptions {
  readonly app: FastifyInstance
  readonly users: Users
  readonly sessions: Pick<Sessions, 'revokeJwt'>
  readonly realNow: () => Instant
}

/** Makes tokens without a sign-in, for the library, the command line and the control API. */
export function createTokenSource({ app, users, sessions, realNow }: TokenSourceOptions) {
  return async (domain: Domain, { username = 'admin', groups, ttl: asked, kind }: TokenRequest = {}) => {
    const ttl = asked ?? tokenTtl(domain)
    const known = users.with(domain.users).groupsOf(username, domain.name)
    const now = tokenTime({ realNow }, domain)
    if (asked !== undefined && !isInCalendar(now + asked))
      throw new EmulatorError('badRequest', `/ttl would end the token after ${CALENDAR_END}`, undefined, '/ttl')
    const subject = { userName: username, groups: groups ?? (known.length > 0 ? known : ['admin']), domain, ttl }
    if (kind === 'expired') return issueToken(app, { ...subject, at: now - ttl - SECOND })
    if (kind === 'wrong-key') return signedByAnother(issueToken(app, { ...subject, at: now }))
    const token = issueToken(app, { ...subject, at: now })
    if (kind === 'revoked') await sessions.revokeJwt(claimsOf(app, token).jwtid, now + ttl)
    return token
  }
}

function claimsOf(app: FastifyInstance, token: string): WireClaims {
  return app.jwt.decode<WireClaims>(token) ?? ({} as WireClaims)
}

/** The same token with a signature that no key of this emulator makes. */
function signedByAnother(token: string): string {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const other = createHmac('sha512', 'another key').update(signature).digest('base64url').slice(0, signature.length)
  return [header, claims, other].join('.')
}

/** How long an API token lives: 300 s in every sample of the vendor. */
export function tokenTtl({ settings }: Pick<Domain, 'settings'>): Micros {
  return parseDuration(settings.tokenTtl) ?? 300 * SECOND
}
