import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from '../config/config.ts'
import type { DomainHandle } from '../client/handle.ts'
import { variablesOf } from '../client/environment.ts'
import { SHIMS } from '../locations.ts'
import { isRunning } from '../model/domain.ts'
import type { Folder } from './child-environment.ts'
import { usageError } from './failures.ts'

/** Whether a command sleeps for real, or by the clock of its domain. */
const SLEEPS = ['real', 'virtual'] as const
export type SleepKind = (typeof SLEEPS)[number]

/** The value of the flag that `exec` and `sweep` have beside those of `start`. */
export interface ExecFlags {
  readonly sleep?: string
}

export const SLEEP_OPTION = {
  term: '--sleep <kind>',
  description:
    'real, or virtual: Python, Node and shells sleep by the clock of the domain, which leaps (default: real)',
} as const

export function readSleepFlag(text = 'real'): SleepKind {
  const kind = SLEEPS.find((each) => each === text)
  if (kind === undefined) throw usageError(`--sleep: ${JSON.stringify(text)} is neither real nor virtual`)
  return kind
}

/** Throws if the configuration has a clock on which sleeps would never end. */
export function refuseStandingClock({ clock: { mode } }: Pick<Config, 'clock'>): void {
  if (!isRunning(mode))
    throw usageError(`--sleep virtual sets the clock auto, which does not go with the clock ${mode}: leave it out`)
}

/** What a domain needs for virtual sleep: tokens follow its clock, so that a client renews them as in real time. */
export const VIRTUAL_SETTINGS = { tokenClock: 'domain' } as const

interface ShimOptions {
  readonly url: string
  readonly domain: string
  readonly folder: Folder
}

/** The variables that make a command and its children sleep by the clock of a domain, on top of its other variables. */
export function shimVariables({ url, domain, folder }: ShimOptions, before: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH = '', PYTHONPATH, NODE_OPTIONS } = before
  const preload = `--import=${pathToFileURL(join(SHIMS, 'node/virtual-sleep.mjs')).href}`
  return {
    ...variablesOf({ sleepUrl: `${url}/__admin/domains/${encodeURIComponent(domain)}/clock/sleep` }),
    PATH: process.platform === 'win32' ? PATH : joined([folder.program('sleep', sleepScript()), PATH], delimiter),
    PYTHONPATH: joined([join(SHIMS, 'python'), PYTHONPATH], delimiter),
    NODE_OPTIONS: joined([NODE_OPTIONS, preload], ' '),
  }
}

function joined(parts: readonly (string | undefined)[], separator: string): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator)
}

/** Its parent is the shell that sleeps. Ansible ends every command with `sleep 0`, which needs no Node. */
function sleepScript(): string {
  const words = [process.execPath, join(SHIMS, 'node/sleep.mjs')].map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  return `#!/bin/sh\n[ "$*" = 0 ] && exit 0\nNODE_OPTIONS= exec ${words.join(' ')} "$PPID" "$0" "$@"\n`
}

/** How often sleepers whose process has ended are looked for. */
const LOOK_MS = 100

/** Drops the sleepers whose process has ended, until the returned function is called. */
export function dropEndedSleepers({ clock }: Pick<DomainHandle, 'clock'>): () => void {
  let isOver = false
  const look = async (): Promise<void> => {
    const { sleepers } = await clock.read()
    for (const { name } of sleepers) if (hasEnded(name)) await clock.dropSleeper(name)
  }
  const lookAgain = (): void => {
    // Fails if the emulator stops, or if the sleeper was dropped in the meantime.
    void look()
      .catch(() => undefined)
      .then(() => (isOver ? undefined : setTimeout(lookAgain, LOOK_MS).unref()))
  }
  lookAgain()
  return () => {
    isOver = true
  }
}

/** True for `HOST/PID/THREAD` of a process of this machine that is not running. */
function hasEnded(name: string): boolean {
  const [host, pid, ...rest] = name.split('/')
  if (host !== hostname() || rest.length !== 1 || pid === undefined || !/^\d+$/.test(pid)) return false
  try {
    process.kill(Number(pid), 0)
    // A zombie gets signals until its parent reads its exit code.
    return process.platform === 'linux' && /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM')
  }
}
