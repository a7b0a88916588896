import type { IncomingMessage } from 'node:http'

/** The target of a request line (RFC 9112, 3.2). */
interface RequestTarget {
  /** Path and query, or `*`. */
  readonly path: string
  /** `host[:port]` of the absolute form, without user information; undefined for the other forms. */
  readonly authority: string | undefined
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/is

/** Reads the target of a request line. Clients behind `http_proxy` send the whole URL: the absolute form. */
function readTarget(target: string, method: string): RequestTarget {
  if (target.startsWith('/')) return { path: target, authority: undefined }
  const match = ABSOLUTE.exec(target)
  if (match === null) return { path: target, authority: undefined }
  const [, authority = '', rest = ''] = match
  return {
    path: rest === '' ? rootOf(method) : rest.startsWith('/') ? rest : `/${rest}`,
    authority: authority.slice(authority.lastIndexOf('@') + 1),
  }
}

/** OPTIONS with a URL without a path addresses the server itself (RFC 9112, 3.2.4). */
function rootOf(method: string): '*' | '/' {
  return method === 'OPTIONS' ? '*' : '/'
}

const authorities = new WeakMap<IncomingMessage, string>()

/** Returns path and query of a request's target in any form, and stores its host for `hostsOf`. */
export function toOriginForm(request: IncomingMessage): string {
  const { path, authority } = readTarget(request.url ?? '/', request.method ?? 'GET')
  if (authority !== undefined) authorities.set(request, authority)
  return path
}

/**
 * Every host that a request names: in the Host header and in an absolute-form target. The target takes precedence (RFC
 * 9112, 3.2.2), but a check of allowed hosts has to check both.
 */
export function hostsOf(request: IncomingMessage): readonly string[] {
  const authority = authorities.get(request)
  const { host } = request.headers
  if (authority === undefined) return [host ?? '']
  return host === undefined ? [authority] : [authority, host]
}
