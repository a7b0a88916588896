import type { FastifyBaseLogger } from 'fastify'
import { injectTransport } from './client/inject-transport.ts'
import { describeProblem, isLoopback, readOptions, type Config } from './config/config.ts'
import type { EmulatorOptions } from './config/options-types.ts'
import { createConnection } from './client/connection.ts'
import type { DomainHandle } from './client/handle.ts'
import { dashboardFiles } from './control/dashboard-files.ts'
import { refuseDashboard, registerDashboard } from './control/dashboard.ts'
import { createHostGuard, type HostOptions } from './control/guard.ts'
import { createMetrics } from './control/metrics.ts'
import { longControlUrl } from './control/paths.ts'
import { registerControl, type ControlOptions } from './control/plugin.ts'
import { openDomains, type Domains } from './domain/registry.ts'
import { createJournalBudget } from './journal/journal-budget.ts'
import { createLargeLists } from './domain/large-lists.ts'
import { createRealClock, type RealClock } from './domain/real-clock.ts'
import { openSessions } from './identity/sessions.ts'
import { inSlices } from './domain/slices.ts'
import { createUsers } from './identity/users.ts'
import { createContents } from './domain/contents.ts'
import type { DomainServices } from './domain/services.ts'
import { StartError } from './errors.ts'
import { createExplainer, toStartError } from './explain-errors.ts'
import { followChangedSeeds } from './files/changed-seeds.ts'
import { atSeed, seedsOf } from './files/configured-seeds.ts'
import { scenarioFinder } from './files/find-scenario.ts'
import { openScenarios, type OpenScenarios } from './files/open-scenarios.ts'
import { createSeedReader } from './files/seed-reader.ts'
import type { SeedSet } from './files/seeds.ts'
import { createApp, type VendorApp } from './http/app.ts'
import { renderClientError } from './http/client-error.ts'
import { createFetch } from './http/fetch.ts'
import { createInject } from './http/inject.ts'
import { createListener } from './http/listener.ts'
import { caCertificateOf, givenCertificateOf, listen, tlsOf } from './http/network.ts'
import type { GivenCertificate } from './http/given-certificate.ts'
import { administratorOf } from './identity/administrator.ts'
import { createTokenSource } from './identity/token-issuer.ts'
import type { Address } from './model/address.ts'
import type { InjectRequest, InjectResponse } from './model/inject.ts'
import type { TokenRequest } from './model/token-request.ts'
import { DASHBOARD, DOCS_UI, FIXTURES } from './locations.ts'
import { ROOT_DOMAIN } from './model/domain.ts'
import { itemTimes, jobTimes } from './simulator/job-times.ts'
import { openStore, type StoreOptions } from './store/sqlite-store.ts'
import type { Store } from './store/store.ts'
import { requireSupportedNode } from './supported-node.ts'
import { refuseFakedScheduling } from './timers.ts'
import { VERSION } from './version.ts'
import { FAMILIES, familyOf } from './wire/families/index.ts'
import { renderJob } from './wire/job.ts'
import { readdress } from './wire/resource-record.ts'
import { KINDS, KINDS_BY_INTEREST } from './wire/resources/index.ts'
import { CALL_OPERATIONS } from './wire/operations.ts'

/** A running emulator. */
export interface Emulator {
  /** Sends a request without a socket; a string is the URL of a GET. */
  inject(request: InjectRequest | string): Promise<InjectResponse>
  /** The same for clients that accept a fetch function; the host of the URL does not matter. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Opens the port of the options (0: a free one). */
  listen(): Promise<Address>
  /** A valid token, by default admin's in the root domain. Creates the domain unless it exists. */
  token(request?: TokenRequest & { readonly domain?: string }): Promise<string>
  /** The CA, as PEM, that https clients have to trust; undefined if TLS is off or the certificate is the user's. */
  caCertificate(): Promise<string | undefined>
  /** A handle of a domain: its clock, jobs and rules. The same as from `connect(url).domain(name)`. */
  domain(name: string): DomainHandle
  /** Stops the emulator; further calls do nothing. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Dependencies of a start beside the configuration, such as the log. @internal */
export interface Surroundings {
  readonly log?: FastifyBaseLogger | undefined
  readonly onSeedProgress?: (jobs: number) => void
  /** The class of the database; tests pass one that fails. */
  readonly Database?: StoreOptions['Database']
}

/**
 * Starts an emulator in this process. Nothing is listened on before `listen()`, nothing logged unless `logLevel` says so.
 *
 * @throws StartError when Node is too old, or an option, a seed or the data folder cannot be used; each problem is a line of its message.
 * @example
 * ```ts
 * import { createEmulator } from 'cckm-emulator'
 *
 * await using emulator = await createEmulator({ clock: 'frozen', randomSeed: 42 })
 * const token = await emulator.token()
 * const answer = await emulator.inject({
 *   url: '/api/v1/cckm/azure/bulkjobs',
 *   headers: { authorization: `Bearer ${token}` },
 * })
 * ```
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  requireSupportedNode()
  refuseFakedScheduling()
  const reading = readOptions(options)
  if ('problems' in reading) throw new StartError(reading.problems.map(describeProblem), 2)
  const { logLevel } = reading.config
  const log = logLevel === 'silent' ? undefined : (await import('pino')).pino({ level: logLevel })
  return startEmulator(reading.config, { log })
}

/** Connects the parts. If a part fails, everything opened so far is closed. @internal */
export async function startEmulator(
  config: Config,
  { log, onSeedProgress, Database }: Surroundings = {},
): Promise<Emulator> {
  const certificate = givenCertificateOf(config)
  if (certificate?.warning !== undefined) log?.warn(certificate.warning)
  const catalogue = await openScenarios(config, FIXTURES)
  const seeds = await seedsOf(config, {
    catalogue,
    fixtures: FIXTURES,
    ...(onSeedProgress && { onProgress: onSeedProgress }),
  })
  const derive: StoreOptions['derive'] = (plan, events) => ({
    times: jobTimes(plan, events),
    items: itemTimes(plan, events),
  })
  const store = openStore({ folder: config.data, derive, Database })
  try {
    return await assemble({ config, log, certificate, catalogue, seeds, store })
  } catch (error) {
    store.close()
    throw toStartError(error, config.data)
  }
}

interface Parts {
  readonly config: Config
  readonly log: FastifyBaseLogger | undefined
  readonly certificate: GivenCertificate | undefined
  readonly catalogue: OpenScenarios
  readonly seeds: SeedSet | undefined
  readonly store: Store
}

async function assemble(parts: Parts): Promise<Emulator> {
  const { config, log, certificate, seeds, store } = parts
  const real = createRealClock()
  const services = servicesOf(parts, real)
  await inSlices(store.upgrade(), store.transaction)
  const limits = { allowed: config.domains, maxDomains: config.maxDomains, ttl: config.domainTtl }
  const domains = await openDomains(services, limits).catch((error: unknown) => {
    throw atSeed(error, seeds)
  })
  const resetAll = async (): Promise<void> => {
    for (const domain of domains.all()) await domain.reset()
  }
  await followChangedSeeds({ config, seeds, log, secrets: store.secrets, resetAll })
  const { calendar: realNow } = real
  const sessions = openSessions(store, realNow)
  const users = createUsers(config.users)
  const listener = createListener({
    tls: tlsOf(config, { given: certificate, secrets: store.secrets }),
    renderClientError,
    onError: (error) => log?.error(error),
  })
  const { mode, algorithm, jwtSecret } = config.auth
  const explain = createExplainer(log)
  const isDataInPlace = createDataCheck(parts)
  let isClosing = false
  const { app, signer, verify } = await createApp({
    ...{ domains, users, sessions, mode, realNow, log, listener },
    signing: { algorithm, jwtSecret, secrets: store.secrets },
    readiness: () => (isClosing ? 'starting' : isDataInPlace() ? 'ok' : 'data lost'),
    scenarioHeader: config.admin,
    explain,
    docsUi: DOCS_UI,
    checkHost: createHostGuard(hostOptions(config), 'this page'),
    fullUrl: config.admin ? longControlUrl : (url) => url,
  })
  const issueToken = createTokenSource({ signer, mode, domains, users, sessions, realNow })
  if (config.admin) {
    const control = controlOptions(parts, { services, domains, verify, issueToken, explain })
    registerControl(app, control)
    registerDashboard(app, { ...control, files: dashboardFiles(DASHBOARD) })
  } else refuseDashboard(app)
  await app.ready()
  const unwatch = parts.catalogue.watch(log)
  const close = once(async () => {
    isClosing = true
    unwatch()
    try {
      await app.close()
      // A full disk must not prevent the emulator from stopping.
      await domains.close().catch((error: unknown) => {
        if (explain(error) === undefined) throw error
      })
    } finally {
      store.close()
    }
  })
  const inject = createInject(app)
  const connection = createConnection(injectTransport(inject, config.adminToken))
  return {
    inject,
    fetch: createFetch(app),
    listen: () => listen(app, config),
    token: ({ domain = ROOT_DOMAIN, ...request } = {}) => issueToken(domain, request),
    caCertificate: () => caCertificateOf(config, store.secrets),
    domain: connection.domain,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function servicesOf({ config, catalogue, seeds, store }: Parts, real: RealClock): DomainServices {
  return {
    store,
    contents: createContents(store),
    real,
    startClock: () => {
      const realStart = real.calendar()
      const { mode, now = realStart } = config.clock
      return { mode, base: now, realStart, elapsedStart: real.elapsed(), rate: config.rate }
    },
    settings: config.settings,
    scenario: config.scenario,
    randomSeed: config.randomSeed,
    seeds: createSeedReader(seeds, catalogue),
    findScenario: scenarioFinder(catalogue),
    renderJob,
    operations: CALL_OPERATIONS,
    familyOf,
    readdress,
    kinds: KINDS.map(({ behaviour }) => behaviour),
    journals: createJournalBudget(),
    largeLists: createLargeLists(),
  }
}

interface ControlParts extends Pick<VendorApp, 'verify'>, Pick<ControlOptions, 'issueToken' | 'explain'> {
  readonly services: DomainServices
  readonly domains: Domains
}

function controlOptions({ config, catalogue, store }: Parts, parts: ControlParts): ControlOptions {
  const { services, domains, verify, issueToken, explain } = parts
  return {
    domains,
    issueToken,
    version: VERSION,
    users: config.users,
    startClock: services.startClock,
    explain,
    families: FAMILIES.map(({ name }) => name),
    kinds: KINDS_BY_INTEREST.map(({ behaviour }) => behaviour),
    shared: catalogue,
    caCertificate: () => caCertificateOf(config, store.secrets),
    metrics: createMetrics(domains),
    guard: {
      ...hostOptions(config),
      adminToken: config.adminToken,
      administratorOf: (authorization) => administratorOf(verify, authorization),
    },
  }
}

/** The host names that the emulator's own pages and its control API accept. */
function hostOptions({ host, allowHost }: Config): HostOptions {
  return { isLoopback: isLoopback(host), allowHosts: allowHost }
}

/** Checks that the data file was not removed or replaced; logs it once. */
function createDataCheck({ config: { data = '' }, store, log }: Parts): () => boolean {
  let wasInPlace = true
  return () => {
    const isInPlace = store.isInPlace()
    if (wasInPlace && !isInPlace)
      log?.error(`the data in ${data} was removed or replaced: what is written from now on is lost, so restart`)
    wasInPlace = isInPlace
    return isInPlace
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= action())
}
