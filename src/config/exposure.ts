import { isIPv4 } from 'node:net'
import type { Config } from './types.ts'

/** Whether a server on this host can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** What is open to other machines that should perhaps be closed, and how to close it; undefined: nothing. */
export function exposureOf({ host, admin }: Pick<Config, 'host' | 'admin'>): string | undefined {
  if (isLoopback(host) || !admin.enabled || admin.token !== undefined) return undefined
  return (
    `warning: anyone who can reach ${host} can use the control API (read and change every domain, get tokens for any user): ` +
    'set CCKM_EMULATOR_ADMIN_TOKEN (or --admin-token), listen on --host 127.0.0.1, or remove it with --no-admin'
  )
}
