import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome, Section } from '../section.ts'
import { load, type Request } from '../support/load.ts'
import {
  getJob,
  getsOf,
  startEmulator,
  startFastify,
  temporaryFolder,
  tokenOf,
  withJobs,
  type Running,
} from '../support/servers.ts'
import { interleave, median, medianRatio } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

const CONNECTIONS = 50

/** Until a process has put away what its start left behind. */
const SETTLE_MS = 500

/** In multiples of the usual load. */
const LOADS = 4

export const memory: Section = {
  name: 'memory',
  title: 'Memory of the process',
  explanation:
    'Resident memory of a process after its start (with 100,000 jobs on disk, seeded by an earlier start), and after ' +
    'GETs by id over 50 connections.',
  run,
}

interface Sample {
  readonly idle: number
  readonly loaded: number
}

async function run({ rounds, jobs, seconds }: Tools): Promise<Outcome> {
  using folder = temporaryFolder()
  const args = withJobs(folder.path, jobs)
  await startEmulator(...args).then((earlier) => earlier.stop())
  const samples = await interleave(Math.min(3, rounds), {
    fastify: async () => sample(await startFastify(), [getJob(0)], seconds),
    emulator: async () => {
      const emulator = await startEmulator(...args.slice(0, 2), '--seed', 'none')
      return sample(emulator, getsOf(jobs, await tokenOf(emulator)), seconds)
    },
  })
  const of = (name: keyof typeof samples, field: keyof Sample) => samples[name].map((each) => each[field])
  return {
    columns: ['server', 'idle MiB', 'after load MiB'],
    rows: (Object.keys(samples) as (keyof typeof samples)[]).map((name) => [
      name,
      median(of(name, 'idle')).toFixed(0),
      median(of(name, 'loaded')).toFixed(0),
    ]),
    measures: {
      'idle / fastify': medianRatio(of('emulator', 'idle'), of('fastify', 'idle')),
      'loaded / fastify': medianRatio(of('emulator', 'loaded'), of('fastify', 'loaded')),
    },
  }
}

async function sample(server: Running, requests: readonly Request[], seconds: number): Promise<Sample> {
  await using running = server
  await sleep(SETTLE_MS)
  const idle = running.usage().memory
  await load({ url: running.url, requests, connections: CONNECTIONS, seconds: seconds * LOADS })
  return { idle, loaded: running.usage().memory }
}
