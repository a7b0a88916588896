import type { Instant, Micros } from './time.ts'

/** A refresh token as it is kept. Instants are real time. */
export interface RefreshToken {
  readonly id: string
  /** Digest of the value, which itself is never kept. */
  readonly digest: string
  readonly domainId: string
  readonly userName: string
  readonly labels: readonly string[]
  readonly createdAt: Instant
  readonly lastUsedAt: Instant
  readonly expiresAt: Instant | undefined
  /** Life without being used. */
  readonly unusedFor: Micros | undefined
  readonly revokedAt: Instant | undefined
}
