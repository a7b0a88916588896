import type { Outcome, Section } from '../section.ts'
import { textOf, type Request } from '../support/load.ts'
import { untilAnswered } from '../support/probe.ts'
import { freePort, launch } from '../support/processes.ts'
import {
  bareCommand,
  emulatorCommand,
  getJob,
  startEmulator,
  temporaryFolder,
  tokenOf,
  withJobs,
} from '../support/servers.ts'
import { interleave, median, medianRatio } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

/** Starts are short, and each is different: more of them than of anything else. */
const STARTS_A_ROUND = 2

export const coldStart: Section = {
  name: 'cold-start',
  title: 'Cold start',
  explanation:
    'From the start of the process to the first 200 of GET by id, both cores free. The emulator is given data of 100,000 ' +
    'jobs that an earlier start has made, and a token of that time. Its compiled code is remembered between starts, as the ' +
    'command always does it; the row without shows what the very first start on a machine costs.',
  run,
}

interface Start {
  readonly ms: number
  readonly cpuMs: number
}

async function run({ rounds, jobs }: Tools): Promise<Outcome> {
  using folder = temporaryFolder()
  const { args, token } = await prepare(folder.path, jobs)
  const emulator = (env: Record<string, string> = {}) =>
    startOnce((port) => emulatorCommand(port, args), getJob(0, token), env)
  const samples = await interleave(rounds * STARTS_A_ROUND, {
    'node:http': () => startOnce((port) => bareCommand('node:http', port), getJob(0)),
    fastify: () => startOnce((port) => bareCommand('fastify', port), getJob(0)),
    emulator: () => emulator(),
    'emulator, no compile cache': () => emulator({ NODE_DISABLE_COMPILE_CACHE: '1' }),
  })
  const of = (name: keyof typeof samples, field: keyof Start) => samples[name].map((each) => each[field])
  return {
    columns: ['server', 'first 200 after ms', 'CPU ms'],
    rows: (Object.keys(samples) as (keyof typeof samples)[]).map((name) => [
      name,
      median(of(name, 'ms')).toFixed(0),
      median(of(name, 'cpuMs')).toFixed(0),
    ]),
    measures: {
      'time / fastify': medianRatio(of('emulator', 'ms'), of('fastify', 'ms')),
      'cpu / fastify': medianRatio(of('emulator', 'cpuMs'), of('fastify', 'cpuMs')),
    },
  }
}

/** Data as an earlier start left it. */
async function prepare(folder: string, jobs: number): Promise<{ args: readonly string[]; token: string }> {
  const args = withJobs(folder, jobs)
  await using earlier = await startEmulator(...args)
  const token = await tokenOf(earlier)
  return { args: [...args.slice(0, 2), '--seed', 'none'], token }
}

async function startOnce(
  command: (port: number) => readonly string[],
  first: Request,
  env: Readonly<Record<string, string>> = {},
): Promise<Start> {
  const port = await freePort()
  const since = performance.now()
  await using server = launch({ command: command(port), env })
  const ms = await untilAnswered(port, textOf(first), since)
  return { ms, cpuMs: server.usage().cpuMs }
}
