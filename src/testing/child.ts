import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { EXECUTABLE } from '../locations.ts'
import { sleep } from '../timers.ts'

/** An emulator in a child process, which ends when this process ends, even if it is killed. */
interface ChildServer {
  readonly url: string
  readonly httpsUrl: string
  /** Ends it. A second call does nothing. */
  readonly stop: () => Promise<void>
}

const START_TIMEOUT_MS = 60_000

/** Starts the command on a free port, without the emulator's settings of this process. */
export async function startChild(): Promise<ChildServer> {
  const args = ['start', '--port', '0', '--seed', 'none', '--log-level', 'error']
  // The child ends when the channel closes: with this process or thread.
  const child = fork(EXECUTABLE, args, {
    execArgv: [],
    env: ownEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const errorOutput = listen(child)
  try {
    const { url, httpsUrl } = await readiness(child)
    child.unref()
    child.channel?.unref()
    return { url, httpsUrl, stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw new Error(`the emulator of the tests did not start: ${errorOutput() || codeOf(error)}`, { cause: error })
  }
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CCKM_EMULATOR_') && name !== 'NODE_OPTIONS',
  )
  return Object.fromEntries(others)
}

/** Collects stderr; returns a function that gives its end. */
function listen({ stderr }: ChildProcess): () => string {
  let text = ''
  stderr?.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-4000)
  })
  // The pipe is a socket at run time. It must not keep this process running.
  const socket = stderr as unknown as { unref?: () => void } | null
  socket?.unref?.()
  return () => text.trim()
}

/** Waits for the message that the child sends once it listens. */
async function readiness(child: ChildProcess): Promise<Pick<ChildServer, 'url' | 'httpsUrl'>> {
  const waiting = new AbortController()
  const { signal } = waiting
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`it ended with ${String(code)}`)
  })
  const timeout = sleep(START_TIMEOUT_MS, signal).then(() => {
    throw new Error(`it was not ready within ${START_TIMEOUT_MS / 1000} s`)
  })
  const message = once(child, 'message', { signal })
  try {
    const [ready] = (await Promise.race([message, ended, timeout])) as [Pick<ChildServer, 'url' | 'httpsUrl'>]
    return ready
  } finally {
    for (const each of [message, ended, timeout]) each.catch(() => undefined)
    waiting.abort()
  }
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
