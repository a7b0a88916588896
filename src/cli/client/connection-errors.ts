import { ConnectionError, PROXY_HINT } from '../../client/transport.ts'
import { StartError } from '../../errors.ts'

/** The error for a call without a response. */
export function unreachable(error: unknown, url: string): unknown {
  if (!(error instanceof ConnectionError)) return error
  const { reason, isProxied } = error
  if (/CERT|SIGNED|UNABLE_TO_|^ERR_TLS/.test(reason)) {
    const plain = url.replace(/^https:/, 'http:')
    return new StartError([`the certificate of ${url} is not trusted: use ${plain}, which is the same port`], 1)
  }
  const details = `${reason === 'ECONNREFUSED' && !isProxied ? '' : ` (${reason})`}${isProxied ? PROXY_HINT : ''}`
  return new StartError([`no emulator answers at ${url}: start one, or give another address with --url${details}`], 1)
}

/** The error for a response that is not from a control API. */
export function notOurs(
  url: string,
  { status, isProxied = false }: { status: number; isProxied?: boolean },
): StartError {
  const why = 'it was started with --no-admin, or is not a cckm-emulator'
  const hint = isProxied ? PROXY_HINT : ''
  return new StartError([`there is no control API at ${url}: ${why} (status ${status})${hint}`], 1)
}
