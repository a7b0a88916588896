import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { StartError } from '../../errors.ts'
import type { RunOutcome } from '../../sweep/engine.ts'

interface RunLimits {
  readonly env: NodeJS.ProcessEnv
  readonly timeLimitMs: number
  readonly signal: AbortSignal
}

/** The end of a run's output that is kept. */
const MAX_OUTPUT_CHARS = 16 * 1024
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
    const code = await Promise.race([exit, once(end.signal, 'abort').then(() => 'hung' as const)])
    if (code === 'hung') await endGroup(child, exit)
    return { outcome: code === 'hung' ? 'hung' : code === 0 ? 'passed' : 'failed', output: output() }
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

async function exitOf(child: ChildProcess, name: string): Promise<number | null> {
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    // Its last output may not have arrived yet.
    await Promise.race([once(child, 'close'), sleep(200, undefined, { ref: false })])
    return code
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
  let text = ''
  for (const stream of [stdout, stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-MAX_OUTPUT_CHARS)
    })
  return () => readable(text)
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
