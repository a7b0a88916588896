import type { JobRule } from '../model/rule.ts'
import type { SweepCase } from '../model/sweep.ts'
import type { DomainAccess, DomainAnswer, FaultAnswer, FullClockAnswer } from './answers/domains.ts'
import type { EndAnswer, RequestListAnswer } from './answers/requests.ts'
import { parseJson } from '../model/parse-json.ts'
import { ControlError } from './control-error.ts'
import type { ClockRequest, Connection, DomainHandle, DomainRequest, DomainSnapshots, HandleOptions } from './handle.ts'

/** Sends a request to the control API: light-my-request inside the process, HTTP outside. */
export type Transport = (request: {
  readonly method: string
  /** Below the server's address, with its query. */
  readonly path: string
  readonly body?: unknown
}) => Promise<{ readonly status: number; readonly text: string }>

export function createConnection(transport: Transport): Connection {
  const call = callOver(transport)
  return {
    info: () => call('GET', '/__admin/info'),
    domains: async () => (await call<{ domains: DomainAnswer[] }>('GET', '/__admin/domains')).domains,
    domain: (name, options) => createHandle(call, name, options),
  }
}

/** `void`: the response is not used. */
type CallApi = <T = void>(method: string, path: string, body?: unknown) => Promise<T>

function callOver(transport: Transport): CallApi {
  return async <T>(method: string, path: string, body?: unknown) => {
    const { status, text } = await transport({ method, path, body })
    if (status >= 400) throw new ControlError(status, text)
    // The trace is a page, returned unchanged.
    return (parseJson(text) ?? (text === '' ? undefined : text)) as T
  }
}

function createHandle(call: CallApi, name: string, { create = true }: HandleOptions = {}): DomainHandle {
  const base = `/__admin/domains/${segment(name)}`
  let created: Promise<DomainAccess> | undefined
  const access = (request: DomainRequest = {}): Promise<DomainAccess> => {
    const creation = call<DomainAccess>('PUT', base, request)
    created = creation
    // After a failure the next call tries again.
    creation.catch(() => (created = undefined))
    return creation
  }
  /** The first call creates the domain, unless the handle says otherwise. */
  const on: CallApi = async (method, path, body) => {
    if (create) await (created ??= access())
    return call(method, base + path, body)
  }
  const setClock = (clock: ClockRequest): Promise<FullClockAnswer> => on('PUT', '/clock', clock)
  const ofJob = (id: string, path = ''): string => `/jobs/${segment(id)}${path}`
  const snapshots: DomainSnapshots = {
    save: (snapshot) => on('PUT', snapshotPath(snapshot)),
    load: (snapshot) => on('POST', `${snapshotPath(snapshot)}/load`),
    list: async () =>
      (await on<{ snapshots: { name: string }[] }>('GET', '/snapshots')).snapshots.map((each) => each.name),
    remove: (snapshot) => on('DELETE', snapshotPath(snapshot)),
  }
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
      auto: (options = {}) => setClock({ mode: 'auto', ...options }),
      sleep: (duration, sleeper) => on('POST', '/clock/sleep', { for: duration, sleeper }),
      dropSleeper: (sleeper) => on('DELETE', `/clock/sleepers/${segment(sleeper)}`),
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
    resources: {
      list: (filter = {}) => on('GET', `/resources${queryOf(filter)}`),
      get: (id, at) => on('GET', `/resources/${segment(id)}${queryOf({ at })}`),
      add: (resource) => on('POST', '/resources', resource),
      remove: (id) => on('DELETE', `/resources/${segment(id)}`),
    },
    snapshots,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- kept for one version
    snapshot: snapshots,
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
    report: () => on('GET', '/report.txt'),
    end: async (request = {}, { trace = true } = {}) => {
      const answer = await on<EndAnswer>('POST', `/end?trace=${trace}`, request)
      if (request.keep !== true) created = undefined
      return answer
    },
    drop: async () => {
      await call('DELETE', base)
      created = undefined
    },
  }
}

/** A name as one segment of a path. `.` and `..` are refused, since URLs resolve them in any encoding. */
function segment(name: string): string {
  if (name === '.' || name === '..') throw new TypeError(`${JSON.stringify(name)} cannot be part of a URL`)
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
