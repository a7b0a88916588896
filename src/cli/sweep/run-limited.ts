import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { StartError } from '../../errors.ts'
import type { RunOutcome } from '../../sweep/engine.ts'

interface Limits {
  readonly env: NodeJS.ProcessEnv
  readonly timeLimitMs: number
  readonly signal: AbortSignal
}

/** What a run said last is kept, as far as a person would read it. */
const KEPT_OUTPUT = 16 * 1024
/** From the first signal to the one that nobody survives. */
const GRACE_MS = 2000

/** Runs a command in a process group of its own; when its time is up, or the sweep's, the whole group ends. */
export async function runLimited(words: readonly string[], { env, timeLimitMs, signal }: Limits): Promise<RunOutcome> {
  const [name = '', ...args] = words
  const child = spawn(name, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = listen(child)
  const exit = exitOf(child, name)
  // Whatever ends this process ends what it has started.
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
    return { outcome: code === 'hung' ? 'hung' : code === 0 ? 'passed' : 'failed', output: said() }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    // A command may leave others behind.
    signalGroup(child, 'SIGKILL')
    process.off('exit', onExit)
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

async function exitOf(child: ChildProcess, name: string): Promise<number | null> {
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    // What it wrote last may still be on its way.
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
    // Nobody is left in it.
  }
}

function listen({ stdout, stderr }: ChildProcess): () => string {
  let text = ''
  for (const stream of [stdout, stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-KEPT_OUTPUT)
    })
  return () => readable(text)
}

const TOKEN = /eyJ[\w-]+\.[\w-]*\.[\w-]*/g

/** Without colours, what no document may hold, and tokens. */
function readable(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(TOKEN, '[redacted]')
    .trim()
}
