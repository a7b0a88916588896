import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { FastifyBaseLogger, FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { describeProblem, readOptions, type Config, type EmulatorOptions } from './config.ts'
import { openDomains, type Domains } from './domain/domains.ts'
import { createRealClock } from './domain/real-clock.ts'
import { openSessions } from './domain/sessions.ts'
import { createUsers } from './domain/users.ts'
import type { FindScenario, World } from './domain/world.ts'
import { EmulatorError, StartError } from './errors.ts'
import {
  createScenarioCatalogue,
  readScenarioFiles,
  shippedScenarios,
  type ScenarioCatalogue,
} from './files/scenarios.ts'
import { suggestion } from './files/problems.ts'
import { openSeeds, readSeedDocument, type SeedSet } from './files/seeds.ts'
import { createApp } from './http/app.ts'
import { loadOrCreateCertificates } from './http/certificates.ts'
import { renderClientError } from './http/client-error.ts'
import { injectToResponse, requestToInject } from './http/fetch.ts'
import { createListener } from './http/listener.ts'
import { createTokenSource, type TokenRequest } from './http/token-issuer.ts'
import type { ClockState } from './model/domain.ts'
import type { FamilyName, JobRequest } from './model/family.ts'
import { readScenario } from './model/read-scenario.ts'
import type { ScenarioSource } from './model/scenario.ts'
import type { Seed } from './model/seed.ts'
import type { Settings } from './model/settings.ts'
import type { Violation } from './model/validate.ts'
import { openSqliteStore, StoreOpenError } from './store/sqlite-store.ts'
import type { Store } from './store/store.ts'
import { familyOf, readCreateRequest } from './wire/families.ts'
import { renderJob } from './wire/job.ts'
import { violationMessage } from './wire/violations.ts'

/** Where an emulator listens: http and https on one port. */
export interface Address {
  readonly url: string
  /** undefined where TLS is off. */
  readonly httpsUrl: string | undefined
  readonly host: string
  readonly port: number
}

/** A running emulator. */
export interface Emulator {
  /** A request without a socket, as light-my-request makes it. */
  inject(options: InjectOptions | string): Promise<LightMyRequestResponse>
  /** The same for clients that take a fetch; the host of the URL does not matter. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Opens the port of the options (0: a free one). */
  listen(): Promise<Address>
  /** A token that works, by default admin's in the root domain. */
  token(request?: TokenRequest): Promise<string>
  /** Ends it; a second time does nothing. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** What starts beside the configuration: where to log, whom to tell how seeding goes. */
export interface Surroundings {
  readonly log?: FastifyBaseLogger | undefined
  readonly onSeedProgress?: (jobs: number) => void
}

/** Seeds and scenarios that ship with the emulator: beside `src` in the repository, beside `dist` in the package. */
const FIXTURES = new URL('../fixtures/', import.meta.url)

/** Swagger UI: in its package where there are sources, and a copy beside what was built from them. */
const DOCS_UI = new URL(
  import.meta.url.endsWith('.ts') ? '../node_modules/@fastify/swagger-ui/static/' : './docs-ui/',
  import.meta.url,
)

/**
 * Starts an emulator in this process. Nothing is listened on before `listen()`, nothing logged unless `logLevel` says so.
 *
 * @throws StartError when an option, a seed or the data folder cannot be used; each problem is a line of its message.
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
  const reading = readOptions(options)
  if ('problems' in reading) throw new StartError(reading.problems.map(describeProblem), 2)
  const { logLevel } = reading.config
  const log = logLevel === 'silent' ? undefined : (await import('pino')).pino({ level: logLevel })
  return startEmulator(reading.config, { log })
}

/** Puts the parts together. What fails on the way leaves nothing open. */
export async function startEmulator(config: Config, { log, onSeedProgress }: Surroundings = {}): Promise<Emulator> {
  const catalogue = await scenariosOf(config)
  const seeds = await seedsOf(config, { catalogue, ...(onSeedProgress && { onProgress: onSeedProgress }) })
  const store = openStore(config)
  try {
    return await assemble({ config, log, catalogue, seeds, store })
  } catch (error) {
    await store.close()
    throw error
  }
}

async function scenariosOf({ scenariosDir, scenarios, scenario }: Config): Promise<ScenarioCatalogue> {
  const shippedDir = new URL('scenarios/', FIXTURES)
  const { source } = shippedScenarios(shippedDir)
  const files = scenariosDir === undefined ? [] : await readScenarioFiles(scenariosDir, source)
  const user = new Map([...files, ...Object.entries(scenarios)])
  const catalogue = createScenarioCatalogue({ shippedDir, user })
  for (const name of Object.keys(scenarios)) catalogue.scenario(name)
  if (catalogue.source(scenario) === undefined)
    throw new StartError(
      [`--scenario: there is no scenario named ${scenario}; there are ${catalogue.names().join(', ')}`],
      2,
    )
  return catalogue
}

interface SeedOptions {
  readonly catalogue: ScenarioCatalogue
  readonly onProgress?: (jobs: number) => void
}

async function seedsOf({ seeds }: Config, { catalogue, ...options }: SeedOptions): Promise<SeedSet | undefined> {
  if (seeds === 'none') return undefined
  return openSeeds(seeds ?? [fileURLToPath(new URL('seeds/', FIXTURES))], { ...options, scenarios: catalogue })
}

function openStore({ data }: Config): Store {
  try {
    return openSqliteStore(data)
  } catch (error) {
    if (error instanceof StoreOpenError) throw new StartError([error.message], 1)
    throw error
  }
}

interface Parts {
  readonly config: Config
  readonly log: FastifyBaseLogger | undefined
  readonly catalogue: ScenarioCatalogue
  readonly seeds: SeedSet | undefined
  readonly store: Store
}

async function assemble(parts: Parts): Promise<Emulator> {
  const { config, log, catalogue, seeds, store } = parts
  const realNow = createRealClock()
  const world: World = {
    jobs: store.jobs,
    domains: store.domains,
    realNow,
    renderJob,
    findScenario: scenarioFinder(catalogue),
    cloudOf: (family) => familyOf(family).cloud,
    settings: config.settings,
    scenario: config.scenario,
  }
  const domains = await openDomains({
    world,
    allowed: config.domains,
    maxDomains: config.maxDomains,
    ttl: config.domainTtl,
    readSeed: (document) => readSeedOf(document, catalogue),
    startClock: () => startClock(config, realNow()),
    randomSeed: config.randomSeed,
    seeds: () => seeds?.seeds() ?? [],
    toRequest,
    onTaken: (id) => {
      throw new StartError([`${seeds?.where('/id') ?? ''}: the id ${id} is taken by an earlier job`], 2)
    },
  })
  await followSeeds(domains, parts)
  const sessions = await openSessions(store.tokens, realNow)
  const users = createUsers(config.users)
  const listener = createListener({
    tls: tlsOf(config, store),
    renderClientError,
    onError: (error) => log?.error(error),
  })
  const { mode, algorithm, jwtSecret } = config.auth
  let isClosing = false
  const app = await createApp({
    ...{ domains, users, sessions, mode, realNow, log, listener },
    signing: { algorithm, jwtSecret, secrets: store.secrets },
    isReady: () => !isClosing,
    scenarioHeader: config.admin.enabled,
    docsUi: DOCS_UI,
  })
  const tokens = createTokenSource({ app, domains, users, realNow })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    isClosing = true
    return (closing ??= app.close().then(async () => store.close()))
  }
  await app.ready()
  return {
    inject: (options) => app.inject(options),
    fetch: async (input, init) =>
      injectToResponse(await app.inject(await requestToInject(toRequestObject(input, init)))),
    listen: () => listen(app, config),
    token: tokens,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Seeds that changed since the data was made are applied when asked for, and mentioned when not. */
async function followSeeds(domains: Domains, { config, seeds, store, log }: Parts): Promise<void> {
  if (config.data === undefined || seeds === undefined) return
  const known = store.secrets.get(SEED_FINGERPRINT)
  if (known !== undefined && known !== seeds.fingerprint && !config.reseed) {
    log?.warn('the seeds changed since the data was made, and were not applied: --reseed puts the domains back to them')
    return
  }
  if (known !== undefined && config.reseed) for (const { name } of domains.all()) await domains.reset(name)
  store.secrets.set(SEED_FINGERPRINT, seeds.fingerprint)
}

const SEED_FINGERPRINT = 'seed-fingerprint'

function scenarioFinder(catalogue: ScenarioCatalogue): FindScenario {
  return (named, own) => {
    const source = (name: string): ScenarioSource | undefined => own(name) ?? catalogue.source(name)
    const name = typeof named === 'string' ? named : (named.name ?? 'inline')
    const shipped = typeof named === 'string' && own(named) === undefined ? catalogue.scenario(named) : undefined
    if (shipped !== undefined) return shipped
    const found = typeof named === 'string' ? own(named) : named
    if (found === undefined) throw new EmulatorError('badRequest', noScenario(name, catalogue))
    const reading = readScenario(found, name, source)
    if ('violations' in reading) throw invalid(reading.violations)
    return reading.scenario
  }
}

function noScenario(name: string, catalogue: ScenarioCatalogue): string {
  return `there is no scenario named ${JSON.stringify(name.slice(0, 100))}${suggestion(name, catalogue.names())}`
}

function invalid(violations: readonly Violation[]): EmulatorError {
  return new EmulatorError('badRequest', violationMessage(violations), undefined, violations[0]?.pointer)
}

function readSeedOf(document: unknown, scenarios: ScenarioCatalogue): Seed {
  const reading = readSeedDocument(document, scenarios)
  if ('violations' in reading) throw invalid(reading.violations)
  return reading.seed
}

function toRequest(family: FamilyName, body: unknown, settings: Settings): JobRequest {
  const reading = readCreateRequest(familyOf(family), body, settings)
  if ('violations' in reading) throw invalid(reading.violations)
  return reading.request
}

function startClock({ clock, rate }: Config, real: number): ClockState {
  return { mode: clock.mode, base: clock.now ?? real, realStart: real, rate }
}

function tlsOf({ tls, tlsNames }: Config, { secrets }: Store): 'off' | (() => Promise<{ cert: string; key: string }>) {
  if (tls === 'off') return 'off'
  if (tls === 'auto') return () => loadOrCreateCertificates({ secrets, names: [hostname(), ...tlsNames] })
  const own = { cert: readPem(tls.certFile), key: readPem(tls.keyFile) }
  return () => Promise.resolve(own)
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new StartError([`cannot read ${file}: --tls CERT,KEY names two PEM files`], 1)
  }
}

async function listen(app: FastifyInstance, { host, port, tls }: Config): Promise<Address> {
  await app.listen({ host, port })
  const address = app.server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  const authority = `${shownHost(host)}:${bound}`
  return { url: `http://${authority}`, httpsUrl: tls === 'off' ? undefined : `https://${authority}`, host, port: bound }
}

/** An address that a client on this machine can use. */
function shownHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

/** The host of the URL does not matter, so a path alone will do. */
function toRequestObject(input: string | URL | Request, init: RequestInit | undefined): Request {
  return new Request(typeof input === 'string' ? new URL(input, 'http://localhost') : input, init)
}
