import { isIPv4 } from 'node:net'

/** True if a server on this host can be reached only from this machine. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

interface Exposure {
  readonly host: string
  readonly admin: boolean
  readonly adminToken?: string | undefined
}

/** A warning about a control API that other machines can reach without a token; undefined if there is none. */
export function exposureOf({ host, admin, adminToken }: Exposure): string | undefined {
  if (isLoopback(host) || !admin || adminToken !== undefined) return undefined
  return (
    `warning: any client that can reach ${host} can use the control API (read and change every domain, get tokens for any user): ` +
    'set CCKM_EMULATOR_ADMIN_TOKEN (or --admin-token), listen on --host 127.0.0.1, or remove it with --no-admin'
  )
}
