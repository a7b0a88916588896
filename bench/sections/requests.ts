import type { Outcome, Section } from '../section.ts'
import { JOBS_PATH } from '../support/jobs.ts'
import { load, type LoadResult, type Request } from '../support/load.ts'
import { bearer, getsOf, startBare, startEmulator, temporaryFolder, tokenOf, withJobs } from '../support/servers.ts'
import type { Running } from '../support/servers.ts'
import { interleave, median, medianRatio } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

const CONNECTIONS = 50

const RUNNING_JOBS = 100

export const requests: Section = {
  name: 'requests',
  title: 'Requests',
  explanation:
    'Each server runs on one core and the load comes from the other. The emulator does all it does: it checks the token, ' +
    'journals the request, looks for faults (there are none) and reads one of 100,000 jobs from its database on disk. ' +
    'node:http and bare Fastify answer the same bytes from memory. Ratios are those of the same round; CPU is user and ' +
    'system time of the server. A create adds a job to the database; a sign-in makes and keeps a refresh token. GETs ask for ' +
    '1,000 jobs in turn; lists have 10 of 100,000 jobs, and count them all.',
  run,
}

interface Sample extends LoadResult {
  readonly rate: number
  /** Of the server, in microseconds a request. */
  readonly cpu: number
}

interface Contest {
  readonly server: Running
  readonly requests: readonly Request[]
  readonly connections?: number
  readonly url?: string
}

async function run(tools: Tools): Promise<Outcome> {
  using folder = temporaryFolder()
  await using bare = await startBare('node:http')
  await using fastify = await startBare('fastify')
  await using emulator = await startEmulator(...withJobs(folder.path, tools.jobs))
  await using logged = await startEmulator(
    ...withJobs(folder.path, tools.jobs),
    '--log-level',
    'info',
    '--log-format',
    'json',
  )
  const contests = await contestsOf({ 'node:http': bare, fastify, emulator, logged }, tools)
  // Code that has not run a few thousand times yet costs several times as much.
  if (tools.rounds > 1) for (const contest of Object.values(contests)) await sample(contest, tools.seconds)
  const samples = await interleave(
    tools.rounds,
    mapValues(contests, (contest) => () => sample(contest, tools.seconds)),
  )
  return {
    columns: ['request', 'requests/s', 'p50 us', 'p99 us', 'CPU us a request'],
    rows: Object.entries(samples).map(([name, taken]) => rowOf(name, taken)),
    measures: measuresOf(samples),
  }
}

type Servers = Record<'node:http' | 'fastify' | 'emulator' | 'logged', Running>

async function contestsOf(servers: Servers, { jobs }: Tools) {
  const { emulator, logged, fastify } = servers
  const bare = servers['node:http']
  const token = await tokenOf(emulator)
  const gets = getsOf(jobs, token)
  const operations = {
    'get of a finished job': gets,
    'get of a running job': await runningGets(emulator),
    list: [{ method: 'GET', path: JOBS_PATH, headers: bearer(token) }],
    create: [createRequest(await tokenOf(emulator, 'creates'))],
    'sign-in': [SIGN_IN],
  } as const satisfies Record<string, readonly Request[]>
  const https = emulator.url.replace('http:', 'https:')
  const own = Object.entries(operations).flatMap(([name, requests]): [string, Contest][] => [
    [name, { server: emulator, requests }],
    [`${name}, https`, { server: emulator, requests, url: https }],
  ])
  const plain = getsOf(1)
  return {
    'node:http': { server: bare, requests: plain },
    fastify: { server: fastify, requests: plain },
    ...Object.fromEntries(own),
    'get, access log on': { server: logged, requests: getsOf(jobs, await tokenOf(logged)) },
    'node:http, 1 connection': { server: bare, requests: plain, connections: 1 },
    'fastify, 1 connection': { server: fastify, requests: plain, connections: 1 },
    'get, 1 connection': { server: emulator, requests: gets, connections: 1 },
    'create, 1 connection': { server: emulator, requests: operations.create, connections: 1 },
  } satisfies Record<string, Contest>
}

const SIGN_IN: Request = {
  method: 'POST',
  path: '/api/v1/auth/tokens',
  headers: { 'content-type': 'application/json' },
  body: '{"username":"admin","password":"admin"}',
}

function createRequest(token: string, headers: Readonly<Record<string, string>> = {}): Request {
  const body = JSON.stringify({
    operation: 'delete-key-backups',
    delete_key_backups_param: { backups: ['f60070f8-5ef8-4685-9121-9ca732cffcbd'] },
  })
  return {
    method: 'POST',
    path: JOBS_PATH,
    headers: { ...bearer(token), 'content-type': 'application/json', ...headers },
    body,
  }
}

/** Jobs that never end, in a domain of their own. */
async function runningGets(emulator: Running): Promise<readonly Request[]> {
  const token = await tokenOf(emulator, 'running')
  const { path, method, headers, body } = createRequest(token, { 'x-emulator-scenario': 'stuck' })
  const gets: Request[] = []
  while (gets.length < RUNNING_JOBS) {
    const answer = await fetch(emulator.url + path, { method, headers, ...(body !== undefined && { body }) })
    if (!answer.ok) throw new Error(`create: ${answer.status} ${await answer.text()}`)
    const { id } = (await answer.json()) as { id: string }
    gets.push({ method: 'GET', path: `${JOBS_PATH}/${id}`, headers: bearer(token) })
  }
  return gets
}

async function sample(
  { server, requests, url = server.url, connections = CONNECTIONS }: Contest,
  seconds: number,
): Promise<Sample> {
  const before = server.usage().cpuMs
  const result = await load({ url, requests, connections, seconds })
  const cpu = ((server.usage().cpuMs - before) * 1000) / result.requests
  return { ...result, rate: result.requests / result.seconds, cpu }
}

function rowOf(name: string, samples: readonly Sample[]): readonly string[] {
  const of = (field: keyof Sample): number => median(samples.map((each) => each[field]))
  return [name, of('rate').toFixed(0), of('p50').toFixed(0), of('p99').toFixed(0), of('cpu').toFixed(1)]
}

function measuresOf(samples: Readonly<Record<string, readonly Sample[]>>): Record<string, number> {
  const ratio = (over: string, under: string, field: keyof Sample): number =>
    medianRatio(
      samples[over]!.map((each) => each[field]),
      samples[under]!.map((each) => each[field]),
    )
  const get = 'get of a finished job'
  return {
    'get rate / fastify': ratio(get, 'fastify', 'rate'),
    'get rate / node:http': ratio(get, 'node:http', 'rate'),
    'get cpu / fastify': ratio(get, 'fastify', 'cpu'),
    'logged get rate / fastify': ratio('get, access log on', 'fastify', 'rate'),
    'single get p50 / node:http': ratio('get, 1 connection', 'node:http, 1 connection', 'p50'),
    'https get rate / http': ratio(`${get}, https`, get, 'rate'),
    'create rate / get': ratio('create', get, 'rate'),
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
