import type { ClockState } from '../model/domain.ts'
import type { Secrets } from '../model/secrets.ts'
import type { Settings } from '../model/settings.ts'
import type { Fault } from '../model/fault.ts'
import type { JobRule } from '../model/rule.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { User } from '../model/user.ts'
import type { RefreshToken } from '../model/refresh-token.ts'
import type { Instant } from '../model/time.ts'
import type { ContentKey, ContentStore, JobStore } from './job-store.ts'
import type { ResourceStore } from './resource-store.ts'

/** Identifies a domain or a snapshot in the store. */
export type DomainKey = number

/** A domain as it is stored, without its jobs. */
export interface DomainRecord {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
  /** The content that has its jobs and resources. */
  readonly content: ContentKey
  /** The last `seq` that is visible while a seed is being added; undefined: everything is visible. */
  readonly visibleTo: number | undefined
  readonly randomSeed: number
  readonly clock: ClockState
  readonly settings: Partial<Settings>
  /** Users of this domain only; they take precedence over those of the configuration. */
  readonly users: readonly User[]
  /** The scenario for jobs that clients create here; undefined: the configuration's. */
  readonly scenario: string | ScenarioSource | undefined
  /** Scenarios of this domain only, by name. */
  readonly scenarios: Readonly<Record<string, ScenarioSource>>
  readonly rules: readonly JobRule[]
  readonly faults: readonly Fault[]
  /** True once a job was created or changed after the seed. The clock cannot go back then. */
  readonly isDirty: boolean
  /** The request that created the domain. A reset restores it, with the seeds of the configuration. */
  readonly origin: DomainOrigin
}

export interface DomainOrigin {
  readonly clock: ClockState | undefined
  readonly settings: Partial<Settings>
  readonly users: readonly User[]
  /** Absent: that of the configuration. Data of older versions lacks it. */
  readonly randomSeed?: number | undefined
  readonly scenario: string | ScenarioSource | undefined
  /** The seed document of the request. */
  readonly seed: unknown
}

export interface DomainStore {
  all(): readonly DomainRecord[]
  /** The domains whose name starts with a text; ignores case. */
  withPrefix(prefix: string): readonly DomainRecord[]
  add(domain: Omit<DomainRecord, 'key'>): DomainRecord
  /** Stores a domain without its origin, which may be large: `saveOrigin` stores that. */
  save(domain: DomainRecord): void
  saveOrigin(domain: DomainRecord): void
  /** Removes a domain and its refresh tokens, but not its content: see `ContentStore.drop`. */
  remove(key: DomainKey): void
}

export interface TokenStore {
  add(token: RefreshToken): void
  save(token: RefreshToken): void
  byDigest(digest: string): RefreshToken | undefined
  byId(id: string): RefreshToken | undefined
  ofDomain(domainId: string): readonly RefreshToken[]
  /** Stores that an API token is revoked, even after it has expired: see `revokedJwts`. */
  revokeJwt(jwtId: string, expiresAt: Instant): void
  /** All revocations. Of the tokens that have expired by `now`, only the newest are kept: the system clock may go back. */
  revokedJwts(now: Instant): readonly string[]
}

/** All stored data, in one database. */
export interface Store {
  readonly jobs: JobStore
  readonly resources: ResourceStore
  readonly contents: ContentStore
  readonly domains: DomainStore
  readonly tokens: TokenStore
  readonly secrets: Secrets
  /**
   * Runs work as one transaction, which is rolled back if the work throws. A nested call is part of the outer transaction. The
   * work must be synchronous: all domains share one connection, and no transaction may be open while another request runs.
   */
  readonly transaction: <T>(work: () => T) => T
  /** Upgrades data of an earlier format; yields between steps. Do not read jobs before it is done. */
  upgrade(): Generator<void, void>
  /** False once the file has been removed or replaced: later writes are lost when the process ends. Cheap. */
  isInPlace(): boolean
  close(): void
}
