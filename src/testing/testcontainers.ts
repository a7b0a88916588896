import './refuse-old-node.ts'
import {
  AbstractStartedContainer,
  GenericContainer,
  Wait,
  type ExecResult,
  type StartedTestContainer,
} from 'testcontainers'
import { createConnection } from '../client/connection.ts'
import { openTransport } from '../client/transport.ts'
import type { Connection, DomainHandle, InfoAnswer } from '../index.ts'

const PORT = 7443
const SEEDS = '/seeds'
const DEFAULT_IMAGE = 'cckm-emulator'

/**
 * An emulator in a container, for Testcontainers. `start()` waits until all seeds are loaded.
 *
 * @example
 * ```ts
 * import { CckmEmulatorContainer } from 'cckm-emulator/testcontainers'
 *
 * await using emulator = await new CckmEmulatorContainer().withSeed('seeds/jobs.json').withClock('step').start()
 * const world = emulator.domain('t-42')
 * const { jwt } = await world.access()
 * const jobs = await fetch(`${emulator.url}/api/v1/cckm/azure/bulkjobs`, { headers: { authorization: `Bearer ${jwt}` } })
 * ```
 */
export class CckmEmulatorContainer extends GenericContainer {
  #flags: string[] = []
  #seeds = 0
  #adminToken: string | undefined

  /** The image. Default: `cckm-emulator`, as `docker build -t cckm-emulator .` names it. */
  constructor(image = DEFAULT_IMAGE) {
    super(image)
    this.withExposedPorts(PORT).withWaitStrategy(Wait.forHttp('/readyz', PORT).forStatusCode(200))
  }

  /** Adds a seed: a file of this machine, or a seed document. Without a call, the shipped seeds are used. */
  withSeed(seed: string | object): this {
    this.#seeds += 1
    const name = typeof seed === 'string' ? seed.replaceAll('\\', '/').replace(/^.*\//, '') : 'seed.json'
    const target = `${SEEDS}/${this.#seeds}-${name}`
    // Readable by all, because the emulator runs as another user.
    if (typeof seed === 'string') this.withCopyFilesToContainer([{ source: seed, target, mode: 0o444 }])
    else this.withCopyContentToContainer([{ content: JSON.stringify(seed), target, mode: 0o444 }])
    return this.withFlags('--seed', target)
  }

  /** The scenario for jobs that do not name one. */
  withScenario(name: string): this {
    return this.withFlags('--scenario', name)
  }

  /** `running`, `frozen` or `step`, optionally with `@INSTANT`. */
  withClock(clock: string): this {
    return this.withFlags('--clock', clock)
  }

  /** Locks the control API with a token. The started container uses it. */
  withAdminToken(token: string): this {
    this.#adminToken = token
    return this.withEnvironment({ CCKM_EMULATOR_ADMIN_TOKEN: token })
  }

  /** Adds flags of `cckm-emulator start`. */
  withFlags(...flags: string[]): this {
    this.#flags.push(...flags)
    return this.withCommand([...this.#flags])
  }

  override async start(): Promise<StartedCckmEmulatorContainer> {
    return new StartedCckmEmulatorContainer(await super.start(), this.#adminToken)
  }
}

/** A running container. It has the methods of `connect()`, as an emulator in this process has. */
export class StartedCckmEmulatorContainer extends AbstractStartedContainer implements Connection {
  readonly #adminToken: string | undefined
  #cached: { readonly url: string; readonly connection: Connection } | undefined

  constructor(started: StartedTestContainer, adminToken?: string) {
    super(started)
    this.#adminToken = adminToken
  }

  /** The http address for the test, without a slash at its end. */
  get url(): string {
    return `http://${this.getHost()}:${this.getMappedPort(PORT)}`
  }

  /** The https address. `ca()` returns the CA of its certificate. */
  get httpsUrl(): string {
    return this.url.replace(/^http:/, 'https:')
  }

  /** The CA's certificate, as PEM. */
  async ca(): Promise<string> {
    const { status, text } = await openTransport({ url: this.url, adminToken: this.#adminToken })({
      method: 'GET',
      path: '/__admin/tls/ca.pem',
    })
    if (status !== 200) throw new Error(`the emulator has no CA certificate (status ${status})`)
    return text
  }

  info(): Promise<InfoAnswer> {
    return this.#connection().info()
  }

  domains(): ReturnType<Connection['domains']> {
    return this.#connection().domains()
  }

  /** The handle of a domain: its clock, its jobs, its faults. */
  domain(...args: Parameters<Connection['domain']>): DomainHandle {
    return this.#connection().domain(...args)
  }

  /** Runs a command of the emulator in the container: `cckm('jobs', 'ls')`. */
  cckm(...words: string[]): Promise<ExecResult> {
    return this.exec(['node', '/app/dist/cli.js', ...words])
  }

  /** A restarted container has another port. */
  #connection(): Connection {
    const { url } = this
    if (this.#cached?.url !== url)
      this.#cached = { url, connection: createConnection(openTransport({ url, adminToken: this.#adminToken })) }
    return this.#cached.connection
  }
}
