import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import type { Flags } from '../config/config.ts'
import { StartError } from '../errors.ts'
import { errorCode } from '../model/error-code.ts'
import { addressOf } from './address.ts'
import { linesOf } from './failures.ts'
import { loadConfig } from './load-config.ts'

const TIMEOUT_MS = 5000

/** Asks a running emulator whether it is alive. Every failure is exit code 1: HEALTHCHECK of Docker has no other. */
export async function healthcheck(flags: Flags, url: string | undefined): Promise<void> {
  const address = `${await addressFrom(flags, url).catch(asUnhealthy)}/healthz`
  const status = await statusOf(address).catch((error: unknown) => {
    throw new StartError([`no answer from ${address}: ${reasonOf(error)}`], 1)
  })
  if (status !== 200) throw new StartError([`${address} answered ${status}, not 200`], 1)
}

async function addressFrom(flags: Flags, url: string | undefined): Promise<string> {
  const isLocal = 'port' in flags || 'host' in flags
  return addressOf(await loadConfig(flags), { url, isLocal, advice: 'give its port with --port' })
}

function asUnhealthy(error: unknown): never {
  throw new StartError(linesOf(error).lines, 1)
}

function statusOf(url: string): Promise<number> {
  const get = url.startsWith('https:') ? getHttps : getHttp
  return new Promise((resolve, reject) => {
    // The request has no secret, so an emulator with a certificate of its own may answer it.
    const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(TIMEOUT_MS) } as const
    const request = get(url, options, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', reject)
  })
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'AbortError') return `nothing within ${TIMEOUT_MS / 1000} s`
  return errorCode(error) ?? error.message
}
