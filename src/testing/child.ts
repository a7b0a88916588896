import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXECUTABLE } from '../locations.ts'
import { elapsedMs, sleep } from '../timers.ts'

/** An emulator in a process of its own, which ends with this one, however that ends. */
export interface ChildServer {
  readonly url: string
  readonly httpsUrl: string
  /** Ends it; a second time does nothing. */
  readonly stop: () => Promise<void>
}

const PATIENCE_MS = 60_000

/** Starts the command on a free port, with nothing of this process's settings for it. */
export async function startChild(): Promise<ChildServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cckm-emulator-'))
  const readyFile = join(folder, 'ready.json')
  const args = ['start', '--port', '0', '--ready-file', readyFile, '--seed', 'none', '--log-level', 'error']
  // The channel is what it watches: it closes with this process or thread.
  const child = fork(EXECUTABLE, args, {
    execArgv: [],
    env: ownEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const complaints = listen(child)
  child.unref()
  child.channel?.unref()
  try {
    const { url, httpsUrl } = await readiness(child, readyFile)
    return { url, httpsUrl, stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw new Error(`the emulator of the tests did not start: ${complaints() || codeOf(error)}`, { cause: error })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CCKM_EMULATOR_') && name !== 'NODE_OPTIONS',
  )
  return Object.fromEntries(others)
}

/** What it says on stderr, the last of it. */
function listen({ stderr }: ChildProcess): () => string {
  let said = ''
  stderr?.setEncoding('utf8').on('data', (part: string) => {
    said = (said + part).slice(-4000)
  })
  // A pipe is a socket here, and must not keep the process that reads it.
  const socket = stderr as unknown as { unref?: () => void } | null
  socket?.unref?.()
  return () => said.trim()
}

async function readiness(child: ChildProcess, file: string): Promise<{ url: string; httpsUrl: string }> {
  const deadline = elapsedMs() + PATIENCE_MS
  while (!existsSync(file)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${String(child.exitCode)}`)
    if (elapsedMs() > deadline) throw new Error(`it was not ready within ${PATIENCE_MS / 1000} s`)
    await sleep(5)
  }
  return JSON.parse(readFileSync(file, 'utf8')) as { url: string; httpsUrl: string }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

function codeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
