import { get } from 'node:http'
import type { Flags } from '../config/config.ts'
import { StartError } from '../errors.ts'
import { linesOf } from './failures.ts'
import { loadConfig } from './load-config.ts'
import { errorCode } from '../model/error-code.ts'

const PATIENCE_MS = 2000

/** Asks a running emulator whether it is alive. Every failure is exit code 1: images know no other. */
export async function healthcheck(flags: Flags): Promise<void> {
  const url = healthUrl(await loadConfig(flags).catch(asUnhealthy))
  const status = await statusOf(url).catch((error: unknown) => {
    throw new StartError([`no answer from ${url}: ${reasonOf(error)}`], 1)
  })
  if (status !== 200) throw new StartError([`${url} answered ${status}, not 200`], 1)
}

function asUnhealthy(error: unknown): never {
  throw new StartError(linesOf(error).lines, 1)
}

function healthUrl({ host, port }: { host: string; port: number }): string {
  if (port === 0) throw new StartError(['port 0 says nothing of where the emulator is: give its port with --port'], 1)
  return `http://${reachable(host)}:${port}/healthz`
}

/** The host by which a server that listens there is reached from its own machine, as a URL writes it. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(PATIENCE_MS) }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    request.on('error', reject)
  })
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'AbortError') return `nothing within ${PATIENCE_MS / 1000} s`
  return errorCode(error) ?? error.message
}
