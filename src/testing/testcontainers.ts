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
 * An emulator in a container, for Testcontainers. `start()` waits until every seed is in.
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

  /** The image, `cckm-emulator` unless told: as `docker build -t cckm-emulator .` names it. */
  constructor(image = DEFAULT_IMAGE) {
    super(image)
    this.withExposedPorts(PORT).withWaitStrategy(Wait.forHttp('/readyz', PORT).forStatusCode(200))
  }

  /** A seed file of this machine, or a seed document; may be called again. Without any, the seeds that ship are used. */
  withSeed(seed: string | object): this {
    this.#seeds += 1
    const name = typeof seed === 'string' ? seed.replaceAll('\\', '/').replace(/^.*\//, '') : 'seed.json'
    const target = `${SEEDS}/${this.#seeds}-${name}`
    // Read by a user that is not the one who copied it.
    if (typeof seed === 'string') this.withCopyFilesToContainer([{ source: seed, target, mode: 0o444 }])
    else this.withCopyContentToContainer([{ content: JSON.stringify(seed), target, mode: 0o444 }])
    return this.withFlags('--seed', target)
  }

  /** The scenario of jobs for which nobody names another. */
  withScenario(name: string): this {
    return this.withFlags('--scenario', name)
  }

  /** `running`, `frozen` or `step`, with `@INSTANT` if need be. */
  withClock(clock: string): this {
    return this.withFlags('--clock', clock)
  }

  /** Locks the control API; the started container knows the token. */
  withAdminToken(token: string): this {
    this.#adminToken = token
    return this.withEnvironment({ CCKM_EMULATOR_ADMIN_TOKEN: token })
  }

  /** Any other flags of `cckm-emulator start`. */
  withFlags(...flags: string[]): this {
    this.#flags.push(...flags)
    return this.withCommand([...this.#flags])
  }

  override async start(): Promise<StartedCckmEmulatorContainer> {
    return new StartedCckmEmulatorContainer(await super.start(), this.#adminToken)
  }
}

/** One that runs. The handle is that of `connect()`: the same for an emulator in the process and in a container. */
export class StartedCckmEmulatorContainer extends AbstractStartedContainer implements Connection {
  readonly #adminToken: string | undefined
  #held: { readonly url: string; readonly connection: Connection } | undefined

  constructor(started: StartedTestContainer, adminToken?: string) {
    super(started)
    this.#adminToken = adminToken
  }

  /** The http address from where the test runs, without a slash at its end. */
  get url(): string {
    return `http://${this.getHost()}:${this.getMappedPort(PORT)}`
  }

  /** The same by https; the certificate is of the CA that `ca()` gives. */
  get httpsUrl(): string {
    return this.url.replace(/^http:/, 'https:')
  }

  /** The certificate to trust, as PEM. */
  async ca(): Promise<string> {
    const { status, text } = await openTransport({ url: this.url, adminToken: this.#adminToken })({
      method: 'GET',
      path: '/__admin/tls/ca.pem',
    })
    if (status !== 200) throw new Error(`the emulator gave no certificate of a CA (status ${status})`)
    return text
  }

  info(): Promise<InfoAnswer> {
    return this.#connection().info()
  }

  domains(): ReturnType<Connection['domains']> {
    return this.#connection().domains()
  }

  /** A domain to drive: its clock, its jobs, its faults. */
  domain(...args: Parameters<Connection['domain']>): DomainHandle {
    return this.#connection().domain(...args)
  }

  /** A command of the emulator inside the container: `cckm('jobs', 'ls')`. */
  cckm(...words: string[]): Promise<ExecResult> {
    return this.exec(['node', '/app/dist/cli.js', ...words])
  }

  /** A restarted container has another port. */
  #connection(): Connection {
    const { url } = this
    if (this.#held?.url !== url)
      this.#held = { url, connection: createConnection(openTransport({ url, adminToken: this.#adminToken })) }
    return this.#held.connection
  }
}
