import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Outcome, Section } from '../section.ts'
import { createdJobs, jobId, JOBS_PATH, documentOf } from '../support/jobs.ts'
import { ask, bearer, control, startEmulator, temporaryFolder, tokenOf, type Running } from '../support/servers.ts'
import { interleave, median } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'
import type { Answered, Probed } from '../support/prober.ts'

const MAX_ROUNDS = 1
const ITEMS = 4
const LISTENERS = 3

/** Of the jobs that the large calls are about: so many run while there are listeners. */
const LISTENED_SHARE = 0.2
const LISTENED_MS = 5000

/** Until what goes on in the background, such as dropping what was replaced, is noticed as part of its call. */
const AFTER_MS = 500

export const waits: Section = {
  name: 'waits',
  title: 'Waits caused by other domains',
  explanation:
    'The longest wait of a client that reads a job of its domain every 2 ms, while another client makes one large ' +
    'call after the other for a domain of 100,000 running jobs of four items, and half a second longer; with ' +
    '`--data`. The row "nothing" shows what the machine itself adds in two seconds. Then 20,000 jobs run to their end ' +
    'on a running clock, once without listeners and once with three event streams. The goals are for the work of the ' +
    'server before it answers: the CPU time of its main thread during one GET. The real time of the same wait ' +
    'includes other work of the machine.',
  run,
}

interface Wait {
  /** Of one GET: CPU of the server meanwhile, and real time. */
  readonly longestCpu: number
  readonly longest: number
  readonly median: number
  /** Of the server in all. */
  readonly cpuMs: number
}

type Waits = Record<string, Wait>

async function run({ rounds, jobs }: Tools): Promise<Outcome> {
  const { each } = await interleave(Math.min(MAX_ROUNDS, rounds), { each: async () => sample(jobs) })
  const names = Object.keys(each[0]!.waits)
  const of = (name: string, field: keyof Wait) => median(each.map(({ waits: taken }) => taken[name]![field]))
  return {
    columns: ['meanwhile', 'longest wait, CPU ms', 'real ms', 'median GET ms', 'CPU ms in all'],
    rows: names.map((name) => [
      name,
      of(name, 'longestCpu').toFixed(1),
      of(name, 'longest').toFixed(1),
      of(name, 'median').toFixed(2),
      of(name, 'cpuMs').toFixed(0),
    ]),
    measures: {
      ...Object.fromEntries(names.map((name) => [name, of(name, 'longestCpu')])),
      'median beside listeners': of(WITH_LISTENERS, 'median'),
      'peak memory': median(each.map(({ peak }) => peak)),
    },
  }
}

const WITH_LISTENERS = 'jobs run, with three listeners'

async function sample(jobs: number): Promise<{ waits: Waits; peak: number }> {
  using folder = temporaryFolder()
  await using emulator = await startEmulator('--data', folder.path, '--seed', 'none')
  const { url } = emulator
  await control(url, 'PUT', 'quiet', { seed: { jobs: [{ job: documentOf(0) }] } })
  const probed = { url: `${url}${JOBS_PATH}/${jobId(0)}`, token: await tokenOf(emulator, 'quiet'), pid: emulator.pid }
  await using prober = startProber(probed)
  const taken: Waits = {}
  const during = async (name: string, act: () => Promise<unknown>, afterMs = AFTER_MS): Promise<void> => {
    await prober.take()
    const before = emulator.usage().cpuMs
    await act()
    await sleep(afterMs)
    const waited = await prober.take()
    const cpuMs = emulator.usage().cpuMs - before
    const real = waited.map(({ wait }) => wait)
    taken[name] = {
      longestCpu: Math.max(...waited.map(({ cpu }) => cpu)),
      longest: Math.max(...real),
      median: median(real),
      cpuMs,
    }
  }
  await during('nothing', () => sleep(2000))
  await largeCalls(emulator, jobs, during)
  const peak = emulator.usage().peakMemory
  const running = Math.ceil(jobs * LISTENED_SHARE)
  for (const [name, listeners] of [
    ['jobs run, without listeners', 0],
    [WITH_LISTENERS, LISTENERS],
  ] as const)
    await during(name, () => listened(url, { jobs: running, listeners }), 0)
  return { waits: taken, peak }
}

type During = (name: string, act: () => Promise<unknown>) => Promise<void>

/** Each is named as the goals have it: what was done to the other domain. */
async function largeCalls(emulator: Running, jobs: number, during: During): Promise<void> {
  const { url } = emulator
  const call = (method: string, path: string, body?: object) => () => control(url, method, path, body)
  await control(url, 'PUT', 'large', { clock: { mode: 'frozen' } })
  const token = await tokenOf(emulator, 'large')
  const list = `${url}/api/v1/cckm/aws/bulkjob?limit=-1`
  await during('seeded', call('POST', 'large/seed', { jobs: createdJobs(jobs, ITEMS) }))
  await during('listed whole', () => ask(list, { headers: bearer(token) }))
  await during('listed with timelines', call('GET', `large/jobs?limit=${jobs}&timeline=true`))
  await during('snapshotted', call('PUT', 'large/snapshots/it'))
  await during('advanced', call('POST', 'large/clock/advance', { by: '1h' }))
  await during('forked', call('POST', 'large/fork', { to: 'fork' }))
  await during('loaded', call('POST', 'large/snapshots/it/load'))
  await during('traced', call('GET', 'large/trace'))
  await during('reset', call('POST', 'large/reset'))
  await during('removed', call('DELETE', 'fork'))
}

/** Jobs run to their end on a running clock, while so many listen. */
async function listened(url: string, { jobs, listeners }: { jobs: number; listeners: number }): Promise<void> {
  await control(url, 'PUT', 'running', { clock: { mode: 'frozen' } })
  const ended = new AbortController()
  const streams = Array.from({ length: listeners }, async () => {
    const answer = await fetch(`${url}/__admin/domains/running/events`, { signal: ended.signal })
    await answer.body!.pipeTo(new WritableStream())
  })
  await control(url, 'POST', 'running/seed', { jobs: createdJobs(jobs, ITEMS) })
  await control(url, 'PUT', 'running/clock', { mode: 'running' })
  await sleep(LISTENED_MS)
  ended.abort()
  await Promise.allSettled(streams)
  await control(url, 'DELETE', 'running')
}

interface Prober {
  /** The answers since the last call. */
  take(): Promise<readonly Answered[]>
  [Symbol.asyncDispose](): Promise<void>
}

function startProber(workerData: Probed): Prober {
  const worker = new Worker(new URL('../support/prober.ts', import.meta.url), { workerData })
  return {
    take: async () => {
      const answer = once(worker, 'message')
      worker.postMessage('take')
      return ((await answer) as [readonly Answered[]])[0]
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate()
    },
  }
}
