// Runs the command as a user does: in a separate process, without variables of this one that it would read.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The sources, or the bundle where many starts have to be fast. */
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
  /** Its output so far. */
  output: { stdout: string; stderr: string }
  ended: Promise<Ended>
}

type Variables = Record<string, string>

/** Node by default; a wrapper can, for example, run it under a limit. */
type Command = readonly [string, ...string[]]

/** Starts the command without waiting for its end. */
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
  // 'close' comes after the pipes are empty, 'exit' possibly before.
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({ code, signal, ...output }) as Ended)
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, output, ended }
}

/** Runs the command until it exits. */
export const runCli = (args: string[], env: Variables = {}, command?: Command): Promise<Ended> =>
  launch(args, env, command).ended

/** Starts an emulator on a free port and waits until it is ready. */
export async function startCli(args: string[] = [], env: Variables = {}, command?: Command): Promise<Running> {
  const folder = temporaryFolder()
  const readyFile = join(folder, 'ready.json')
  const launched = launch(['--port', '0', '--ready-file', readyFile, ...args], env, command)
  const watcher = watch(folder)
  const appeared = new Promise<void>((resolve) => {
    const look = (): void => {
      if (existsSync(readyFile)) resolve()
    }
    watcher.on('change', look)
    // The emulator may have been faster than the watcher.
    look()
  })
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
