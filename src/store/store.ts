import type { Awaitable } from '../model/awaitable.ts'
import type { ClockState } from '../model/domain.ts'
import type { Settings } from '../model/settings.ts'
import type { Fault } from '../model/fault.ts'
import type { JobRule } from '../model/rule.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { User } from '../model/user.ts'
import type { RefreshToken } from '../model/refresh-token.ts'
import type { Instant } from '../model/time.ts'
import type { DomainKey, JobStore, JobWrite } from './job-store.ts'

/** A domain as it is kept, its jobs aside. */
export interface DomainRecord {
  readonly key: DomainKey
  readonly id: string
  readonly name: string
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
  /** Whether anything was made since the seed: the clock cannot then be set back. */
  readonly isTouched: boolean
  /** What the domain was made with, beside the seeds of the configuration: where a reset goes back to. */
  readonly origin: DomainOrigin
  /** False in data of version 0.1 whose process died while the seed was going in: such a domain was never finished. */
  readonly isSeeded: boolean
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

export interface DomainRecordCopy {
  readonly from: DomainKey
  /** With the origin of the first, which is copied as it is kept: it may hold a large seed. */
  readonly to: Omit<DomainRecord, 'key'>
  /** Whether documents may be copied as they are: not to a domain of another id, which they hold. */
  readonly keepTexts: boolean
  /** A domain to remove in the same step. */
  readonly replacing?: DomainKey | undefined
}

/** The jobs that a domain begins with. They are made in the step that keeps the domain: what throws there undoes it all. */
export interface FirstJobs {
  readonly writes: (domain: DomainRecord) => Iterable<JobWrite>
  /** Told of an id that came twice; throws. */
  readonly onTaken: (id: string, domain: DomainRecord) => never
}

export interface DomainStore {
  all(): Awaitable<readonly DomainRecord[]>
  add(domain: Omit<DomainRecord, 'key'>, first?: FirstJobs): Awaitable<DomainRecord>
  save(domain: DomainRecord): Awaitable<void>
  /** Removes domains, their jobs and their refresh tokens, in one step. */
  remove(...keys: readonly DomainKey[]): Awaitable<void>
  /** A second domain with the jobs of the first. */
  copy(copy: DomainRecordCopy): Awaitable<DomainRecord>
  /**
   * Gives a domain others in place of its jobs: those of another domain, whose origin it has then, or those it begins with. Keeps
   * the record with it.
   */
  replace(domain: DomainRecord, jobs: DomainKey | FirstJobs): Awaitable<void>
}

/** Secrets and marks that live with the data: signing key, certificates, fingerprint of the seeds. */
export interface KeyValueStore {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

export interface TokenStore {
  add(token: RefreshToken): Awaitable<void>
  /** Saves a token unless it is revoked or gone by now; false if so. */
  save(token: RefreshToken): Awaitable<boolean>
  /** Saves a token as `save` does, and adds another one in the same step; false if neither was done. */
  replace(token: RefreshToken, by: RefreshToken): Awaitable<boolean>
  byDigest(digest: string): Awaitable<RefreshToken | undefined>
  byId(id: string): Awaitable<RefreshToken | undefined>
  ofDomain(domainId: string): Awaitable<readonly RefreshToken[]>
  /** Remembers that an API token is dead, until it would have expired anyway. */
  revokeJwt(jwtId: string, expiresAt: Instant): Awaitable<void>
  /** All that are kept. Of those that have expired by then only the newest are: the calendar may be put back. */
  revokedJwts(now: Instant): Awaitable<readonly string[]>
}

/** All that is kept. One database behind it. */
export interface Store {
  readonly jobs: JobStore
  readonly domains: DomainStore
  readonly tokens: TokenStore
  readonly secrets: KeyValueStore
  /** False once the file has been removed or replaced: what is written is then lost with this process. Cheap. */
  isInPlace(): boolean
  close(): Awaitable<void>
}
