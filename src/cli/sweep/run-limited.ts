import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { StartError } from '../../errors.ts'
import type { RunOutcome } from '../../sweep/judge.ts'

interface RunLimits {
  readonly env: NodeJS.ProcessEnv
  readonly timeLimitMs: number
  readonly signal: AbortSignal
}

/** The start and the end of a run's output that are kept. */
const MAX_HEAD_CHARS = 4 * 1024
const MAX_TAIL_CHARS = 12 * 1024
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2000

/** Runs a command in its own process group, and ends the whole group when the time is up or the sweep is aborted. */
export async function runLimited(
  words: readonly string[],
  { env, timeLimitMs, signal }: RunLimits,
): Promise<RunOutcome> {
  const [name = '', ...args] = words
  const child = spawn(name, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = listen(child)
  const exit = exitOf(child, name)
  // The end of this process also ends the commands that it started.
  const onExit = (): void => {
    signalGroup(child, 'SIGKILL')
  }
  process.once('exit', onExit)
  const end = new AbortController()
  const stop = (): void => {
    end.abort()
  }
  const timer = setTimeout(stop, timeLimitMs)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const ending = await Promise.race([exit, once(end.signal, 'abort').then(() => 'time limit' as const)])
    if (ending === 'time limit') await endGroup(child, exit)
    const outcome = ending === 'time limit' ? 'hung' : ending === 'exit code 0' ? 'passed' : 'failed'
    return { outcome, ending, output: output() }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    // The command may have left processes in the background.
    signalGroup(child, 'SIGKILL')
    process.off('exit', onExit)
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

/** Resolves at the end of a command with `exit code 1`, or `signal SIGKILL`. */
async function exitOf(child: ChildProcess, name: string): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    // Its last output may not have arrived yet.
    await Promise.race([once(child, 'close'), sleep(200, undefined, { ref: false })])
    return code === null ? `signal ${String(signal)}` : `exit code ${code}`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new StartError([`sweep: the command ${JSON.stringify(name)} cannot be run (${code})`], 2)
  }
}

async function endGroup(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  signalGroup(child, 'SIGTERM')
  await Promise.race([exit, sleep(GRACE_MS)])
  signalGroup(child, 'SIGKILL')
  await exit
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is empty.
  }
}

function listen({ stdout, stderr }: ChildProcess): () => string {
  let head = ''
  let tail = ''
  let dropped = 0
  for (const stream of [stdout, stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      const room = MAX_HEAD_CHARS - head.length
      head += part.slice(0, room)
      const rest = tail + part.slice(room)
      tail = rest.slice(-MAX_TAIL_CHARS)
      dropped += rest.length - tail.length
    })
  return () => readable(dropped === 0 ? head + tail : `${head}\n[${dropped} characters omitted]\n${tail}`)
}

const TOKEN = /eyJ[\w-]+\.[\w-]*\.[\w-]*/g

/** Removes colours, control characters and tokens. */
function readable(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(TOKEN, '[redacted]')
    .trim()
}
