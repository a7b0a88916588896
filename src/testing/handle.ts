import { noProxyFor } from '../client/no-proxy.ts'
import type {
  AdvanceBy,
  AdvanceAnswer,
  DomainAccess,
  DomainClock,
  DomainHandle,
  DomainTokenRequest,
  RequestFilter,
} from '../index.ts'
import { VARIABLES } from '../client/environment.ts'
import { accessVariables } from './environment.ts'
import { watchLocalRequests, type LocalRequests } from './in-flight.ts'
import { checkKind, type Allowance } from './options.ts'
import type { TestServer } from './server.ts'
import { advanceWithTimers, type FakeTimers } from './timers.ts'

export interface CckmClock extends DomainClock {
  /**
   * Moves the clock. With `timers` (`vi`, `jest`) a duration passes for the client as well: from one of its timers to the
   * next, with the clock in step, and after each until no request is in flight.
   */
  readonly advance: (by: AdvanceBy, options?: { readonly timers?: FakeTimers }) => Promise<AdvanceAnswer>
}

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly domain: string
}

/** The emulator as one test holds it: its addresses, and a domain that is the test's alone. */
export interface Cckm extends Omit<DomainHandle, 'clock'> {
  readonly clock: CckmClock
  /** `http://127.0.0.1:43211` */
  readonly url: string
  /** `https://127.0.0.1:43211`, with a certificate of `ca`. */
  readonly httpsUrl: string
  /** `127.0.0.1:43211` */
  readonly host: string
  /** The CA's certificate as PEM, and where it is on disk. */
  readonly ca: string
  readonly caFile: string
  /** What a sign-in takes. */
  readonly credentials: Credentials
  /** The same for a program that is run as a process: CCKM_EMULATOR_URL and the others, NODE_EXTRA_CA_CERTS. */
  readonly env: Readonly<Record<string, string>>
  /** A token of the domain. It outlives the test (12 h) unless told otherwise. */
  readonly token: (request?: DomainTokenRequest) => Promise<string>
  /** What must not fail the test: a kind of failure, or the requests that a filter takes. */
  readonly allow: (...allowed: Allowance[]) => void
}

/** What a test did with its handle, as far as its end needs to know. */
export interface Notes {
  readonly rules: Set<string>
  readonly faults: Set<string>
  readonly forks: Set<string>
  readonly allowed: Allowance[]
  /** The last filter that the journal was asked with. */
  asked: RequestFilter | undefined
  /** The last filter that a wait gave up on. */
  missed: RequestFilter | undefined
}

interface Making {
  readonly server: TestServer
  readonly domain: DomainHandle
  readonly access: DomainAccess
  /** A token for `env`. */
  readonly token: string
}

const LONG_LIFE = '12h'

/** The handle over a domain that is there, with notes of what is done with it. */
export function createCckm(making: Making): { cckm: Cckm; notes: Notes; local: LocalRequests } {
  const { server, domain, access } = making
  const { host, port } = new URL(server.url)
  const local = watchLocalRequests([host, `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
  const notes: Notes = {
    rules: new Set(),
    faults: new Set(),
    forks: new Set(),
    allowed: [],
    asked: undefined,
    missed: undefined,
  }
  const cckm: Cckm = {
    ...domain,
    ...noting(domain, notes),
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
    env: environmentOf(making),
    token: (request = {}) => domain.token({ ttl: LONG_LIFE, ...request }),
    clock: {
      ...domain.clock,
      advance: async (by, { timers } = {}) => {
        if (timers === undefined) return domain.clock.advance(by)
        if (typeof by !== 'string') throw new TypeError("advance takes a duration such as '11m' where it has timers")
        return advanceWithTimers({ domain, local, timers }, by)
      },
    },
    allow: (...allowed) => {
      for (const each of allowed) if (typeof each === 'string') checkKind(each)
      notes.allowed.push(...allowed)
    },
  }
  return { cckm, notes, local }
}

/** The calls whose use is noted. */
function noting(domain: DomainHandle, notes: Notes): Partial<DomainHandle> {
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
      notes.asked = filter ?? {}
      return domain.requests(filter)
    },
    countRequests: (filter) => {
      notes.asked = filter ?? {}
      return domain.countRequests(filter)
    },
    waitForRequest: (wait) => {
      const { count: _count, timeout: _timeout, ...filter } = typeof wait === 'string' ? { operation: wait } : wait
      notes.asked = filter
      return domain.waitForRequest(wait).catch((error: unknown) => {
        notes.missed = filter
        throw error
      })
    },
  }
}

function withTls<T>(server: TestServer, value: T | undefined): T {
  if (value === undefined) throw new Error(`the emulator at ${server.url} has no CA of its own (see --tls)`)
  return value
}

function environmentOf(making: Making): Readonly<Record<string, string>> {
  const { caFile, adminToken } = making.server
  const noProxy = noProxyFor(making.server.url, process.env)
  const values = {
    ...noProxy,
    ...accessVariables(making),
    [VARIABLES.adminToken]: adminToken,
    NODE_EXTRA_CA_CERTS: caFile,
  }
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
