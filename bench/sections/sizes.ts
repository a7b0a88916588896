import { rmSync } from 'node:fs'
import type { Outcome, Section } from '../section.ts'
import { FAILED_EVERY, JOBS_PATH } from '../support/jobs.ts'
import { load } from '../support/load.ts'
import { bearer, getsOf, startEmulator, temporaryFolder, tokenOf, withJobs, type Running } from '../support/servers.ts'
import { interleave, median, medianRatio } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

const SIZES = { '1k': 1000, '100k': 100_000 } as const
const FULL_SIZES = { ...SIZES, '1M': 1_000_000 } as const

type Size = keyof typeof FULL_SIZES

const CONNECTIONS = 50

/** Of each list and advance in a sample, one after the other. */
const TIMES = 20

/** What an advance passes: jobs that end meanwhile. */
const RUNNING_JOBS = 10

/** How far a deep page is, as a share of what there is. */
const DEEP = 0.6

const MOST_ROUNDS = 3

export const sizes: Section = {
  name: 'sizes',
  title: 'By the number of jobs',
  explanation:
    'The same emulator over 1,000 jobs, 100,000, and with `--full` a million. Seeding is what a start with the seed (NDJSON, ' +
    'into a database on disk) takes beyond a start over the data that it leaves; its memory is the most that the process had. ' +
    'GETs by id come over 50 connections, lists and advances one after the other: CPU of the server for each. Lists show 10 ' +
    'jobs and their total: the first page, one 60% down, and that of the jobs that failed. An advance passes the end of 10 jobs. ' +
    'Memory is resident, after all that.',
  run,
}

interface Sample {
  readonly seedMs: number
  readonly seedCpuMs: number
  readonly seedPeak: number
  readonly startMs: number
  readonly getUs: number
  readonly firstMs: number
  readonly deepMs: number
  readonly filteredMs: number
  readonly advanceMs: number
  readonly memory: number
}

const COLUMNS = {
  seedMs: 'seeding ms',
  seedCpuMs: 'its CPU ms',
  seedPeak: 'its peak MiB',
  startMs: 'start ms',
  getUs: 'GET us',
  firstMs: 'first page ms',
  deepMs: 'deep page ms',
  filteredMs: 'filtered page ms',
  advanceMs: 'advance ms',
  memory: 'MiB',
} as const satisfies Record<keyof Sample, string>

async function run({ rounds, seconds, isFull }: Tools): Promise<Outcome> {
  using folder = temporaryFolder()
  const sampleOf = (jobs: number) => () => sample({ folder: folder.path, jobs, seconds })
  const contestants: Partial<Record<Size, () => Promise<Sample>>> = Object.fromEntries(
    Object.entries(isFull ? FULL_SIZES : SIZES).map(([size, jobs]) => [size, sampleOf(jobs)]),
  )
  const samples: Partial<Record<Size, Sample[]>> = await interleave(
    Math.min(MOST_ROUNDS, rounds),
    contestants as Record<Size, () => Promise<Sample>>,
  )
  const fields = Object.keys(COLUMNS) as (keyof Sample)[]
  const measured = Object.entries(samples)
  return {
    columns: ['jobs', ...Object.values(COLUMNS)],
    rows: measured.map(([size, taken]) => [
      size,
      ...fields.map((field) => {
        const value = median(taken.map((each) => each[field]))
        return value.toFixed(value < 10 ? 2 : 0)
      }),
    ]),
    measures: Object.assign(
      {},
      ...measured.map(([size, taken]) => measuresOf(size, { taken, least: samples['1k']! })),
    ) as Record<string, number>,
  }
}

function measuresOf(
  size: string,
  { taken, least }: { readonly taken: readonly Sample[]; readonly least: readonly Sample[] },
): Record<string, number> {
  const of = (samples: readonly Sample[], field: keyof Sample) => samples.map((each) => each[field])
  const pages = taken.map(({ firstMs, deepMs, filteredMs }) => Math.max(firstMs, deepMs, filteredMs))
  return {
    [`${size} seeding`]: median(of(taken, 'seedMs')) / 1000,
    [`${size} seeding peak`]: median(of(taken, 'seedPeak')),
    [`${size} dearest page`]: median(pages),
    [`${size} get cpu / 1k`]: medianRatio(of(taken, 'getUs'), of(least, 'getUs')),
    [`${size} memory / 1k`]: medianRatio(of(taken, 'memory'), of(least, 'memory')),
  }
}

interface Sampling {
  readonly folder: string
  readonly jobs: number
  readonly seconds: number
}

async function sample({ folder, jobs, seconds }: Sampling): Promise<Sample> {
  const args = withJobs(folder, jobs)
  const [flag, data] = args as readonly [string, string]
  const seeding = await startEmulator(...args)
  const { peakMemory: seedPeak, cpuMs } = seeding.usage()
  await seeding.stop()
  try {
    await using emulator = await startEmulator(flag, data, '--seed', 'none')
    const { startMs } = emulator
    const seedCpuMs = cpuMs - emulator.usage().cpuMs
    const costs = await costsOf(emulator, { jobs, seconds })
    return {
      seedMs: seeding.startMs - startMs,
      seedCpuMs,
      seedPeak,
      startMs,
      ...costs,
      memory: emulator.usage().memory,
    }
  } finally {
    rmSync(data, { recursive: true })
  }
}

async function costsOf(
  emulator: Running,
  { jobs, seconds }: Pick<Sampling, 'jobs' | 'seconds'>,
): Promise<Omit<Sample, 'seedMs' | 'seedCpuMs' | 'seedPeak' | 'startMs' | 'memory'>> {
  const { url } = emulator
  const token = await tokenOf(emulator)
  const page = async (query: string) =>
    cpuOf(emulator, async () => ask(`${url}${JOBS_PATH}?${query}`, { headers: bearer(token) }))
  const failed = Math.ceil(jobs / FAILED_EVERY)
  // Code that has not run a few thousand times yet costs several times as much.
  const gets = async () => load({ url, requests: getsOf(jobs, token), connections: CONNECTIONS, seconds })
  await gets()
  const before = emulator.usage().cpuMs
  const { requests } = await gets()
  return {
    getUs: ((emulator.usage().cpuMs - before) * 1000) / requests,
    firstMs: await page('limit=10'),
    deepMs: await page(`limit=10&skip=${jobs * DEEP}`),
    filteredMs: await page(`limit=10&skip=${Math.floor(failed * DEEP)}&overall_status=failed`),
    advanceMs: await cpuOf(emulator, async () => post(url, 'clock/advance', { by: '1h' }), {
      before: async () => makeJobs(url),
    }),
  }
}

/** Processor time of the server for one go, in milliseconds. What comes before each does not count. */
async function cpuOf(
  server: Running,
  act: () => Promise<void>,
  { before = async () => undefined }: { readonly before?: () => Promise<void> } = {},
): Promise<number> {
  const samples: number[] = []
  for (let time = 0; time < TIMES; time += 1) {
    await before()
    const since = server.usage().cpuMs
    await act()
    samples.push(server.usage().cpuMs - since)
  }
  return median(samples)
}

async function makeJobs(url: string): Promise<void> {
  const request = { keys: ['k1'], operation: 'enablekey' }
  for (let made = 0; made < RUNNING_JOBS; made += 1) await post(url, 'jobs', { family: 'aws.bulkjob', request })
}

async function post(url: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await ask(`${url}/__admin/domains/root/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function ask(url: string, request: RequestInit): Promise<void> {
  const answer = await fetch(url, request)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`)
}
