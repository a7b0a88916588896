/** Answers requests on the socket that never reach the application. */
import { STATUS_CODES } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { isInFlight, type Connection, type Connections } from './connections.ts'

/** The error of node:http for a request that it cannot parse; the code is one of `HPE_*` or `ERR_HTTP_*`. */
export type ClientError = Error & { code?: string }

/** The response to a request that never reached the application. The body is JSON. */
export interface RenderedError {
  status: number
  body: string
  headers?: Readonly<Record<string, string>>
}

/** The status for a request that cannot be parsed. */
export function clientErrorStatus({ code }: ClientError): 400 | 408 | 413 | 431 {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
}

/** Answers such requests, at most one per connection, and closes the connection. */
export function createRefuser(
  connections: Connections,
  render: (error: ClientError) => RenderedError,
): (error: ClientError, socket: Socket) => void {
  return (error, socket) => {
    const connection = connections.find(socket)
    if (connection?.refused === true) return
    if (connection === undefined || !socket.writable || isMidResponse(connection)) return void socket.destroy()
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isHeldBack(connection)) return
    connections.refuse(connection, () => socket.end(toResponseText(render(error))))
  }
}

/**
 * True if a request is late because the server does not read its body: behind another request, or while its handler
 * waits.
 */
function isHeldBack({ response, waiting }: Connection): boolean {
  if (waiting.length > 0) return true
  if (!isInFlight(response) || response.req.complete) return false
  return response.req.readableLength >= response.req.readableHighWaterMark
}

function toResponseText({ status, body, headers: more = {} }: RenderedError): string {
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(more).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${headers.join('\r\n')}\r\n\r\n${body}`
}

/** A client would read a refusal as part of an incomplete response. */
function isMidResponse({ response }: Connection): boolean {
  return isInFlight(response) && response.headersSent && !response.writableEnded
}

/** The error in the host of a request (RFC 9112, 3.2; RFC 9110, 4.2.1). */
export function hostProblem({ headers, rawHeaders, httpVersion, url = '' }: IncomingMessage): string | undefined {
  if (headers.host === undefined && httpVersion === '1.1') return 'an HTTP/1.1 request needs a Host header'
  // rawHeaders alternates names and values: names have even indexes.
  const isHost = (text: string, index: number): boolean => index % 2 === 0 && text.toLowerCase() === 'host'
  if (rawHeaders.filter(isHost).length > 1) return 'a request has one Host header'
  return /^https?:\/\/(?:[^/?#]*@)?(?:[:/?#]|$)/i.test(url) ? 'the URL of the request line has no host' : undefined
}
