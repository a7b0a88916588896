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

/** Names a domain or a snapshot within the store. */
export type DomainKey = number

/** A domain as it is kept, its jobs aside. */
export interface DomainRecord {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
  /** Where its jobs and resources are. */
  readonly content: ContentKey
  /** Up to which `seq` jobs and resources are shown while a seed is being added; undefined: all of them. */
  readonly visibleTo: number | undefined
  readonly randomSeed: number
  readonly clock: ClockState
  readonly settings: Partial<Settings>
  /** Users of this domain alone, before those of the configuration. */
  readonly users: readonly User[]
  /** The scenario for jobs that clients create here; undefined: the configuration's. */
  readonly scenario: string | ScenarioSource | undefined
  /** Scenarios of this domain alone, by name. */
  readonly scenarios: Readonly<Record<string, ScenarioSource>>
  readonly rules: readonly JobRule[]
  readonly faults: readonly Fault[]
  /** True once a job was created or changed after the seed: the clock cannot go back any more. */
  readonly isDirty: boolean
  /** What the domain was made with, beside the seeds of the configuration: where a reset goes back to. */
  readonly origin: DomainOrigin
}

export interface DomainOrigin {
  readonly clock: ClockState | undefined
  readonly settings: Partial<Settings>
  readonly users: readonly User[]
  /** Absent: the configuration's, and in data of older versions. */
  readonly randomSeed?: number | undefined
  readonly scenario: string | ScenarioSource | undefined
  /** A seed document of its own. */
  readonly seed: unknown
}

export interface DomainStore {
  all(): readonly DomainRecord[]
  /** Those whose name starts with a text, case ignored. */
  withPrefix(prefix: string): readonly DomainRecord[]
  add(domain: Omit<DomainRecord, 'key'>): DomainRecord
  /** Keeps a domain as it is now, but for its origin, which may be large and changes with `saveOrigin` alone. */
  save(domain: DomainRecord): void
  saveOrigin(domain: DomainRecord): void
  /** Removes a domain and its refresh tokens. Its content is for `ContentStore.drop`. */
  remove(key: DomainKey): void
}

export interface TokenStore {
  add(token: RefreshToken): void
  save(token: RefreshToken): void
  byDigest(digest: string): RefreshToken | undefined
  byId(id: string): RefreshToken | undefined
  ofDomain(domainId: string): readonly RefreshToken[]
  /** Remembers that an API token is revoked, also after it has expired: see `revokedJwts`. */
  revokeJwt(jwtId: string, expiresAt: Instant): void
  /** All that are kept. Of those that have expired by then only the newest are: the calendar may be put back. */
  revokedJwts(now: Instant): readonly string[]
}

/** All that is kept, in one database. */
export interface Store {
  readonly jobs: JobStore
  readonly resources: ResourceStore
  readonly contents: ContentStore
  readonly domains: DomainStore
  readonly tokens: TokenStore
  readonly secrets: Secrets
  /**
   * Runs work as one transaction: what throws in it leaves nothing behind. A call within a call is part of the outer one. The
   * work is synchronous: all domains share one connection, and no transaction may be open while another request runs.
   */
  readonly transaction: <T>(work: () => T) => T
  /** Brings data of an earlier format up to date, pausing between steps. Jobs must not be read before it is done. */
  upgrade(): Generator<void, void>
  /** False once the file has been removed or replaced: what is written is then lost with this process. Cheap. */
  isInPlace(): boolean
  close(): void
}
