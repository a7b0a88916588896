import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { isThisMachine } from '../model/this-machine.ts'
import { baseUrlOf } from './base-url.ts'
import { errorCode } from '../model/error-code.ts'

export interface TransportOptions {
  /** The address of the emulator, with a path if a reverse proxy serves it below one. */
  readonly url: string
  readonly adminToken?: string | undefined
  /** PEM of the CA, for an address that begins with https. */
  readonly ca?: string | undefined
}

interface TransportRequest {
  readonly method: string
  /** Below the address of the emulator, with its query. */
  readonly path: string
  readonly body?: unknown
}

export interface TransportAnswer {
  readonly status: number
  readonly text: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** True if an HTTP proxy was used, which may have sent the response itself. */
  readonly isProxied: boolean
}

export type HttpTransport = (request: TransportRequest) => Promise<TransportAnswer>

/** There was no response. */
export class ConnectionError extends Error {
  /** Node's error code, or the message of another library that refused the connection. */
  readonly reason: string
  readonly isProxied: boolean

  constructor(url: string, cause: unknown, isProxied: boolean) {
    const reason = reasonOf(cause)
    super(`no emulator answers at ${url} (${reason}${isProxied ? PROXY_HINT : ''})`, { cause })
    this.name = 'ConnectionError'
    this.reason = reason
    this.isProxied = isProxied
  }
}

export const PROXY_HINT = '; the request went through an HTTP proxy: add the host to NO_PROXY to avoid it'

/**
 * Calls the control API with Node's own client, which has no timeout: fetch gives up on a response after 300 s.
 * Loopback never uses a proxy; for other hosts Node decides (NODE_USE_ENV_PROXY).
 */
export function openTransport({ url, adminToken, ca }: TransportOptions): HttpTransport {
  const { protocol, hostname, port, pathname } = new URL(baseUrlOf(url))
  const isHttps = protocol === 'https:'
  const send = isHttps ? httpsRequest : httpRequest
  const host = hostname.replace(/^\[|\]$/g, '')
  const prefix = pathname.replace(/\/$/, '')
  const target = { host, port: Number(port === '' ? (isHttps ? 443 : 80) : port) }
  // Only the global agents use proxies.
  const agent = isThisMachine(host) ? { agent: new (isHttps ? HttpsAgent : HttpAgent)({ keepAlive: true }) } : {}
  const authorization = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }

  async function once({ method, path, body }: TransportRequest): Promise<TransportAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const length = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }
    const headers = { ...authorization, ...length }
    const sent = send({ ...agent, ...target, ca, method, path: prefix + path, headers })
    sent.end(payload)
    try {
      const answer = await answerTo(sent)
      return {
        status: answer.statusCode ?? 0,
        text: await text(answer),
        headers: answer.headers,
        isProxied: isProxied(sent),
      }
    } catch (error) {
      if (error instanceof StaleSocket) throw error
      throw new ConnectionError(url, error, isProxied(sent) || isElsewhere(error, target.port))
    }
  }

  return (request) =>
    once(request).catch((error: unknown) => {
      if (!(error instanceof StaleSocket)) throw error
      return once(request)
    })
}

/** A kept connection that the server closed at that moment: the call was not read, so it is sent again. */
class StaleSocket extends Error {}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', (error) => {
      reject(sent.reusedSocket && codeOf(error) === 'ECONNRESET' ? new StaleSocket() : error)
    })
  })
}

/** Node sets this header on requests through a proxy. */
function isProxied(sent: ClientRequest): boolean {
  return sent.hasHeader('proxy-connection')
}

/** A tunnel through a proxy fails with its own error, or with one for the proxy's port. */
function isElsewhere(error: unknown, port: number): boolean {
  // An AggregateError: the name has several addresses.
  const [first = error] = error instanceof AggregateError ? (error.errors as unknown[]) : []
  return codeOf(error) === 'ERR_PROXY_TUNNEL' || (first instanceof Error && 'port' in first && first.port !== port)
}

/** Node's own messages add nothing to the code; others, such as those of a test's network lock, say what refused. */
function reasonOf(error: unknown): string {
  const code = codeOf(error)
  if (!(error instanceof Error) || error.message === '' || error.message.includes(code)) return code
  return `${code}: ${error.message}`
}

function codeOf(error: unknown): string {
  return errorCode(error) ?? (error instanceof Error ? error.message : String(error))
}
