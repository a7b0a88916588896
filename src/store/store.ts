import type { ClockState } from '../model/domain.ts'
import type { Settings } from '../model/settings.ts'
import type { RefreshToken } from '../model/refresh-token.ts'
import type { Instant } from '../model/time.ts'
import type { Awaitable, DomainKey, JobStore } from './job-store.ts'

/** A domain as it is kept, its jobs aside. */
export interface DomainRecord {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
  readonly randomSeed: number
  readonly clock: ClockState
  readonly settings: Partial<Settings>
  /** The scenario for jobs that clients create here; undefined: the configuration's. */
  readonly scenario: string | undefined
  /** False while the seed is going in: a domain found so was never finished. */
  readonly isSeeded: boolean
}

export interface DomainStore {
  all(): Awaitable<readonly DomainRecord[]>
  add(domain: Omit<DomainRecord, 'key'>): Awaitable<DomainRecord>
  save(domain: DomainRecord): Awaitable<void>
  /** Removes the domain and its jobs. */
  remove(key: DomainKey): Awaitable<void>
}

/** Secrets and marks that live with the data: signing key, certificates, fingerprint of the seeds. */
export interface KeyValueStore {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

export interface TokenStore {
  add(token: RefreshToken): Awaitable<void>
  save(token: RefreshToken): Awaitable<void>
  byDigest(digest: string): Awaitable<RefreshToken | undefined>
  byId(id: string): Awaitable<RefreshToken | undefined>
  ofDomain(domainId: string): Awaitable<readonly RefreshToken[]>
  /** Remembers that an API token is dead, until it would have expired anyway. */
  revokeJwt(jwtId: string, expiresAt: Instant): Awaitable<void>
  /** Those that have not expired by then; the others are forgotten. */
  revokedJwts(now: Instant): Awaitable<readonly string[]>
}

/** All that is kept. One database behind it. */
export interface Store {
  readonly jobs: JobStore
  readonly domains: DomainStore
  readonly tokens: TokenStore
  readonly secrets: KeyValueStore
  close(): Awaitable<void>
}
