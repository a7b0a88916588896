import type { Static } from 'typebox'
import type { FaultSource } from '../model/fault.ts'
import type { JobRule, JobRuleSource } from '../model/rule.ts'
import type { ScenarioSource } from '../model/scenario.ts'
import type { Settings } from '../model/settings.ts'
import type { SweepCase, SweepPlanRequest } from '../model/sweep.ts'
import type {
  AdvanceBody,
  ClockBody,
  DomainBody,
  NewJobBody,
  RequestWaitBody,
  SettingsBody,
  TokenBody,
} from './schemas.ts'
import type {
  AdvanceAnswer,
  ClockAnswer,
  DomainAccess,
  DomainAnswer,
  ErrorAnswer,
  ExplanationAnswer,
  FaultAnswer,
  InfoAnswer,
  JobHistoryAnswer,
  JobListAnswer,
  JobAnswer,
  PollingReportAnswer,
  RequestCountAnswer,
  RequestListAnswer,
  RequestAnswer,
} from './answers.ts'

/** How a request reaches the control API: light-my-request inside the process, fetch outside. */
export type Transport = (request: {
  readonly method: string
  /** Below the server's address, with its query. */
  readonly path: string
  readonly body?: unknown
}) => Promise<{ readonly status: number; readonly text: string }>

/** The control API said no. */
export class ControlError extends Error {
  readonly status: number
  readonly code: string
  /** The place in the request that was wrong. */
  readonly pointer: string | undefined
  /** The whole answer, parsed if it is JSON. */
  readonly answer: unknown

  constructor(status: number, text: string) {
    const answer = parsed(text)
    const { error } = (answer ?? {}) as Partial<ErrorAnswer>
    super(error?.message ?? `the control API answered ${status}`)
    this.name = 'ControlError'
    this.status = status
    this.code = error?.code ?? 'unknown'
    this.pointer = error?.pointer
    this.answer = answer
  }
}

export type AdvanceRequest = Static<typeof AdvanceBody>
export type ClockRequest = Static<typeof ClockBody>
export type DomainRequest = Static<typeof DomainBody>
type NewJobRequest = Static<typeof NewJobBody>
export type DomainTokenRequest = Static<typeof TokenBody>
export type SettingsRequest = Static<typeof SettingsBody>
export type RequestWaitRequest = Static<typeof RequestWaitBody>

/** Which requests of the journal are meant; everything that is given must hold. */
export interface RequestFilter {
  /** A name such as `azure.bulkjobs.get`, or a glob. */
  readonly operation?: string
  readonly method?: string
  /** A path, or a glob. */
  readonly path?: string
  readonly job?: string
  readonly status?: number
  /** An instant of the domain. */
  readonly since?: string
  /** The newest so many. */
  readonly limit?: number
}

/** How far to advance, where a duration alone says it. */
export type AdvanceBy = string | AdvanceRequest

export interface DomainClock {
  read: () => Promise<ClockAnswer>
  set: (clock: ClockRequest) => Promise<ClockAnswer>
  freeze: (now?: string) => Promise<ClockAnswer>
  run: (rate?: number) => Promise<ClockAnswer>
  step: () => Promise<ClockAnswer>
  /** Moves the clock: by a duration (`'11m'`), or as an object says. Gives every transition on the way. */
  advance: (by: AdvanceBy) => Promise<AdvanceAnswer>
}

/** Which jobs are listed, and in which order; several statuses or operations stand with commas between them. */
interface JobListFilter {
  readonly at?: string
  readonly family?: string
  readonly id?: string
  readonly overall_status?: string
  readonly operation?: string
  /** As in the vendor's lists: `-createdAt,id`. */
  readonly sort?: string
  readonly limit?: number
  readonly skip?: number
  /** Whether each comes with its `timeline`, and the list with the `span` of them all. */
  readonly timeline?: boolean
}

export interface DomainJobs {
  list: (filter?: JobListFilter) => Promise<JobListAnswer>
  get: (id: string, at?: string) => Promise<JobHistoryAnswer>
  create: (job: NewJobRequest) => Promise<JobAnswer>
  signal: (id: string, name: string) => Promise<JobAnswer>
  /** What a client's cancel does; the journal holds nothing of it. */
  cancel: (id: string) => Promise<JobAnswer>
  explain: (id: string) => Promise<ExplanationAnswer>
  /** The job once it is so; throws a ControlError of status 408 when it is not in (real) time. */
  wait: (id: string, options?: { is?: string; timeout?: string }) => Promise<JobAnswer>
}

export interface DomainSnapshots {
  save: (name: string) => Promise<void>
  load: (name: string) => Promise<void>
  list: () => Promise<readonly string[]>
  remove: (name: string) => Promise<void>
}

/** A domain, held from outside: the same for an emulator in this process and one elsewhere. */
export interface DomainHandle {
  readonly name: string
  readonly clock: DomainClock
  readonly jobs: DomainJobs
  readonly snapshot: DomainSnapshots
  /** All that a client needs; makes the domain if need be. */
  access: (request?: DomainRequest) => Promise<DomainAccess>
  read: () => Promise<DomainAnswer>
  /** The next job that a client creates takes this scenario; `when` says which jobs, `times` how many. */
  nextJob: (rule: JobRuleSource) => Promise<JobRule>
  rules: () => Promise<readonly JobRule[]>
  clearRules: () => Promise<void>
  token: (request?: DomainTokenRequest) => Promise<string>
  settings: (change?: SettingsRequest) => Promise<Settings>
  scenario: (name: string, source: ScenarioSource) => Promise<void>
  defaultScenario: (scenario: string | ScenarioSource) => Promise<void>
  seed: (document: unknown) => Promise<{ readonly added: number }>
  fork: (to: string) => Promise<DomainHandle>
  reset: () => Promise<void>
  /** Lets calls fail or linger on purpose, from now on. */
  fault: (source: FaultSource) => Promise<FaultAnswer>
  faults: () => Promise<readonly FaultAnswer[]>
  /** All of them, or one. */
  clearFaults: (id?: string) => Promise<void>
  /** What clients asked of the vendor's API, in the order in which it came. */
  requests: (filter?: RequestFilter & { readonly jobStatus?: boolean }) => Promise<readonly RequestAnswer[]>
  /** How many there are, and with `expect` what comes nearest where it is another number. */
  countRequests: (filter?: RequestFilter & { readonly expect?: number }) => Promise<RequestCountAnswer>
  /** The requests once so many are answered; throws a ControlError of status 408 when they are not in (real) time. */
  waitForRequest: (wait: string | RequestWaitRequest) => Promise<readonly RequestAnswer[]>
  /** How many requests the journal had to drop, because it keeps the newest only. */
  droppedRequests: () => Promise<number>
  /** The requests that arrived and are not answered yet. */
  requestsInFlight: () => Promise<readonly RequestAnswer[]>
  /** Waits until no request is in flight; throws a ControlError of status 408 when the (real) time is up, 5 s unless told. */
  settle: (options?: { readonly timeout?: string }) => Promise<void>
  clearRequests: () => Promise<void>
  /** How well the jobs were polled, all or one of them. */
  pollingReport: (job?: string) => Promise<PollingReportAnswer>
  /** A fault for each request of the journal: each to be set alone, in a fresh domain, before the client runs again. */
  sweepPlan: (request?: SweepPlanRequest) => Promise<readonly SweepCase[]>
  /** What happened in the domain, as one HTML file that opens from disk; without secrets. */
  trace: () => Promise<string>
  /** Drops the domain; its tokens stay dead. */
  drop: () => Promise<void>
}

/** An emulator, held from outside. */
export interface Connection {
  info: () => Promise<InfoAnswer>
  domains: () => Promise<readonly DomainAnswer[]>
  domain: (name: string, options?: HandleOptions) => DomainHandle
}

interface HandleOptions {
  /** False: a domain that is not there is a ControlError of status 404, and not made. */
  readonly create?: boolean
}

export function createConnection(transport: Transport): Connection {
  const call = callOver(transport)
  return {
    info: () => call('GET', '/__admin/info'),
    domains: async () => (await call<{ domains: DomainAnswer[] }>('GET', '/__admin/domains')).domains,
    domain: (name, options) => createHandle(call, name, options),
  }
}

/** `void` where the answer says nothing worth reading. */
type CallApi = <T = void>(method: string, path: string, body?: unknown) => Promise<T>

function callOver(transport: Transport): CallApi {
  return async <T>(method: string, path: string, body?: unknown) => {
    const { status, text } = await transport({ method, path, body })
    if (status >= 400) throw new ControlError(status, text)
    // A page is no JSON, and is given as it is.
    return (parsed(text) ?? (text === '' ? undefined : text)) as T
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function createHandle(call: CallApi, name: string, { create = true }: HandleOptions = {}): DomainHandle {
  const base = `/__admin/domains/${segment(name)}`
  let made: Promise<DomainAccess> | undefined
  const access = (request: DomainRequest = {}): Promise<DomainAccess> => {
    const making = call<DomainAccess>('PUT', base, request)
    made = making
    // One that failed is tried again by whatever comes next.
    making.catch(() => (made = undefined))
    return making
  }
  /** A handle may be taken before the domain is there: its first use makes it, unless told otherwise. */
  const on: CallApi = async (method, path, body) => {
    if (create) await (made ??= access())
    return call(method, base + path, body)
  }
  const setClock = (clock: ClockRequest): Promise<ClockAnswer> => on('PUT', '/clock', clock)
  const ofJob = (id: string, path = ''): string => `/jobs/${segment(id)}${path}`
  return {
    name,
    access,
    read: () => on('GET', ''),
    clock: {
      read: () => on('GET', '/clock'),
      set: setClock,
      freeze: (now) => setClock({ mode: 'frozen', ...(now !== undefined && { now }) }),
      run: (rate) => setClock({ mode: 'running', ...(rate !== undefined && { rate }) }),
      step: () => setClock({ mode: 'step' }),
      advance: (by) => on('POST', '/clock/advance', typeof by === 'string' ? { by } : by),
    },
    jobs: {
      list: (filter = {}) => on('GET', `/jobs${queryOf(filter)}`),
      get: (id, at) => on('GET', ofJob(id, queryOf({ at }))),
      create: (job) => on('POST', '/jobs', job),
      signal: (id, signal) => on('POST', ofJob(id, '/signal'), { name: signal }),
      cancel: (id) => on('POST', ofJob(id, '/cancel')),
      explain: (id) => on('GET', ofJob(id, '/explain')),
      wait: (id, options = {}) => on('GET', ofJob(id, `/wait${queryOf(options)}`)),
    },
    snapshot: {
      save: (snapshot) => on('PUT', snapshotPath(snapshot)),
      load: (snapshot) => on('POST', `${snapshotPath(snapshot)}/load`),
      list: async () =>
        (await on<{ snapshots: { name: string }[] }>('GET', '/snapshots')).snapshots.map((each) => each.name),
      remove: (snapshot) => on('DELETE', snapshotPath(snapshot)),
    },
    nextJob: (rule) => on('POST', '/rules', rule),
    rules: async () => (await on<{ rules: JobRule[] }>('GET', '/rules')).rules,
    clearRules: () => on('DELETE', '/rules'),
    token: async (request = {}) => (await on<{ jwt: string }>('POST', '/tokens', request)).jwt,
    settings: (change) => (change === undefined ? on('GET', '/settings') : on('PUT', '/settings', change)),
    scenario: (scenario, source) => on('PUT', `/scenarios/${segment(scenario)}`, source),
    defaultScenario: (scenario) => on('PUT', '/scenarios', { default: scenario }),
    seed: (document) => on('POST', '/seed', document),
    fork: async (to) => {
      await on('POST', '/fork', { to })
      return createHandle(call, to, { create })
    },
    reset: () => on('POST', '/reset'),
    fault: (source) => on('POST', '/faults', source),
    faults: async () => (await on<{ faults: FaultAnswer[] }>('GET', '/faults')).faults,
    clearFaults: (id) => on('DELETE', id === undefined ? '/faults' : `/faults/${encodeURIComponent(id)}`),
    requests: async (filter = {}) => (await on<RequestListAnswer>('GET', `/requests${queryOf(filter)}`)).requests,
    countRequests: (filter = {}) => on('GET', `/requests/count${queryOf(filter)}`),
    waitForRequest: async (wait) => {
      const body = typeof wait === 'string' ? { operation: wait } : wait
      return (await on<RequestListAnswer>('POST', '/requests/wait', body)).requests
    },
    droppedRequests: async () => (await on<RequestListAnswer>('GET', '/requests?limit=0')).dropped,
    requestsInFlight: async () => (await on<RequestListAnswer>('GET', '/requests/in-flight')).requests,
    settle: async ({ timeout = '5s' } = {}) => on('GET', `/requests/in-flight${queryOf({ timeout })}`),
    clearRequests: () => on('DELETE', '/requests'),
    pollingReport: (job) => on('GET', `/reports/polling${queryOf({ job })}`),
    sweepPlan: async (request = {}) => (await on<{ cases: SweepCase[] }>('POST', '/sweep/plan', request)).cases,
    trace: () => on('GET', '/trace'),
    drop: async () => {
      await call('DELETE', base)
      made = undefined
    },
  }
}

/** A name as one segment of a path. Two names cannot be one: URLs take `.` and `..` for steps, however they are encoded. */
function segment(name: string): string {
  if (name === '.' || name === '..') throw new TypeError(`${JSON.stringify(name)} cannot stand in a URL`)
  return encodeURIComponent(name)
}

function snapshotPath(name: string): string {
  return `/snapshots/${segment(name)}`
}

function queryOf(values: object): string {
  const entries = Object.entries(values) as [string, string | number | undefined][]
  const given = entries.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}
