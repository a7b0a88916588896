import { renderError } from './error.ts'
import { JSON_TYPE } from './headers.ts'
import type { ErrorKind } from '../errors.ts'

interface FaultAnswer {
  readonly status: number
  readonly body: unknown
}

/**
 * Headers of a fault's response. The administrator of a domain sets its body, but may not run scripts in the origin of
 * the dashboard: a browser shows it as a page without an origin that loads and runs nothing. API clients ignore these
 * headers.
 */
export const FAULT_HEADERS = { 'content-security-policy': "sandbox; default-src 'none'" } as const

/**
 * The response of a fault. A string is sent unchanged, such as a proxy's HTML page; any other body is JSON; without a
 * body it is the vendor's error shape, or an empty object if the status is not an error.
 */
export function renderFault({ status, body }: FaultAnswer, requestId: string, kinds: readonly ErrorKind[]) {
  if (status === 204 || status === 205 || status === 304) return { type: JSON_TYPE, text: undefined }
  if (typeof body === 'string')
    return { type: /^\s*</.test(body) ? 'text/html; charset=utf-8' : 'text/plain', text: body }
  if (body !== undefined) return { type: JSON_TYPE, text: JSON.stringify(body) }
  if (status < 400) return { type: JSON_TYPE, text: '{}' }
  const known = kinds.find((kind) => kind.status === status)
  const kind = known ?? { status, code: status, codeDesc: `NCERRHTTP${status}: HTTP status ${status}` }
  return { type: JSON_TYPE, text: renderError({ kind, message: 'a fault that was set on purpose' }, requestId) }
}
