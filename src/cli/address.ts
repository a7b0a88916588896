import { baseUrlOf } from '../client/base-url.ts'
import { variable, VARIABLES } from '../client/environment.ts'
import type { Config } from '../config/config.ts'
import { StartError } from '../errors.ts'
import { readReadyFile } from './ready-file.ts'

interface AddressOptions {
  /** The value of `--url`. */
  readonly url: string | undefined
  /** Whether a flag gives the port or the host: then CCKM_EMULATOR_URL and the ready file do not count. */
  readonly isLocal: boolean
  /** What to do if no port is known. */
  readonly advice: string
}

/**
 * The base URL of the emulator that a command calls: `--url`, else the port and host of flags, else `CCKM_EMULATOR_URL`,
 * else the URL in the ready file, else the port and host of environment variables and the configuration file.
 */
export function addressOf({ host, port, readyFile }: Config, { url, isLocal, advice }: AddressOptions): string {
  if (url !== undefined) return checkedUrl(url, '--url')
  const inherited = isLocal ? undefined : variable('url', process.env)
  if (inherited !== undefined) return checkedUrl(inherited, VARIABLES.url)
  const ready = isLocal || readyFile === undefined ? undefined : readReadyFile(readyFile)?.url
  if (typeof ready === 'string') return ready
  if (port === 0) throw new StartError([`port 0 is not the port of a running emulator: ${advice}`], 2)
  return `http://${reachable(host)}:${port}`
}

/** The host for URLs of a server on this machine that listens on `host`. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

function checkedUrl(text: string, name: string): string {
  try {
    return baseUrlOf(text)
  } catch (error) {
    throw new StartError([`${name}: ${error instanceof Error ? error.message : String(error)}`], 2)
  }
}
