/**
 * One port for http and https. httpolyglot looks at the first byte of a connection and hands it to an http or a TLS
 * server; this module adds what its outer server lacks: lazily made certificates, a list of connections, time-outs,
 * a stop that ends in time, and answers to what is not HTTP in the shape that the application chooses.
 */
import { createServer as createPolyglotServer } from '@httptoolkit/httpolyglot'
import type { FastifyServerFactory } from 'fastify'
import { Server as HttpServer, STATUS_CODES } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants } from 'node:http2'
import type { ServerHttp2Session } from 'node:http2'
import type { Server, Socket } from 'node:net'
import { Server as TlsServer, TLSSocket } from 'node:tls'
import { Connections, isInFlight } from './connections.ts'
import type { Connection, Limits } from './connections.ts'

/** What node:http says of a request that it could not read; the code is one of `HPE_*` or `ERR_HTTP_*`. */
export type ClientError = Error & { code?: string }

/** The answer to a request that never reached the application. The body is JSON. */
export interface RenderedError {
  status: number
  statusText?: string
  body: string
  headers?: Readonly<Record<string, string>>
}

/** What to listen with; times are in milliseconds. */
export interface ListenerOptions extends Partial<Limits> {
  /** Gives the certificate and key as PEM, asked for once, when the first TLS connection comes. */
  tls: 'off' | (() => Promise<{ cert: string; key: string }>)
  /** How long a stop lets running requests go on. */
  graceMs?: number
  renderClientError?: (error: ClientError) => RenderedError
  /** Told when the certificates cannot be made, or the server breaks while it listens. */
  onError?: (error: Error) => void
}

/** The parts to build one Fastify app with: `Fastify({ serverFactory, clientErrorHandler })`. */
export interface Listener {
  serverFactory: FastifyServerFactory
  clientErrorHandler: (error: ClientError, socket: Socket) => void
  /** Refuses new connections, ends the idle ones, waits for the busy ones until the grace is over. `app.close()` calls it. */
  stop(): Promise<void>
  /** How many are open. */
  connections(): number
  /** The TCP socket below a request's socket, or that socket itself if there is no TLS; undefined once it is closed. */
  rawSocketOf(socket: Socket): Socket | undefined
}

const DEFAULTS = {
  graceMs: 1500,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 60_000,
  idleTimeoutMs: 75_000,
  unreadTimeoutMs: 60_000,
}
/** Odd ids of 10 kB travel in the path, and the path counts as header. */
const MAX_HEADER_BYTES = 32 * 1024
/** Node's own time-outs are off: they do not work on a server that does not itself listen. */
const HTTP_OPTIONS = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 0, requireHostHeader: false }

/** Prepares one listener, for one app. It opens nothing before the app's `listen`. */
export function createListener(options: ListenerOptions): Listener {
  const { tls, graceMs, onError = ignore, renderClientError = renderBare, ...limits } = { ...DEFAULTS, ...options }
  const connections = new Connections(limits, ({ socket }) => refuse(timeoutError(), socket))
  let server: Server | undefined
  let stopped: Promise<void> | undefined

  const refuse = createRefuser(connections, renderClientError)
  const stop = (): Promise<void> => {
    if (stopped === undefined) server?.close()
    return (stopped ??= connections.stop(graceMs))
  }
  const serverFactory: FastifyServerFactory = (handler) => {
    if (server !== undefined) throw new Error('a listener serves one app: create another one')
    const tlsServer = tls === 'off' ? undefined : new LazyTlsServer(tls, onError)
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      const problem = hostProblem(request)
      if (problem !== undefined) {
        refuse(new Error(problem), request.socket)
        return
      }
      connections.requested({
        response,
        handle: () => {
          handler(request, response)
        },
      })
    }
    server = createPolyglotServer({ http: HTTP_OPTIONS, ...(tlsServer && { tls: tlsServer }) }, onRequest)
    attach(server, { connections, refuse, onError })
    // Without these two, node:http itself sends 100 before the app has seen the request, and a bare 417.
    for (const event of ['checkContinue', 'checkExpectation']) server.on(event, onRequest)
    // Fastify takes any server whose closing it can drive; its types know those of node:http only.
    return Object.assign(server, { closeIdleConnections: () => void stop() }) as unknown as HttpServer
  }
  return {
    serverFactory,
    clientErrorHandler: refuse,
    stop,
    connections: () => connections.size,
    rawSocketOf: (socket) => connections.find(socket)?.raw,
  }
}

/** The status that suits an unreadable request. */
export function clientErrorStatus({ code }: ClientError): 400 | 408 | 413 | 431 {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
}

/** A TLS server that gets its certificate when it is first needed, and lets the connections wait for it. */
class LazyTlsServer extends TlsServer {
  readonly #load: () => Promise<{ cert: string; key: string }>
  readonly #onError: (error: Error) => void
  #ready: Promise<void> | undefined

  constructor(load: () => Promise<{ cert: string; key: string }>, onError: (error: Error) => void) {
    super({ ALPNProtocols: ['http/1.1', 'http/1.0'] }) // the app speaks nothing else, so no client must choose h2
    this.#load = load
    this.#onError = onError
  }

  /** httpolyglot hands a connection over by emitting it here. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    const [socket] = values
    if (event !== 'connection') return super.emit(event, ...values)
    if (socket instanceof TLSSocket)
      socket.destroy() // TLS within TLS
    else void this.#accept(socket as Socket)
    return true
  }

  async #accept(socket: Socket): Promise<void> {
    try {
      await (this.#ready ??= this.#prepare())
      if (!socket.destroyed) super.emit('connection', socket)
    } catch {
      socket.destroy()
    }
  }

  async #prepare(): Promise<void> {
    try {
      this.setSecureContext(await this.#load())
    } catch (error) {
      this.#ready = undefined // the next connection may have more luck
      this.#onError(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }
}

interface Parts {
  connections: Connections
  refuse: (error: ClientError, socket: Socket) => void
  onError: (error: Error) => void
}

/** Listeners on the outer server are fed by its inner ones too (httpolyglot proxies them); `this` tells who emits. */
function attach(server: Server, { connections, refuse, onError }: Parts): void {
  server.on('connection', function (this: Server, socket: Socket) {
    if (this === server) connections.add(socket)
    else if (this instanceof HttpServer) connections.speaksHttp(socket)
  })
  server.on('session', (session: ServerHttp2Session) => {
    session.destroy(new Error('HTTP/1.1 only'), constants.NGHTTP2_HTTP_1_1_REQUIRED)
  })
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    refuse(new Error('CONNECT is not for this server: it is no proxy'), socket)
  })
  server.once('listening', () => server.on('error', onError)) // before, `listen` rejects with it
}

/** Answers what the application cannot, at most once a connection, and ends the connection. */
function createRefuser(connections: Connections, render: (error: ClientError) => RenderedError): Parts['refuse'] {
  return (error, socket) => {
    const connection = connections.find(socket)
    if (connection?.refused === true) return
    if (connection === undefined || !socket.writable || isMidResponse(connection)) return void socket.destroy()
    connections.refuse(connection, () => socket.end(toResponseText(render(error))))
  }
}

function toResponseText({
  status,
  statusText = STATUS_CODES[status] ?? '',
  body,
  headers: more = {},
}: RenderedError): string {
  const headers = [
    `HTTP/1.1 ${status} ${statusText}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(more).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${headers.join('\r\n')}\r\n\r\n${body}`
}

/** An answer in the middle of another one would be read as part of it. One that is written to its end only has to go out. */
function isMidResponse({ response }: Connection): boolean {
  return isInFlight(response) && response.headersSent && !response.writableEnded
}

/** What is wrong with the host of a request (RFC 9112, 3.2; RFC 9110, 4.2.1). */
function hostProblem({ headers, rawHeaders, httpVersion, url = '' }: IncomingMessage): string | undefined {
  if (headers.host === undefined && httpVersion === '1.1') return 'an HTTP/1.1 request needs a Host header'
  // Names stand at even places.
  const isHost = (text: string, index: number): boolean => index % 2 === 0 && text.toLowerCase() === 'host'
  if (rawHeaders.filter(isHost).length > 1) return 'a request has one Host header'
  return /^https?:\/\/(?:[^/?#]*@)?(?:[:/?#]|$)/i.test(url) ? 'the URL of the request line has no host' : undefined
}

function renderBare(error: ClientError): RenderedError {
  const status = clientErrorStatus(error)
  return { status, body: JSON.stringify({ message: STATUS_CODES[status] }) }
}

function timeoutError(): ClientError {
  return Object.assign(new Error('the request did not come in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
}

function ignore(): void {
  // The default for somebody who does not want to know.
}
