import { randomBytes } from 'node:crypto'
import { EmulatorError } from '../errors.ts'
import { digestOf } from './digest.ts'
import { LAST_INSTANT, MINUTE, toInstant, toMicros, type Instant } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import { freshId } from '../model/identifiers.ts'
import type { RefreshToken } from '../model/refresh-token.ts'

/** Options of a sign-in for its refresh token; in minutes, like the vendor's fields. */
interface RefreshOptions {
  readonly labels?: readonly string[]
  readonly lifetimeMinutes?: number
  readonly unusedMinutes?: number
}

/** A refresh token with its value, of which only a digest is stored. */
export interface IssuedRefresh {
  readonly token: RefreshToken
  readonly value: string
}

/** Refresh tokens and revoked API tokens, stored with the data. */
export interface Sessions {
  begin: (owner: { domainId: string; userName: string }, options: RefreshOptions) => IssuedRefresh
  /** The refresh token with this value. Throws if it is not valid, and revokes it if it is used for another domain. */
  usable: (value: string, domainId: string | undefined) => RefreshToken
  /** Records a use of the token. With `renew`, revokes it and issues another one. */
  use: (token: RefreshToken, value: string, renew: boolean) => IssuedRefresh
  /** Runs several calls as one transaction. */
  together: Store['transaction']
  find: (domainId: string, id: string) => RefreshToken
  ofDomain: (domainId: string) => readonly RefreshToken[]
  revoke: (token: RefreshToken) => void
  byValue: (value: string) => RefreshToken | undefined
  revokeJwt: (jwtId: string, expiresAt: Instant) => void
  isRevoked: (jwtId: string) => boolean
  /** Makes an API token expire now. Stored as a revocation, so that it stays invalid after a restart. */
  expireJwt: (jwtId: string, expiresAt: Instant) => void
  isExpiredEarly: (jwtId: string) => boolean
  isExpired: (token: RefreshToken) => boolean
}

/** 64 hexadecimal digits, as many as the characters of the vendor's sample. */
const VALUE_BYTES = 32

export function openSessions({ tokens, transaction }: Store, realNow: () => Instant): Sessions {
  const revokedJwts = new Set(tokens.revokedJwts(realNow()))
  const expiredJwts = new Set<string>()

  const isExpired = ({ expiresAt, lastUsedAt, unusedFor }: RefreshToken): boolean =>
    realNow() >= Math.min(expiresAt ?? Infinity, lastUsedAt + (unusedFor ?? Infinity))

  const revoke = (token: RefreshToken): void => {
    if (token.revokedAt === undefined) tokens.save({ ...token, revokedAt: realNow() })
  }

  function revokeJwt(jwtId: string, expiresAt: Instant): void {
    // A token that was signed elsewhere with the same secret may have any `exp`.
    tokens.revokeJwt(jwtId, toInstant(Math.ceil(Math.min(expiresAt, LAST_INSTANT))))
    revokedJwts.add(jwtId)
  }

  return {
    begin: (owner, { labels = [], lifetimeMinutes, unusedMinutes }) => {
      const now = realNow()
      const issued = issue({
        ...owner,
        id: freshId(),
        labels,
        createdAt: now,
        lastUsedAt: now,
        expiresAt:
          lifetimeMinutes === undefined ? undefined : toInstant(Math.min(now + lifetimeMinutes * MINUTE, LAST_INSTANT)),
        unusedFor: unusedMinutes === undefined ? undefined : toMicros(unusedMinutes * MINUTE),
        revokedAt: undefined,
      })
      tokens.add(issued.token)
      return issued
    },
    usable: (value, domainId) => {
      const token = tokens.byDigest(storedDigestOf(value))
      if (token === undefined || token.revokedAt !== undefined || isExpired(token)) throw invalidToken()
      if (domainId !== undefined && domainId !== token.domainId) {
        revoke(token)
        throw invalidToken()
      }
      return token
    },
    use: (token, value, renew) => {
      const now = realNow()
      // The calendar may have been set back meanwhile.
      const used = { ...token, lastUsedAt: toInstant(Math.max(token.lastUsedAt, now)) }
      if (!renew) {
        tokens.save(used)
        return { token: used, value }
      }
      const issued = issue({ ...used, id: freshId(), createdAt: now })
      transaction(() => {
        revoke(token)
        tokens.add(issued.token)
      })
      return issued
    },
    together: transaction,
    find: (domainId, id) => {
      const token = tokens.byId(id)
      if (token?.domainId !== domainId) throw new EmulatorError('notFound', 'Resource not found')
      return token
    },
    ofDomain: (domainId) => tokens.ofDomain(domainId),
    revoke,
    byValue: (value) => tokens.byDigest(storedDigestOf(value)),
    revokeJwt,
    isRevoked: (jwtId) => revokedJwts.has(jwtId),
    expireJwt: (jwtId, expiresAt) => {
      revokeJwt(jwtId, expiresAt)
      expiredJwts.add(jwtId)
    },
    isExpiredEarly: (jwtId) => expiredJwts.has(jwtId),
    isExpired,
  }
}

/** A token with a new value. */
function issue(token: Omit<RefreshToken, 'digest'>): IssuedRefresh {
  const value = randomBytes(VALUE_BYTES).toString('hex')
  return { token: { ...token, digest: storedDigestOf(value) }, value }
}

function invalidToken(): EmulatorError {
  return new EmulatorError(
    'unauthorized',
    'Invalid token',
    'sign in with a password: the refresh token is unknown, revoked or expired',
  )
}

function storedDigestOf(value: string): string {
  return digestOf(value).toString('base64url')
}
