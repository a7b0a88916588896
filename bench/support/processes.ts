import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'

/** Servers run on one core and the load on another where there are two and a taskset: else they share what there is. */
export const PINS = availableParallelism() > 1 && spawnSync('taskset', ['-V']).error === undefined

export const SERVER_CORE = 0
export const LOAD_CORE = 1

/** A command line, bound to a core where that can be done. */
export function pinned(core: number, command: readonly string[]): readonly [string, ...string[]] {
  return (PINS ? ['taskset', '-c', String(core), ...command] : command) as readonly [string, ...string[]]
}

export interface Launch {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A server as a process of its own. */
export interface Server {
  readonly pid: number
  /** Tells what it has used so far. */
  readonly usage: () => Usage
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface Usage {
  /** User and system time of all its threads, in milliseconds. */
  readonly cpuMs: number
  /** Resident now, and at most so far, in MiB. */
  readonly memory: number
  readonly peakMemory: number
}

/** Starts a server; nothing is waited for. What it writes to stderr is shown, what it logs is dropped. */
export function launch({ command: [program = '', ...args], env = {} }: Launch): Server {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } })
  const { pid } = child
  if (pid === undefined) throw new Error(`${program} cannot be started`)
  const stop = (): Promise<void> => end(child)
  return { pid, usage: () => usageOf(pid), stop, [Symbol.asyncDispose]: stop }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

const NANOSECONDS = 1e6

function usageOf(pid: number): Usage {
  const times = readdirSync(`/proc/${pid}/task`).map((thread) => timesOf(`/proc/${pid}/task/${thread}`))
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return {
    cpuMs: times.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / NANOSECONDS,
    memory: mebibytes(status, 'VmRSS'),
    peakMemory: mebibytes(status, 'VmHWM'),
  }
}

/** Empty for a thread that has ended since it was listed. */
function timesOf(task: string): string {
  try {
    return readFileSync(`${task}/schedstat`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}

function mebibytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port to be had')
  return address.port
}
