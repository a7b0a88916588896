import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { toolsProblem } from '../../scripts/tool.ts'
import { LOAD_CORE, pinned } from './processes.ts'

/** What makes the load: wrk where there is one. In JavaScript it costs more than the servers do, and hides them. */
export const GENERATOR = spawnSync('wrk', ['-v']).error === undefined ? 'wrk' : 'autocannon'

/** What to install before there can be load; undefined if there can. */
export function generatorProblem(): string | undefined {
  return GENERATOR === 'wrk' ? undefined : toolsProblem()
}

export interface Request {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Load {
  /** Scheme, host and port. */
  readonly url: string
  /** Sent in turn. */
  readonly requests: readonly Request[]
  readonly connections: number
  readonly seconds: number
}

/** Times in microseconds. */
export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly p50: number
  readonly p99: number
}

const run = promisify(execFile)
const WRK_SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url))
const AUTOCANNON = fileURLToPath(new URL('../../tools/autocannon.ts', import.meta.url))

/**
 * Puts load on a server, from a process of its own. Throws when any answer was not a good one, which would be too cheap, and
 * when none came at all, which would make ratios of nothing.
 */
export async function load(given: Load): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'cckm-load-'))
  try {
    const { refused, broken, ...result } = await (GENERATOR === 'wrk' ? loadWithWrk : loadWithAutocannon)(given, folder)
    const { method, path } = given.requests[0]!
    if (result.requests === 0)
      throw new Error(`${given.url}, ${method} ${path}: nothing was answered within ${given.seconds} s`)
    if (refused + broken > 0)
      throw new Error(`${given.url}, ${method} ${path}: ${refused} answers were no 2xx, ${broken} did not come`)
    return result
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface RawResult extends LoadResult {
  readonly refused: number
  readonly broken: number
}

async function loadWithWrk({ url, requests, connections, seconds }: Load, folder: string): Promise<RawResult> {
  const file = join(folder, 'requests')
  writeFileSync(file, requests.map((request) => `${textOf(request)}\n---\n`).join(''))
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', WRK_SCRIPT, url, '--', file]
  return resultOf(pinned(LOAD_CORE, ['wrk', ...options]))
}

async function loadWithAutocannon(given: Load, folder: string): Promise<RawResult> {
  const file = join(folder, 'load.json')
  writeFileSync(file, JSON.stringify(given))
  return resultOf(pinned(LOAD_CORE, [process.execPath, AUTOCANNON, file]))
}

async function resultOf([program, ...args]: readonly [string, ...string[]]): Promise<RawResult> {
  const { stdout } = await run(program, args)
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as RawResult
}

/** A request as it goes over the wire. */
export function textOf({ method, path, headers, body = '' }: Request): string {
  const all = { host: '127.0.0.1', ...headers, ...(method === 'POST' && { 'content-length': `${body.length}` }) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${path} HTTP/1.1`, ...lines, '', body].join('\r\n')
}
