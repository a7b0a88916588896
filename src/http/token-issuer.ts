import type { FastifyInstance } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/domains.ts'
import type { Users } from '../domain/users.ts'
import { ROOT_DOMAIN } from '../model/domain.ts'
import { parseDuration } from '../model/duration.ts'
import { freshId, namedId } from '../model/identifiers.ts'
import { SECOND, type Instant, type Micros } from '../model/time.ts'
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
    exp: iat + Math.ceil(ttl / SECOND),
  }
  return app.jwt.sign(claims)
}

/** Every user of the emulator is a local one. */
export function userId(userName: string): string {
  return `local|${namedId('user', userName)}`
}

/** Whom a token is asked for outside of a sign-in; by default admin in the root domain, for as long as tokens live there. */
export interface TokenRequest {
  readonly username?: string
  readonly groups?: readonly string[]
  /** Name of a domain; one that is not there is made. */
  readonly domain?: string
  /** Microseconds. */
  readonly ttl?: Micros
}

export interface TokenSourceOptions {
  readonly app: FastifyInstance
  readonly domains: Domains
  readonly users: Users
  readonly realNow: () => Instant
}

/** Makes tokens without a sign-in, for the library and the command line. */
export function createTokenSource({
  app,
  domains,
  users,
  realNow,
}: TokenSourceOptions): (request?: TokenRequest) => Promise<string> {
  return async ({ username = 'admin', groups, domain: name = ROOT_DOMAIN, ttl } = {}) => {
    const { domain } = await domains.open(name)
    const known = users.groupsOf(username, name)
    return issueToken(app, {
      userName: username,
      groups: groups ?? (known.length > 0 ? known : ['admin']),
      domain,
      ttl: ttl ?? tokenTtl(domain),
      at: tokenTime({ realNow }, domain),
    })
  }
}

/** How long an API token lives: 300 s in every sample of the vendor. */
export function tokenTtl({ settings }: Pick<Domain, 'settings'>): Micros {
  return parseDuration(settings.tokenTtl) ?? 300 * SECOND
}
