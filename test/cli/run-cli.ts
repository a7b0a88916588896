// Runs the command as a user does: a process of its own, with nothing of this one's environment that it would read.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The sources, or what was built from them where many starts are to be quick. */
const cli = process.env.TEST_CLI ?? fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Ready {
  url: string
  httpsUrl: string | null
  port: number
  pid: number
  adminToken: string | null
}

export interface Running {
  ready: Ready
  readyFile: string
  child: ChildProcess
  /** What it has written so far. */
  output: { stdout: string; stderr: string }
  ended: Promise<Ended>
}

type Variables = Record<string, string>

/** By default node itself; a wrapper runs it under a limit, say. */
type Command = readonly [string, ...string[]]

/** Runs the command, and gives it while it runs. */
export function launch(
  args: string[],
  env: Variables,
  [command, ...before]: Command = [process.execPath],
): { child: ChildProcess; output: Running['output']; ended: Promise<Ended> } {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CCKM_EMULATOR_'))
  const child = spawn(command, [...before, cli, ...args], { env: { ...Object.fromEntries(inherited), ...env } })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  // 'close' comes when the pipes are empty, 'exit' may come before.
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({ code, signal, ...output }) as Ended)
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, output, ended }
}

/** Runs the command to its end. */
export const runCli = (args: string[], env: Variables = {}, command?: Command): Promise<Ended> =>
  launch(args, env, command).ended

/** Starts an emulator on a free port and waits until it says that it is ready. */
export async function startCli(args: string[] = [], env: Variables = {}, command?: Command): Promise<Running> {
  const folder = temporaryFolder()
  const readyFile = join(folder, 'ready.json')
  const launched = launch(['--port', '0', '--ready-file', readyFile, ...args], env, command)
  const watcher = watch(folder)
  const appeared = new Promise<void>((resolve) => watcher.on('change', () => existsSync(readyFile) && resolve()))
  const ended = await Promise.race([appeared, launched.ended])
  watcher.close()
  if (ended !== undefined) throw new Error(`ended with ${ended.code} before it was ready: ${ended.stderr}`)
  return { ...launched, readyFile, ready: JSON.parse(readFileSync(readyFile, 'utf8')) as Ready }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cckm-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
