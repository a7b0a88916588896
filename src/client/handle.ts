import type { FaultSource } from '../model/fault.ts'
import type { JobRule, JobRuleSource } from '../model/rule.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import type { SweepCase, SweepPlanRequest } from '../model/sweep.ts'
import type {
  FullClockAnswer,
  DomainAccess,
  DomainAnswer,
  FaultAnswer,
  InfoAnswer,
  SleepAnswer,
} from './answers/domains.ts'
import type { AdvanceAnswer, ExplanationAnswer, JobAnswer, JobHistoryAnswer, JobListAnswer } from './answers/jobs.ts'
import type { EndAnswer, PollingReportAnswer, RequestAnswer, RequestCountAnswer } from './answers/requests.ts'
import type { ResourceAnswer, ResourceHistoryAnswer, ResourceListAnswer } from './answers/resources.ts'
import type {
  AdvanceRequest,
  ClockRequest,
  DomainRequest,
  DomainTokenRequest,
  EndRequest,
  NewJobRequest,
  NewResourceRequest,
  RequestWaitRequest,
  SettingsRequest,
} from './request-types.ts'

export type {
  AdvanceRequest,
  ClockRequest,
  DomainRequest,
  DomainTokenRequest,
  EndRequest,
  NewResourceRequest,
  RequestWaitRequest,
  SettingsRequest,
} from './request-types.ts'

/** Selects requests of the journal; a request has to match every field that is given. */
export interface RequestFilter {
  /** A name such as `azure.bulkjobs.get`, or a glob. */
  readonly operation?: string | undefined
  readonly method?: string | undefined
  /** A path, or a glob. */
  readonly path?: string | undefined
  readonly job?: string | undefined
  readonly status?: number | undefined
  /** An instant of the domain, RFC 3339. */
  readonly since?: string | undefined
  /** Only this many of the newest. */
  readonly limit?: number | undefined
}

/** How far to advance: a duration such as `'11m'`, or an object. */
export type AdvanceBy = string | AdvanceRequest

/** The clock of a domain. Durations are written `150ms`, `5s`, `11m`, `2h`, `365d` or `PT5M`, instants in RFC 3339. */
export interface DomainClock {
  read: () => Promise<FullClockAnswer>
  /**
   * Changes the mode, the rate or the instant; absent fields stay.
   *
   * @throws ControlError of status 409 if `now` is earlier than the clock and something has happened in the domain.
   */
  set: (clock: ClockRequest) => Promise<FullClockAnswer>
  /** Stops the clock, at `now` or where it is. */
  freeze: (now?: string) => Promise<FullClockAnswer>
  /** Lets the clock run; `rate` is domain seconds per real second, by default unchanged. */
  run: (rate?: number) => Promise<FullClockAnswer>
  /** Stops the clock, but moves it to a job's next transition at each GET of that job by a client. */
  step: () => Promise<FullClockAnswer>
  /**
   * Moves the clock, in any mode, and returns the transitions on the way. On a running clock the move adds to its time.
   *
   * @throws ControlError of status 404 if the job of `untilJob` does not exist, 409 if time alone never ends it.
   * @example
   * ```ts
   * import { connect } from 'cckm-emulator'
   *
   * const world = connect('http://127.0.0.1:7443').domain('t-42')
   * export const skipAnHour = () => world.clock.advance('1h')
   * export const finish = (id: string) => world.clock.advance({ untilJob: id, max: '1d' })
   * ```
   */
  advance: (by: AdvanceBy) => Promise<AdvanceAnswer>
  /**
   * Lets the clock run at rate 1, and leap to the earliest wake-up whenever every sleeper sleeps and no request of the
   * domain is in flight. `lease` is the real time after which a sleeper that neither sleeps nor calls is dropped (`'5s'`
   * unless given); with `sleepers`, the clock does not leap before it knows that many.
   */
  auto: (options?: Pick<ClockRequest, 'lease' | 'sleepers'>) => Promise<FullClockAnswer>
  /**
   * Sleeps by the domain's time: resolves once the clock has come that far. Sleep again for the rest if the answer is
   * `early`. Give each sleeper that may sleep at the same time as others a name of its own.
   */
  sleep: (duration: string, sleeper?: string) => Promise<SleepAnswer>
  /** Drops a sleeper: the clock no longer waits for it. @throws ControlError of status 404 if there is none of that name. */
  dropSleeper: (name: string) => Promise<void>
}

/** Selects and sorts jobs; `overall_status` and `operation` take several values with commas between them. */
interface JobListFilter {
  /** The instant at which to read the jobs, past or future; by default the clock's. */
  readonly at?: string | undefined
  readonly family?: string | undefined
  readonly id?: string | undefined
  readonly overall_status?: string | undefined
  readonly operation?: string | undefined
  /** As in the vendor's lists: `-createdAt,id`. */
  readonly sort?: string | undefined
  /** By default 100; -1: all. */
  readonly limit?: number | undefined
  readonly skip?: number | undefined
  /** True: each job has its `timeline`, and the list the `span` of all. */
  readonly timeline?: boolean | undefined
}

/**
 * The jobs of a domain. These calls are not requests of a client: none counts as a poll, and the journal records none.
 */
export interface DomainJobs {
  list: (filter?: JobListFilter) => Promise<JobListAnswer>
  /**
   * One job with its plan and events, at an instant or now.
   *
   * @throws ControlError of status 404 if the job does not exist; so do the methods below.
   */
  get: (id: string, at?: string) => Promise<JobHistoryAnswer>
  /**
   * Adds a job, from the body of a create request (`request`) or from a document of a CM (`job`).
   *
   * @throws ControlError of status 400 if it is neither, 409 if the id is taken.
   */
  create: (job: NewJobRequest) => Promise<JobAnswer>
  /** @throws ControlError of status 409 if the job does not wait for that signal. */
  signal: (id: string, name: string) => Promise<JobAnswer>
  /** Cancels the job as a client's cancel does. */
  cancel: (id: string) => Promise<JobAnswer>
  /** Explains which rule or default chose the scenario, and what moves the job next. */
  explain: (id: string) => Promise<ExplanationAnswer>
  /**
   * Waits until the job has the status `is` (`final`, the default: any final status).
   *
   * @param options `timeout` is real time, `'30s'` unless given.
   * @throws ControlError of status 408 when the time is up; its `answer` has the job and its explanation.
   */
  wait: (id: string, options?: { is?: string; timeout?: string }) => Promise<JobAnswer>
}

/** Selects resources of the inventory. */
interface ResourceListFilter {
  /** `aws.key`, `azure.key-backup` and so on; all kinds unless given. */
  readonly kind?: string | undefined
  /** The instant to look at them, past or future; the clock's unless given. */
  readonly at?: string | undefined
  /** True: those too that a synchronization has yet to show. */
  readonly hidden?: boolean | undefined
  /** True: each resource has its `summary`. */
  readonly summary?: boolean | undefined
  /** 100 unless given; -1: all. */
  readonly limit?: number | undefined
  readonly skip?: number | undefined
}

/** The inventory of a domain: the keys, vaults, backups and so on that API clients see and jobs act on. */
export interface DomainResources {
  list: (filter?: ResourceListFilter) => Promise<ResourceListAnswer>
  /**
   * One resource with all its changes, at an instant or now.
   *
   * @throws ControlError of status 404 if it is not there then.
   */
  get: (id: string, at?: string) => Promise<ResourceHistoryAnswer>
  /**
   * Adds a resource; what the record leaves out is filled in.
   *
   * @throws ControlError of status 400 if the element is wrong, 409 if the id is taken.
   */
  add: (resource: NewResourceRequest) => Promise<ResourceAnswer>
  /** Removes a resource from now on. @throws ControlError of status 404 if it is not there. */
  remove: (id: string) => Promise<void>
}

/** Named states of a whole domain: jobs, inventory, clock, scenarios, settings, rules and faults. Tokens stay valid. */
export interface DomainSnapshots {
  /** Saves the state; a snapshot of that name is replaced. */
  save: (name: string) => Promise<void>
  /** @throws ControlError of status 404 if there is no snapshot of that name. */
  load: (name: string) => Promise<void>
  list: () => Promise<readonly string[]>
  /** @throws ControlError of status 404 if there is no snapshot of that name. */
  remove: (name: string) => Promise<void>
}

/**
 * A domain, driven through the control API: the same for an emulator in this process and one elsewhere. The first call creates
 * the domain, unless the handle was made with `create: false`.
 *
 * Every method throws a `ControlError`: of status 400 for a value that is not of the expected form, of 401 or 403 without the
 * admin token of a locked emulator, of 404 with `create: false` if the domain does not exist.
 *
 * @example
 * ```ts
 * import { createEmulator } from 'cckm-emulator'
 *
 * await using emulator = await createEmulator({ clock: 'frozen@2026-01-01T12:00:00Z' })
 * const world = emulator.domain('t-42')
 * await world.nextJob({ scenario: 'partial-failure' })
 * const { username, password, jwt } = await world.access()
 * console.log(username) // => 'admin@t-42'
 * ```
 */
export interface DomainHandle {
  readonly name: string
  readonly clock: DomainClock
  readonly jobs: DomainJobs
  readonly resources: DomainResources
  readonly snapshots: DomainSnapshots
  /** @deprecated since 0.2: use `snapshots`. */
  readonly snapshot: DomainSnapshots
  /** Creates the domain unless it exists, and returns what a client needs to sign in. */
  access: (request?: DomainRequest) => Promise<DomainAccess>
  read: () => Promise<DomainAnswer>
  /**
   * Sets the scenario of the next job that a client creates; `when` selects jobs, `times` (default 1) is their number.
   */
  nextJob: (rule: JobRuleSource) => Promise<JobRule>
  rules: () => Promise<readonly JobRule[]>
  clearRules: () => Promise<void>
  /** An API token; `ttl` is a duration, `kind` selects one that is expired, revoked or signed with a wrong key. */
  token: (request?: DomainTokenRequest) => Promise<string>
  /** Returns the settings, after changing the given ones. */
  settings: (change?: SettingsRequest) => Promise<Settings>
  /** Adds or replaces a scenario of this domain. */
  scenario: (name: string, source: ScenarioSource) => Promise<void>
  /** Sets the scenario of jobs that clients create, if no header or rule names another. */
  defaultScenario: (scenario: string | ScenarioSource) => Promise<void>
  /** Adds the resources and jobs of a seed document: all of them, or none if it throws. */
  seed: (document: unknown) => Promise<{ readonly added: number }>
  /**
   * Copies the domain under another name.
   *
   * @throws ControlError of status 409 if the name is taken, 403 if `--domains` does not allow it.
   */
  fork: (to: string) => Promise<DomainHandle>
  /** Restores the initial state of the domain, and clears its journal. */
  reset: () => Promise<void>
  /** Makes later calls of clients fail or wait. */
  fault: (source: FaultSource) => Promise<FaultAnswer>
  faults: () => Promise<readonly FaultAnswer[]>
  /** Removes all faults, or the one of that id. */
  clearFaults: (id?: string) => Promise<void>
  /**
   * The requests of clients to the vendor's API, oldest first; with `jobStatus`, each with the status in its response.
   */
  requests: (filter?: RequestFilter & { readonly jobStatus?: boolean }) => Promise<readonly RequestAnswer[]>
  /** Counts requests; if `expect` is another number, also returns the most similar request. */
  countRequests: (filter?: RequestFilter & { readonly expect?: number }) => Promise<RequestCountAnswer>
  /**
   * Waits until this many requests are answered (`count`, default 1), including earlier ones.
   *
   * @throws ControlError of status 408 after `timeout` (real time, `'30s'` unless given).
   */
  waitForRequest: (wait: string | RequestWaitRequest) => Promise<readonly RequestAnswer[]>
  /** How many older requests the journal has dropped; it keeps the newest 1,000. */
  droppedRequests: () => Promise<number>
  /** The requests that are not answered yet. */
  requestsInFlight: () => Promise<readonly RequestAnswer[]>
  /**
   * Waits until no request is in flight.
   *
   * @throws ControlError of status 408 after `timeout` (real time, `'5s'` unless given).
   */
  settle: (options?: { readonly timeout?: string }) => Promise<void>
  clearRequests: () => Promise<void>
  /** How well clients polled the jobs, or one of them. */
  pollingReport: (job?: string) => Promise<PollingReportAnswer>
  /** A fault for each request of the journal: set one at a time, in a fresh domain, and run the client again. */
  sweepPlan: (request?: SweepPlanRequest) => Promise<readonly SweepCase[]>
  /** What happened in the domain, as a self-contained HTML page without secrets. */
  trace: () => Promise<string>
  /** Running jobs and what would end them, the last requests, unused rules and faults: for people. */
  report: () => Promise<string>
  /**
   * Ends a test: says what is wrong, and deletes the domain (the root domain is reset). Requests that wait are answered 401.
   *
   * @param options `trace`: whether the answer has the trace; by default `true`, with `'problems'` only if there are any.
   * @throws ControlError of status 404 if the domain does not exist.
   * @example
   * ```ts
   * import { connect } from 'cckm-emulator'
   *
   * const world = connect('http://127.0.0.1:7443').domain('t-42')
   * const { ok, text } = await world.end({ failOn: ['5xx', '501', 'unused', 'open-jobs'] })
   * if (!ok) throw new Error(text)
   * ```
   */
  end: (request?: EndRequest, options?: { readonly trace?: boolean | 'problems' }) => Promise<EndAnswer>
  /**
   * Deletes the domain; its tokens stay invalid.
   *
   * @throws ControlError of status 409 for the root domain.
   */
  drop: () => Promise<void>
}

/** An emulator, driven through the control API. */
export interface Connection {
  info: () => Promise<InfoAnswer>
  domains: () => Promise<readonly DomainAnswer[]>
  /** A handle of a domain. Sends nothing yet. */
  domain: (name: string, options?: HandleOptions) => DomainHandle
}

export interface HandleOptions {
  /** False: a domain that does not exist is a ControlError of status 404. True unless given: the first call creates it. */
  readonly create?: boolean
}
