import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { documentOf, JOBS_PATH, jobId, writeSeed } from './jobs.ts'
import { textOf, type Request } from './load.ts'
import { untilAnswered } from './probe.ts'
import { freePort, launch, pinned, SERVER_CORE, type Server } from './processes.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The command as users have it. `npm run bench` builds it first. */
const EMULATOR = at('../../dist/cli.js')

const FASTIFY = at('../bare/fastify.mjs')
const FLOOR = at('../bare/floor.mjs')

/** A server that answers. */
export interface Running extends Server {
  /** Its http base, without a slash at the end. */
  readonly url: string
  /** From the start of the process to its first 200, in ms. */
  readonly startMs: number
}

/** How bare Fastify is started, without starting it. */
export function fastifyCommand(port: number): readonly string[] {
  return [process.execPath, FASTIFY, String(port), JSON.stringify(documentOf(0))]
}

/** Nothing is logged unless `args` says so; `--port` is what the caller wants it to be. */
export function emulatorCommand(port: number, args: readonly string[]): readonly string[] {
  if (!existsSync(EMULATOR)) throw new Error('there is no dist/cli.js: npm run build')
  return [process.execPath, EMULATOR, 'start', '--port', String(port), '--log-level', 'silent', ...args]
}

export async function startFastify(): Promise<Running> {
  return startPinned(fastifyCommand, getJob(0))
}

/** The floor, over so many jobs in a folder. */
export async function startFloor(folder: string, jobs: number): Promise<Running> {
  return startPinned((port) => [process.execPath, FLOOR, String(port), folder, String(jobs)], READY)
}

const READY: Request = { method: 'GET', path: '/readyz', headers: {} }

/** An emulator, started like this: `startEmulator('--data', folder, '--seed', file)`. */
export async function startEmulator(...args: readonly string[]): Promise<Running> {
  return startPinned((port) => emulatorCommand(port, args), READY)
}

async function startPinned(command: (port: number) => readonly string[], first: Request): Promise<Running> {
  const port = await freePort()
  const since = performance.now()
  const server = launch({ command: pinned(SERVER_CORE, command(port)) })
  const startMs = await untilAnswered(port, textOf(first), since)
  return { ...server, url: `http://127.0.0.1:${port}`, startMs }
}

export function getJob(index: number, token?: string): Request {
  return { method: 'GET', path: `${JOBS_PATH}/${jobId(index)}`, headers: bearer(token) }
}

/** Asked for in turn: enough of them that the database has to look each of them up. */
const SPREAD = 1000

/** GETs of jobs from all over so many. */
export function getsOf(jobs: number, token?: string): readonly Request[] {
  const count = Math.min(SPREAD, jobs)
  return Array.from({ length: count }, (_, index) => getJob(Math.floor((index * jobs) / count), token))
}

export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

/** A token of the administrator in a domain of an emulator, which is made if need be. */
export async function tokenOf({ url }: Running, domain = 'root'): Promise<string> {
  if (domain !== 'root') await control(url, 'PUT', domain)
  return jwtFrom(await control(url, 'POST', `${domain}/tokens`))
}

export async function tokenOfFloor({ url }: Running): Promise<string> {
  return jwtFrom(await ask(`${url}/tokens`, { method: 'POST' }))
}

function jwtFrom(text: string): string {
  return (JSON.parse(text) as { jwt: string }).jwt
}

/** Calls the control API for a domain; gives the text of the answer. */
export async function control(url: string, method: string, path: string, body?: object): Promise<string> {
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return ask(`${url}/__admin/domains/${path}`, { method, ...json })
}

/** The text of a good answer; any other is an error. */
export async function ask(url: string, request: RequestInit): Promise<string> {
  const answer = await fetch(url, request)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${request.method ?? 'GET'} ${url}: ${answer.status} ${text.slice(0, 500)}`)
  return text
}

/** A folder of seeds and data that goes away with whoever uses it. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'cckm-bench-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** Flags of an emulator over so many jobs on disk, in a folder. */
export function withJobs(folder: string, jobs: number): readonly string[] {
  const seed = join(folder, `${jobs}.ndjson`)
  if (!existsSync(seed)) writeSeed(seed, jobs)
  return ['--data', join(folder, `data-${jobs}-${++made}`), '--seed', seed]
}

let made = 0
