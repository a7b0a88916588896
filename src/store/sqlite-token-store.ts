import type { Database } from 'better-sqlite3'
import type { RefreshToken } from '../model/refresh-token.ts'
import { expectColumn, readRow } from './damage.ts'
import type { TokenStore } from './store.ts'

type State = Omit<RefreshToken, 'id' | 'digest' | 'domainId'>

interface TokenRow {
  readonly id: string
  readonly digest: string
  readonly domain_id: string
  readonly state: string
}

/**
 * The number of revocations that are kept for expired tokens, the newest first. If the system clock or the domain's clock goes
 * back, such a token would be valid again: it must stay revoked.
 */
const MAX_EXPIRED = 100_000

/** The token store on SQLite. */
export function createTokenStore(database: Database): TokenStore {
  const add = database.prepare('insert into refresh_token (id, digest, domain_id, state) values (?, ?, ?, ?)')
  const save = database.prepare('update refresh_token set state = ? where id = ?')
  const byDigest = database.prepare('select * from refresh_token where digest = ?')
  const byId = database.prepare('select * from refresh_token where id = ?')
  const ofDomain = database.prepare('select * from refresh_token where domain_id = ? order by id')
  const revoke = database.prepare('insert into revoked_jwt values (?, ?) on conflict do nothing')
  const removeExpired = database.prepare(
    `delete from revoked_jwt where expires_at <= ?
      and expires_at < (select expires_at from revoked_jwt order by expires_at desc limit 1 offset ?)`,
  )
  const revoked = database.prepare('select id from revoked_jwt').pluck()
  return {
    add: (token) => void add.run(token.id, token.digest, token.domainId, stateOf(token)),
    save: (token) => void save.run(stateOf(token), token.id),
    byDigest: (digest) => optionalToken(byDigest.get(digest)),
    byId: (id) => optionalToken(byId.get(id)),
    ofDomain: (domainId) => (ofDomain.all(domainId) as TokenRow[]).map(toToken),
    revokeJwt: (jwtId, expiresAt) => void revoke.run(jwtId, expiresAt),
    revokedJwts: (now) => {
      removeExpired.run(now, MAX_EXPIRED)
      return revoked.all() as string[]
    },
  }
}

function stateOf({ id: _id, digest: _digest, domainId: _domainId, ...state }: RefreshToken): string {
  return JSON.stringify(state satisfies State)
}

function toToken({ id, digest, domain_id, state }: TokenRow): RefreshToken {
  const stored = readRow(`the refresh token ${id} (table refresh_token)`, () => stateFrom(state))
  return {
    id,
    digest,
    domainId: domain_id,
    ...stored,
    expiresAt: stored.expiresAt,
    unusedFor: stored.unusedFor,
    revokedAt: stored.revokedAt,
  }
}

function stateFrom(text: string): State {
  const state: unknown = JSON.parse(text)
  expectColumn(typeof state === 'object' && state !== null && !Array.isArray(state), 'state', 'an object')
  return state as State
}

function optionalToken(row: unknown): RefreshToken | undefined {
  return row === undefined ? undefined : toToken(row as TokenRow)
}
