import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { baseUrlOf } from '../client/base-url.ts'
import { createConnection } from '../client/connection.ts'
import type { HttpTransport } from '../client/transport.ts'
import type { Connection } from '../index.ts'
import { openIsolatedTransport } from './isolated-transport.ts'
import { startChild } from './child.ts'
import { requireSupportedNode } from '../supported-node.ts'
import { variable, VARIABLES, type Environment } from '../client/environment.ts'
import { forget, shared } from './environment.ts'

/** The emulator of the tests: a running one that the environment names, or a child of this process. */
export interface TestServer {
  /** The http address, without a slash at its end. */
  readonly url: string
  /** undefined if TLS is off. */
  readonly httpsUrl: string | undefined
  /** The certificate of its CA as PEM, and the path of a file with it; undefined if it has no CA of its own. */
  readonly ca: string | undefined
  readonly caFile: string | undefined
  readonly adminToken: string | undefined
  readonly connection: Connection
  readonly transport: HttpTransport
}

/** The server of this process. The first call connects to it, or starts it if the environment names none. */
export async function testServer(env: Environment = process.env): Promise<TestServer> {
  requireSupportedNode()
  const url = variable('url', env)
  const key = `server ${url ?? 'of its own'}`
  const opening = shared(key, () => (url === undefined ? startOwn() : attach(url, env)))
  // After a failure, the next test tries again.
  opening.catch(() => {
    forget(key)
  })
  return opening
}

async function startOwn(): Promise<TestServer> {
  const child = await startChild()
  return serverAt(child)
}

async function attach(given: string, env: Environment): Promise<TestServer> {
  return serverAt({
    url: baseUrl(given),
    httpsUrl: variable('httpsUrl', env),
    caFile: variable('caFile', env),
    adminToken: variable('adminToken', env),
  })
}

function baseUrl(given: string): string {
  try {
    return baseUrlOf(given)
  } catch (error) {
    throw new Error(`${VARIABLES.url}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

interface ServerAddress {
  readonly url: string
  readonly httpsUrl?: string | undefined
  readonly caFile?: string | undefined
  readonly adminToken?: string | undefined
}

/** Connects to a server: checks that it is an emulator, and reads its CA. */
export async function serverAt({ url, httpsUrl, caFile, adminToken }: ServerAddress): Promise<TestServer> {
  const known = caFile === undefined ? undefined : readFileSync(caFile, 'utf8')
  const transport = openIsolatedTransport({ url, adminToken, ca: known })
  await assertEmulator(url, transport)
  const ca = known ?? (await caOf(transport))
  return {
    url,
    httpsUrl: ca === undefined ? httpsUrl : (httpsUrl ?? url.replace(/^http:/, 'https:')),
    ca,
    caFile: caFile ?? (ca === undefined ? undefined : writeCa(ca)),
    adminToken,
    connection: createConnection(transport),
    transport,
  }
}

async function assertEmulator(url: string, transport: HttpTransport): Promise<void> {
  const { status } = await transport({ method: 'GET', path: '/__admin/info' })
  if (status === 401)
    throw new Error(`the emulator at ${url} is locked: give its admin token in ${VARIABLES.adminToken}`)
  if (status !== 200)
    throw new Error(`the server at ${url} is not an emulator with a control API (status ${status}; see --no-admin)`)
}

async function caOf(transport: HttpTransport): Promise<string | undefined> {
  const { status, text } = await transport({ method: 'GET', path: '/__admin/tls/ca.pem' })
  return status === 200 ? text : undefined
}

/** Writes the CA to a file, which exists until this process ends. */
function writeCa(ca: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cckm-emulator-ca-'))
  const file = join(folder, 'ca.pem')
  writeFileSync(file, ca)
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  return file
}
