import type { JournalBudget } from '../journal/journal-budget.ts'
import type { ClockState } from '../model/domain.ts'
import type { FamilyName, FamilyRules, JobRequest } from '../model/family.ts'
import type { Job, JobView } from '../model/job.ts'
import type { CallOperation } from '../model/operations.ts'
import type { FillContext, KindBehaviour, ResourceRecord } from '../model/resource.ts'
import type { Scenario, ScenarioSource } from '../model/scenario.ts'
import type { CapturedJob, Seed, SeedJob, SeedResource } from '../model/seed.ts'
import type { Settings } from '../model/settings.ts'
import type { Instant } from '../model/time.ts'
import type { Store } from '../store/store.ts'
import type { Contents } from './contents.ts'
import type { LargeLists } from './large-lists.ts'
import type { RealClock } from './real-clock.ts'
import type { Sliced } from './slices.ts'

/** Finds the source of a domain's own scenario by name. */
export type OwnScenarios = (name: string) => ScenarioSource | undefined

/** Reads the seeds of domains. Throws if one is invalid. */
export interface SeedReader {
  /** The seeds of the configuration, read again at each call. */
  readonly configured: () => Iterable<Seed>
  /** Reads a seed document of the control API, for a domain with its own scenarios. */
  readonly readDocument: (document: unknown, own: OwnScenarios) => Sliced<Seed>
  /** Reads one element of a seed document. */
  readonly readJob: (element: unknown, own: OwnScenarios) => SeedJob
  /** Reads the create request of a seeded job. */
  readonly readRequest: (family: FamilyName, body: unknown, settings: Settings) => JobRequest
  /** The same captured job, created at another instant; undefined if it would leave the calendar. */
  readonly moveJob: (job: CapturedJob, createdAt: Instant) => CapturedJob | undefined
  /** Reads one resource as a seed document has it. */
  readonly readResource: (element: unknown) => SeedResource
  /** Fills in what an element leaves out of its record. */
  readonly fillRecord: (resource: SeedResource, context: FillContext) => ResourceRecord
  /** Throws that a seed of the configuration has a job with an existing id, with its place in the seed. */
  readonly refuseTaken: (id: string) => never
}

/** Shared by all domains of an emulator. */
export interface DomainServices {
  readonly store: Store
  readonly contents: Contents
  readonly real: RealClock
  /** The clock of a new domain. */
  readonly startClock: () => ClockState
  /** Settings, default scenario and random seed of the configuration, for a domain that has none of its own. */
  readonly settings: Settings
  readonly scenario: string | ScenarioSource
  readonly randomSeed: number
  readonly seeds: SeedReader
  /** A scenario by name or as an object; throws a catalogue error if it is unknown or invalid. */
  readonly findScenario: (named: string | ScenarioSource, own: OwnScenarios) => Scenario
  /** Writes a job as vendor JSON. Passed in, since only wire/ knows the vendor's spelling. */
  readonly renderJob: (
    job: Job,
    view: JobView,
    context: { domainId: string; settings: Settings; isCreate?: boolean },
  ) => string
  /** The operations of the vendor's API that faults can match. */
  readonly operations: readonly CallOperation[]
  readonly familyOf: (name: FamilyName) => FamilyRules
  /** A record, as JSON text, with the id of another domain in its uri and account. */
  readonly readdress: (record: string, domainIds: { readonly from: string; readonly to: string }) => string
  /** All kinds of resources, containers before what they contain. */
  readonly kinds: readonly KindBehaviour[]
  readonly journals: JournalBudget
  readonly largeLists: LargeLists
}
