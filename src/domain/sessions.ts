import { createHash, randomBytes } from 'node:crypto'
import { EmulatorError } from '../errors.ts'
import { LAST_INSTANT, MINUTE, type Instant } from '../model/time.ts'
import type { TokenStore } from '../store/store.ts'
import { freshId } from '../model/identifiers.ts'
import type { RefreshToken } from '../model/refresh-token.ts'

/** What a sign-in wishes for its refresh token; minutes, as the vendor's fields say. */
export interface RefreshWishes {
  readonly labels?: readonly string[]
  readonly lifetimeMinutes?: number
  readonly unusedMinutes?: number
}

/** A refresh token with its value, which only the client keeps. */
export interface IssuedRefresh {
  readonly token: RefreshToken
  readonly value: string
}

/** Refresh tokens and revoked API tokens, kept with the data. */
export interface Sessions {
  begin: (owner: { domainId: string; userName: string }, wishes: RefreshWishes) => Promise<IssuedRefresh>
  /** The token of a value, used now; a renewal gives another value and ends this one. */
  refresh: (value: string, options: { renew: boolean; domainId?: string }) => Promise<IssuedRefresh>
  find: (domainId: string, id: string) => Promise<RefreshToken>
  ofDomain: (domainId: string) => Promise<readonly RefreshToken[]>
  revoke: (token: RefreshToken) => Promise<void>
  byValue: (value: string) => Promise<RefreshToken | undefined>
  revokeJwt: (jwtId: string, expiresAt: Instant) => Promise<void>
  isRevoked: (jwtId: string) => boolean
  /** Ends an API token before its time, as if it had come. Kept as a revocation, so that it stays dead. */
  expireJwt: (jwtId: string, expiresAt: Instant) => Promise<void>
  isExpiredEarly: (jwtId: string) => boolean
  isExpired: (token: RefreshToken) => boolean
}

/** Gives 64 letters and digits, the form of the vendor's sample. */
const VALUE_BYTES = 32

export async function openSessions(store: TokenStore, realNow: () => Instant): Promise<Sessions> {
  const revokedJwts = new Set(await store.revokedJwts(realNow()))
  const expiredJwts = new Set<string>()

  const isExpired = ({ expiresAt, lastUsedAt, unusedFor }: RefreshToken): boolean =>
    realNow() >= Math.min(expiresAt ?? Infinity, lastUsedAt + (unusedFor ?? Infinity))

  const revoke = async (token: RefreshToken): Promise<void> => {
    if (token.revokedAt === undefined) await store.save({ ...token, revokedAt: realNow() })
  }

  async function revokeJwt(jwtId: string, expiresAt: Instant): Promise<void> {
    // `exp` is any number where somebody else signed the token.
    const kept = store.revokeJwt(jwtId, Math.ceil(Math.min(expiresAt, LAST_INSTANT)))
    revokedJwts.add(jwtId)
    await kept
  }

  return {
    begin: async (owner, { labels = [], lifetimeMinutes, unusedMinutes }) => {
      const now = realNow()
      const issued = issue({
        ...owner,
        id: freshId(),
        labels,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: lifetimeMinutes === undefined ? undefined : Math.min(now + lifetimeMinutes * MINUTE, LAST_INSTANT),
        unusedFor: unusedMinutes === undefined ? undefined : unusedMinutes * MINUTE,
        revokedAt: undefined,
      })
      await store.add(issued.token)
      return issued
    },
    refresh: async (value, { renew, domainId }) => {
      const token = await store.byDigest(digestOf(value))
      if (token === undefined || token.revokedAt !== undefined || isExpired(token)) throw invalidToken()
      if (domainId !== undefined && domainId !== token.domainId) {
        await revoke(token)
        throw invalidToken()
      }
      const now = realNow()
      // A use never makes a token older, were the calendar put back meanwhile.
      const used = { ...token, lastUsedAt: Math.max(token.lastUsedAt, now) }
      const issued = renew ? issue({ ...used, id: freshId(), createdAt: now }) : { token: used, value }
      const isDone = renew ? store.replace({ ...token, revokedAt: now }, issued.token) : store.save(used)
      // Another request renewed or revoked it since it was read.
      if (!(await isDone)) throw invalidToken()
      return issued
    },
    find: async (domainId, id) => {
      const token = await store.byId(id)
      if (token?.domainId !== domainId) throw new EmulatorError('notFound', 'Resource not found')
      return token
    },
    ofDomain: async (domainId) => store.ofDomain(domainId),
    revoke,
    byValue: async (value) => store.byDigest(digestOf(value)),
    revokeJwt,
    isRevoked: (jwtId) => revokedJwts.has(jwtId),
    expireJwt: async (jwtId, expiresAt) => {
      await revokeJwt(jwtId, expiresAt)
      expiredJwts.add(jwtId)
    },
    isExpiredEarly: (jwtId) => expiredJwts.has(jwtId),
    isExpired,
  }
}

/** A token with a new value. */
function issue(token: Omit<RefreshToken, 'digest'>): IssuedRefresh {
  const value = randomBytes(VALUE_BYTES).toString('hex')
  return { token: { ...token, digest: digestOf(value) }, value }
}

function invalidToken(): EmulatorError {
  return new EmulatorError(
    'unauthorized',
    'Invalid token',
    'sign in with a password: the refresh token is unknown, revoked or expired',
  )
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}
