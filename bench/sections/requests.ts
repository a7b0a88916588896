import type { Outcome, Section } from '../section.ts'
import { JOBS_PATH } from '../support/jobs.ts'
import { load, type LoadResult, type Request } from '../support/load.ts'
import {
  bearer,
  getsOf,
  startEmulator,
  startFastify,
  startFloor,
  temporaryFolder,
  tokenOf,
  tokenOfFloor,
  withJobs,
} from '../support/servers.ts'
import type { Running } from '../support/servers.ts'
import { interleave, median, medianRatio } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

const CONNECTIONS = 50

const RUNNING_JOBS = 100

export const requests: Section = {
  name: 'requests',
  title: 'Requests',
  explanation:
    'Each server runs on one core and the load comes from the other. The emulator does all its work: it verifies the ' +
    'token, writes the journal, looks for faults (there are none) and reads one of 100,000 jobs from its database on ' +
    'disk. The floor does the minimum: a remembered token and one read of as many jobs. Bare Fastify answers the same ' +
    'bytes from memory. Ratios are of the same round; CPU is user and system time of the server. A create adds a job ' +
    'to the database; GETs read 1,000 jobs in turn.',
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
}

type Name = 'fastify' | 'floor' | 'get of a finished job' | 'get of a running job' | 'create'

async function run(tools: Tools): Promise<Outcome> {
  using folder = temporaryFolder()
  await using fastify = await startFastify()
  await using floor = await startFloor(folder.path, tools.jobs)
  await using emulator = await startEmulator(...withJobs(folder.path, tools.jobs))
  const contests = await contestsOf({ fastify, floor, emulator }, tools)
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

type Servers = Record<'fastify' | 'floor' | 'emulator', Running>

async function contestsOf({ fastify, floor, emulator }: Servers, { jobs }: Tools): Promise<Record<Name, Contest>> {
  const token = await tokenOf(emulator)
  return {
    fastify: { server: fastify, requests: getsOf(1) },
    floor: { server: floor, requests: getsOf(jobs, await tokenOfFloor(floor)) },
    'get of a finished job': { server: emulator, requests: getsOf(jobs, token) },
    'get of a running job': { server: emulator, requests: await runningGets(emulator) },
    create: { server: emulator, requests: [createRequest(await tokenOf(emulator, 'creates'))] },
  }
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

async function sample({ server, requests }: Contest, seconds: number): Promise<Sample> {
  const before = server.usage().cpuMs
  const result = await load({ url: server.url, requests, connections: CONNECTIONS, seconds })
  const cpu = ((server.usage().cpuMs - before) * 1000) / result.requests
  return { ...result, rate: result.requests / result.seconds, cpu }
}

function rowOf(name: string, samples: readonly Sample[]): readonly string[] {
  const of = (field: keyof Sample): number => median(samples.map((each) => each[field]))
  return [name, of('rate').toFixed(0), of('p50').toFixed(0), of('p99').toFixed(0), of('cpu').toFixed(1)]
}

function measuresOf(samples: Readonly<Record<Name, readonly Sample[]>>): Record<string, number> {
  const ratio = (over: Name, under: Name, field: keyof Sample): number =>
    medianRatio(
      samples[over].map((each) => each[field]),
      samples[under].map((each) => each[field]),
    )
  const get = 'get of a finished job'
  return {
    'get rate / floor': ratio(get, 'floor', 'rate'),
    'get cpu / floor': ratio(get, 'floor', 'cpu'),
    'create cpu / get': ratio('create', get, 'cpu'),
  }
}

function mapValues<K extends string, T, U>(record: Readonly<Record<K, T>>, map: (value: T) => U): Record<K, U> {
  const entries = Object.entries<T>(record).map(([name, value]) => [name, map(value)])
  return Object.fromEntries(entries) as Record<K, U>
}
