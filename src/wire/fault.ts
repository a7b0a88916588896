import { renderError } from './error.ts'
import { JSON_TYPE } from './headers.ts'
import type { ErrorKind } from '../errors.ts'

interface FaultAnswer {
  readonly status: number
  readonly body: unknown
}

/**
 * Headers of a fault's answer. Its body is of a domain's administrator, who may not run scripts in the origin of the
 * dashboard: a browser shows it as a page of no origin that loads and runs nothing. Clients of an API do not look at this.
 */
export const FAULT_HEADERS = { 'content-security-policy': "sandbox; default-src 'none'" } as const

/**
 * The answer of a fault. A text goes out as it is, as a proxy's page of HTML does; everything else is JSON; without a
 * body it is the vendor's error shape, or an empty object where the status is no refusal.
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
