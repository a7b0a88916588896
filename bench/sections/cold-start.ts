import type { Outcome, Section } from '../section.ts'
import { textOf, type Request } from '../support/load.ts'
import { untilAnswered } from '../support/probe.ts'
import { freePort, launch } from '../support/processes.ts'
import { emulatorCommand, fastifyCommand, getJob } from '../support/servers.ts'
import { interleave, median, medianRatio } from '../support/statistics.ts'
import type { Tools } from '../support/tools.ts'

/** Starts are short, and each is different: more of them than of anything else. */
const STARTS_A_ROUND = 2

export const coldStart: Section = {
  name: 'cold-start',
  title: 'Cold start',
  explanation:
    'Time from the start of the process to the first 200, with both cores free: of a GET by id, or for the emulator ' +
    'of `/readyz`, which answers once the shipped seed is in its database in memory. The compiled code is cached ' +
    'between starts, as the command always does; one row shows the first start on a machine, one a start without a ' +
    'seed.',
  run,
}

interface Start {
  readonly ms: number
  readonly cpuMs: number
}

async function run({ rounds }: Tools): Promise<Outcome> {
  const emulator = (args: readonly string[] = [], env: Record<string, string> = {}) =>
    startOnce((port) => emulatorCommand(port, args), READY, env)
  const samples = await interleave(rounds * STARTS_A_ROUND, {
    fastify: () => startOnce(fastifyCommand, getJob(0)),
    emulator: () => emulator(),
    'emulator, no seed': () => emulator(['--seed', 'none']),
    'emulator, no compile cache': () => emulator([], { NODE_DISABLE_COMPILE_CACHE: '1' }),
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

const READY: Request = { method: 'GET', path: '/readyz', headers: {} }

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
