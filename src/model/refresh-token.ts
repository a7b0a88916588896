import type { Instant, Micros } from './time.ts'

/** A stored refresh token. Instants are real time. */
export interface RefreshToken {
  readonly id: string
  /** Digest of the value; the value itself is never stored. */
  readonly digest: string
  readonly domainId: string
  readonly userName: string
  readonly labels: readonly string[]
  readonly createdAt: Instant
  readonly lastUsedAt: Instant
  readonly expiresAt: Instant | undefined
  /** How long it stays valid without being used. */
  readonly unusedFor: Micros | undefined
  readonly revokedAt: Instant | undefined
}
