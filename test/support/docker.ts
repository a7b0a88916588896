// `docker` of the examples in a container session (run-docs.sh): builds, runs and ends containers with podman, whose
// command prefix is $PODMAN.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setTimeout } from 'node:timers/promises'
import { toBuild, toRun } from './docker-command.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MAX_START_MS = 30_000
/** Containers of a session; those in the foreground end before the next one starts. */
const LABEL = 'cckm-docs'
/** Subcommands that podman takes as they are. */
const SAME = ['exec', 'logs', 'stop', 'rm', 'ps']

const [verb = '', ...argv] = process.argv.slice(2)

function runVerb(): number | Promise<number> {
  if (SAME.includes(verb)) return podman([verb, ...argv])
  if (verb === 'build') return build()
  if (verb === 'run') return run()
  if (verb === 'clean-up') return cleanUp()
  throw new Error(`docker ${verb}: not supported by test/support/docker.ts`)
}

/** All but what the flags change comes from the cache of the build before, so that it needs no network. */
function build(): number {
  return podman([
    'build',
    '--quiet',
    '--pull=never',
    '--network',
    'host',
    '--format',
    'docker',
    '--layers',
    ...toBuild(argv),
    ROOT,
  ])
}

async function run(): Promise<number> {
  const { args, port, isDetached } = toRun(argv)
  if (port === undefined) return podman(['run', ...args])
  removeAll(`${LABEL}=foreground`)
  const label = `${LABEL}=${isDetached ? 'detached' : 'foreground'}`
  const { stdout, status } = spawnPodman(['run', '--detach', '--label', label, ...args], 'pipe')
  if (status !== 0) return 1
  const id = stdout.trim()
  console.log(id)
  return (await isReady(port, id)) ? 0 : (podman(['logs', id]), 1)
}

async function isReady(port: number, id: string): Promise<boolean> {
  const end = Date.now() + MAX_START_MS
  while (Date.now() < end && spawnPodman(['ps', '-q', '--no-trunc'], 'pipe').stdout.includes(id)) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    if (answer?.status === 200) return true
    await setTimeout(100)
  }
  return false
}

function cleanUp(): number {
  removeAll(LABEL)
  // Of this session: the container script has the store for itself, and its own container's volume is in use.
  return spawnPodman(['volume', 'prune', '-f'], 'pipe').status ?? 1
}

function removeAll(label: string): void {
  const ids = spawnPodman(['ps', '-aq', '--filter', `label=${label}`], 'pipe')
    .stdout.split(/\s+/)
    .filter(Boolean)
  if (ids.length > 0) spawnPodman(['rm', '-f', '-v', '-t', '2', ...ids], 'pipe')
}

const podman = (args: readonly string[]): number => spawnPodman(args, 'inherit').status ?? 1

function spawnPodman(args: readonly string[], stdout: 'inherit' | 'pipe') {
  const [command = '', ...prefix] = (process.env.PODMAN ?? 'podman').split(' ')
  return spawnSync(command, [...prefix, ...args], { encoding: 'utf8', stdio: ['ignore', stdout, 'inherit'] })
}

try {
  process.exitCode = await runVerb()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
