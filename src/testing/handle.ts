import { noProxyFor } from '../client/no-proxy.ts'
import type {
  AdvanceBy,
  AdvanceAnswer,
  ClockAnswer,
  DomainAccess,
  DomainClock,
  DomainHandle,
  DomainTokenRequest,
  RequestFilter,
} from '../index.ts'
import { VARIABLES } from '../client/environment.ts'
import { accessVariables } from './environment.ts'
import { watchLocalRequests, type LocalRequests } from './in-flight.ts'
import { checkAllowance, type Allowance } from './options.ts'
import type { TestServer } from './server.ts'
import { advanceWithTimers, runWithTimers, type FakeTimers, type RunOptions } from './timers.ts'

export interface CckmClock extends Omit<DomainClock, 'run'> {
  readonly run: {
    /** Lets the clock run; `rate` is domain seconds per real second, by default unchanged. */
    (rate?: number): Promise<ClockAnswer>
    /**
     * Runs a client on fake timers, and lets the time of the client and of the domain pass together until its promise settles.
     * Meanwhile the clock is frozen and tokens expire by it. Afterwards the timers are real, and the clock and the setting
     * are as before.
     *
     * @returns what the client returns.
     * @throws what the client throws; an Error that says what it waits for if it is not done within `max`.
     */
    <T>(work: () => T | Promise<T>, options: RunOptions): Promise<T>
  }
  /**
   * Advances the clock; a `step` clock is frozen meanwhile. With `timers` (`vi`, `jest`) it advances the client's fake timers too: timer by timer, together with
   * the clock, and after each timer it waits until no request is in flight.
   */
  readonly advance: (by: AdvanceBy, options?: { readonly timers?: FakeTimers }) => Promise<AdvanceAnswer>
}

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly domain: string
}

/** The emulator as one test uses it: its addresses, and a domain for this test only. */
export interface Cckm extends Omit<DomainHandle, 'clock'> {
  readonly clock: CckmClock
  /** `http://127.0.0.1:43211` */
  readonly url: string
  /** `https://127.0.0.1:43211`, with a certificate of `ca`. */
  readonly httpsUrl: string
  /** `127.0.0.1:43211` */
  readonly host: string
  /** The CA's certificate as PEM, and the path of a file with it. */
  readonly ca: string
  readonly caFile: string
  /** The values for a sign-in. */
  readonly credentials: Credentials
  /** Environment variables for a child process: CCKM_EMULATOR_URL and the others, and NODE_EXTRA_CA_CERTS. */
  readonly env: Readonly<Record<string, string>>
  /** Issues a token of the domain, valid for 12 hours by default. */
  readonly token: (request?: DomainTokenRequest) => Promise<string>
  /** Exempts a kind of failure, or the requests that match a filter, from failing the test. */
  readonly allow: (...allowed: Allowance[]) => void
}

/** A record of the test's calls, which `verdictOf` and `reportOf` read at its end. */
export interface Notes {
  readonly rules: Set<string>
  readonly faults: Set<string>
  readonly forks: Set<string>
  readonly allowed: Allowance[]
  /** The filter of the last query of the journal. */
  lastQuery: RequestFilter | undefined
  /** The filter of the last wait that timed out. */
  timedOut: RequestFilter | undefined
}

interface HandleOptions {
  readonly server: TestServer
  readonly domain: DomainHandle
  readonly access: DomainAccess
  /** A token for `env`. */
  readonly token: string
}

const TOKEN_TTL = '12h'

/** Creates the handle of an existing domain, with a record of the test's calls. */
export function createCckm(options: HandleOptions): { cckm: Cckm; notes: Notes; local: LocalRequests } {
  const { server, domain, access } = options
  const { host, port } = new URL(server.url)
  const local = watchLocalRequests([host, `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
  const notes: Notes = {
    rules: new Set(),
    faults: new Set(),
    forks: new Set(),
    allowed: [],
    lastQuery: undefined,
    timedOut: undefined,
  }
  const cckm: Cckm = {
    ...domain,
    ...recordingCalls(domain, notes),
    url: server.url,
    host,
    get httpsUrl() {
      return withTls(server, server.httpsUrl)
    },
    get ca() {
      return withTls(server, server.ca)
    },
    get caFile() {
      return withTls(server, server.caFile)
    },
    credentials: { username: access.username, password: access.password, domain: access.name },
    env: environmentOf(options),
    token: (request = {}) => domain.token({ ttl: TOKEN_TTL, ...request }),
    clock: {
      ...domain.clock,
      advance: async (by, { timers } = {}) => {
        if (timers === undefined) return domain.clock.advance(by)
        if (typeof by !== 'string') throw new TypeError("advance with timers takes a duration such as '11m'")
        return advanceWithTimers({ domain, local, timers }, by)
      },
      run: runOf({ domain, local }),
    },
    allow: (...allowed) => {
      const given: readonly unknown[] = allowed
      given.forEach(checkAllowance)
      notes.allowed.push(...allowed)
    },
  }
  return { cckm, notes, local }
}

function runOf(context: { readonly domain: DomainHandle; readonly local: LocalRequests }): CckmClock['run'] {
  function run(rate?: number): Promise<ClockAnswer>
  function run<T>(work: () => T | Promise<T>, options: RunOptions): Promise<T>
  function run<T>(first?: number | (() => T | Promise<T>), options?: RunOptions): Promise<T | ClockAnswer> {
    if (typeof first !== 'function') return context.domain.clock.run(first)
    return runWithTimers(context, first, options ?? {})
  }
  return run
}

/** The calls of a domain handle that are recorded in the notes. */
function recordingCalls(domain: DomainHandle, notes: Notes): Partial<DomainHandle> {
  return {
    nextJob: async (source) => {
      const rule = await domain.nextJob(source)
      notes.rules.add(rule.id)
      return rule
    },
    fault: async (source) => {
      const fault = await domain.fault(source)
      notes.faults.add(fault.id)
      return fault
    },
    fork: async (to) => {
      const fork = await domain.fork(to)
      notes.forks.add(to)
      return fork
    },
    requests: (filter) => {
      notes.lastQuery = filter ?? {}
      return domain.requests(filter)
    },
    countRequests: (filter) => {
      notes.lastQuery = filter ?? {}
      return domain.countRequests(filter)
    },
    waitForRequest: (wait) => {
      const { count: _count, timeout: _timeout, ...filter } = typeof wait === 'string' ? { operation: wait } : wait
      notes.lastQuery = filter
      return domain.waitForRequest(wait).catch((error: unknown) => {
        notes.timedOut = filter
        throw error
      })
    },
  }
}

function withTls<T>(server: TestServer, value: T | undefined): T {
  if (value === undefined) throw new Error(`the emulator at ${server.url} has no CA of its own (see --tls)`)
  return value
}

function environmentOf(options: HandleOptions): Readonly<Record<string, string>> {
  const { caFile, adminToken } = options.server
  const noProxy = noProxyFor(options.server.url, process.env)
  const values = {
    ...noProxy,
    ...accessVariables(options),
    [VARIABLES.adminToken]: adminToken,
    NODE_EXTRA_CA_CERTS: caFile,
  }
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
