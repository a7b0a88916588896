import { createHmac } from 'node:crypto'
import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/registry.ts'
import type { Sessions } from './sessions.ts'
import type { Signer } from './signer.ts'
import type { Users } from './users.ts'
import { EmulatorError } from '../errors.ts'
import { DURATION_EXPECTED, parseDuration } from '../model/duration.ts'
import { freshId, namedId } from '../model/identifiers.ts'
import {
  CALENDAR_END,
  LAST_INSTANT,
  SECOND,
  isInCalendar,
  toInstant,
  toMicros,
  type Instant,
  type Micros,
} from '../model/time.ts'
import type { TokenRequest } from '../model/token-request.ts'
import { tokenTime } from './token-verifier.ts'
import { ISSUER, ZONE_ID, type WireClaims } from '../wire/token.ts'

/** The user and domain that a token is for. */
interface TokenSubject {
  readonly userName: string
  readonly groups: readonly string[]
  readonly domain: Domain
  readonly ttl: Micros
  /** When it is issued, by the clock of its domain's tokens. */
  readonly at: Instant
}

export const CLIENT_ID = namedId('client', 'cckm-emulator')

/** Signs an API token. */
export function issueToken(signer: Signer, subject: TokenSubject): string {
  return signer.sign(claimsFor(subject))
}

/** The claims of CM: `exp` is `iat` and the token's life. */
function claimsFor({ userName, groups, domain, ttl, at }: TokenSubject): WireClaims {
  const iat = Math.floor(at / SECOND)
  return {
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
}

/** Every user of the emulator is a local one. */
export function userId(userName: string): string {
  return `local|${namedId('user', userName.toLowerCase())}`
}

interface TokenSourceOptions {
  readonly signer: Signer
  /** With `any` and `off`, every name is accepted. */
  readonly mode: 'strict' | 'any' | 'off'
  readonly domains: Pick<Domains, 'find' | 'open'>
  readonly users: Users
  readonly sessions: Pick<Sessions, 'revokeJwt'>
  readonly realNow: () => Instant
}

/**
 * Creates tokens without a sign-in, for the library, the command line and the control API. A request that is refused
 * creates no domain.
 */
export function createTokenSource({ signer, mode, domains, users, sessions, realNow }: TokenSourceOptions) {
  function subjectOf(name: string, { username, groups }: TokenRequest): Pick<TokenSubject, 'userName' | 'groups'> {
    const user = users.with(domains.find(name)?.users ?? []).find(username ?? 'admin', name)
    if (username !== undefined && user === undefined && groups === undefined && mode === 'strict')
      throw new EmulatorError(
        'badRequest',
        `/username ${JSON.stringify(username.slice(0, 100))} is not a user of the domain ${name}`,
        'users come from --user and from the settings of a domain; with groups, a token can be for any name',
        '/username',
      )
    // Without a name it is an administrator's, even if the configured admin is in no group.
    const own = user?.groups ?? (user === undefined || username === undefined ? ['admin'] : [])
    return { userName: user?.name ?? username ?? 'admin', groups: groups ?? own }
  }

  return async (name: string, request: TokenRequest = {}): Promise<string> => {
    const { kind } = request
    lifeOf(request, tokenTime({ realNow }, domains.find(name)))
    const who = subjectOf(name, request)
    const issue = (domain: Domain): string => {
      const now = tokenTime({ realNow }, domain)
      const ttl = lifeOf(request, now) ?? tokenTtl(domain)
      const at = kind === 'expired' ? toInstant(now - ttl - SECOND) : now
      const claims = claimsFor({ ...who, domain, ttl, at })
      if (kind === 'revoked') sessions.revokeJwt(claims.jwtid, toInstant(now + ttl))
      const token = signer.sign(claims)
      return kind === 'wrong-key' ? signedByAnother(token) : token
    }
    return (await domains.open(name, { within: issue })).result
  }
}

/** The lifetime that a request asks for. Callers in JavaScript may pass a number, which has no unit and is refused. */
function lifeOf({ ttl }: { readonly ttl?: unknown }, now: Instant): Micros | undefined {
  if (ttl === undefined) return undefined
  const life = typeof ttl === 'string' ? parseDuration(ttl) : undefined
  if (life === undefined)
    throw new EmulatorError('badRequest', `/ttl ${JSON.stringify(ttl)} is not ${DURATION_EXPECTED}`, undefined, '/ttl')
  if (!isInCalendar(toInstant(now + life)))
    throw new EmulatorError('badRequest', `/ttl would end the token after ${CALENDAR_END}`, undefined, '/ttl')
  return life
}

/** The same token with a signature by another key. */
function signedByAnother(token: string): string {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const other = createHmac('sha512', 'another key').update(signature).digest('base64url').slice(0, signature.length)
  return [header, claims, other].join('.')
}

/** How long an API token lives: 300 s in every sample of the vendor. */
export function tokenTtl({ settings }: Pick<Domain, 'settings'>): Micros {
  return parseDuration(settings.tokenTtl) ?? toMicros(300 * SECOND)
}
