/**
 * One port for http and https. The first bytes of a connection decide whether node:http gets its socket or a TLS socket
 * above it. This module adds to node:http: a certificate that is loaded when first needed, requests one at a time
 * (`connections.ts`), a stop within a time limit, and responses to invalid HTTP in the app's format.
 */
import type { FastifyServerFactory } from 'fastify'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls'
import { clearTimeout, setTimeout } from '../timers.ts'
import { Connections } from './connections.ts'
import { readProtocol, refuseHttp2 } from './protocol.ts'
import { createRefuser, hostProblem, type ClientError, type RenderedError } from './raw-refusal.ts'

/** A certificate and its key, as PEM. */
interface ServerCertificate {
  cert: string
  key: string
}

/** Options of a listener; times are in milliseconds. */
export interface ListenerOptions {
  /** Loads the certificate. Called once, for the first TLS connection. */
  tls: 'off' | (() => Promise<ServerCertificate>)
  /** How long a stop waits for running requests. */
  graceMs?: number
  /**
   * From the opening of a connection to its first byte of HTTP, including a TLS handshake; and from there to the end of
   * the header.
   */
  headersTimeoutMs?: number
  /** From the start of a request to the end of its body. */
  bodyTimeoutMs?: number
  /** From a response to the next request. */
  idleTimeoutMs?: number
  /** How long a client may read nothing of a response that is being sent. */
  unreadTimeoutMs?: number
  renderClientError: (error: ClientError) => RenderedError
  /** Called when the certificate cannot be loaded, or the server breaks while it listens. */
  onError?: (error: Error) => void
}

/** The parts to build one Fastify app with: `Fastify({ serverFactory, clientErrorHandler })`. */
export interface Listener {
  serverFactory: FastifyServerFactory
  clientErrorHandler: (error: ClientError, socket: Socket) => void
  /**
   * Refuses new connections, closes idle ones, and waits for busy ones until the grace period ends. `app.close()` calls
   * it.
   */
  stop(): Promise<void>
  /** The number of open connections. */
  connections(): number
  /** The TCP socket below a request's socket, or that socket itself if there is no TLS. */
  rawSocketOf(socket: Socket): Socket | undefined
}

const DEFAULTS = {
  graceMs: 1500,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 60_000,
  idleTimeoutMs: 75_000,
  unreadTimeoutMs: 60_000,
}
/** The path may contain ids of 10 kB, and counts as part of the header. */
const MAX_HEADER_BYTES = 32 * 1024
const MAX_CHECK_MS = 1000

/** Prepares one listener, for one app. It opens nothing before the app's `listen`. */
export function createListener(options: ListenerOptions): Listener {
  const { tls, graceMs, onError = ignore, renderClientError, ...limits } = { ...DEFAULTS, ...options }
  const connections = new Connections()
  const refuse = createRefuser(connections, renderClientError)
  let server: Server | undefined
  let stopped: Promise<void> | undefined

  const stop = (): Promise<void> => {
    if (stopped !== undefined) return stopped
    stopped = connections.stop(graceMs)
    server?.close()
    return stopped
  }
  const serverFactory: FastifyServerFactory = (handler) => {
    if (server !== undefined) throw new Error('a listener serves one app: create another one')
    server = createServer(httpOptions(limits), onRequest)
    server.setTimeout(limits.unreadTimeoutMs, (socket) => {
      if (connections.isStuck(socket)) socket.destroy()
      else socket.setTimeout(limits.unreadTimeoutMs)
    })
    const load = tls === 'off' ? undefined : createContextLoader(tls, onError)
    acceptBoth(server, { connections, load, firstByteTimeoutMs: limits.headersTimeoutMs })
    // Without these listeners node:http sends 100 before the app sees the request, and a bare 417.
    for (const event of ['checkContinue', 'checkExpectation']) server.on(event, onRequest)
    server.on('connect', ({ socket }) => {
      refuse(new Error('CONNECT is not supported: this server is not a proxy'), socket)
    })
    server.once('listening', () => server?.on('error', onError)) // errors before that reject `listen`
    return Object.assign(server, { closeIdleConnections: () => void stop() })

    function onRequest(request: IncomingMessage, response: ServerResponse): void {
      const problem = hostProblem(request)
      if (problem !== undefined) refuse(new Error(problem), request.socket)
      else
        connections.request({
          response,
          handle: () => {
            handler(request, response)
          },
        })
    }
  }
  return {
    serverFactory,
    clientErrorHandler: refuse,
    stop,
    connections: () => connections.size,
    rawSocketOf: (socket) => connections.find(socket)?.raw,
  }
}

type Limits = Omit<typeof DEFAULTS, 'graceMs'>

function httpOptions({ headersTimeoutMs, bodyTimeoutMs, idleTimeoutMs, unreadTimeoutMs }: Limits) {
  const shortest = Math.min(headersTimeoutMs, bodyTimeoutMs, idleTimeoutMs, unreadTimeoutMs)
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
    requestTimeout: bodyTimeoutMs,
    headersTimeout: Math.min(headersTimeoutMs, bodyTimeoutMs),
    keepAliveTimeout: idleTimeoutMs,
    connectionsCheckingInterval: Math.min(MAX_CHECK_MS, Math.ceil(shortest / 4)),
  }
}

interface AcceptOptions {
  readonly connections: Connections
  /** undefined: TLS is off. */
  readonly load: (() => Promise<SecureContext>) | undefined
  readonly firstByteTimeoutMs: number
}

/** Reads the first bytes of each connection and lets node:http serve it, with or without TLS. */
function acceptBoth(server: Server, { connections, load, firstByteTimeoutMs }: AcceptOptions): void {
  // node:http serves a connection in its own listener of this event, which `emit('connection')` is documented to call.
  const serveHttp = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (raw) => {
    raw.on('error', ignore) // a reset between two handlers must not end the process
    connections.add(raw)
    const timer = setTimeout(() => raw.destroy(), firstByteTimeoutMs)
    raw.once('close', () => {
      clearTimeout(timer)
    })
    const accept = (socket: Socket): void => {
      readProtocol(socket, (protocol) => {
        if (protocol === 'http') serve(socket)
        else if (protocol === 'http2') refuseHttp2(socket)
        else if (load === undefined || socket !== raw)
          raw.destroy() // TLS is off, or this is TLS within TLS
        else void startTls(load)
      })
    }
    const serve = (socket: Socket): void => {
      clearTimeout(timer)
      for (const listener of serveHttp) Reflect.apply(listener, server, [socket])
      connections.startHttp(socket, raw)
    }
    const startTls = async (loadContext: () => Promise<SecureContext>): Promise<void> => {
      const secureContext = await loadContext().catch(ignore)
      if (secureContext === undefined || raw.destroyed) return void raw.destroy()
      const secure = new TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols })
      secure.on('error', () => raw.destroy())
      accept(secure)
    }
    accept(raw)
  })
}

/** The app speaks only these, so no client may choose h2. */
const ALPNProtocols = ['http/1.1', 'http/1.0']

/** Loads the certificate when it is first needed; after a failure, loads it again for the next connection. */
function createContextLoader(
  load: () => Promise<ServerCertificate>,
  onError: (error: Error) => void,
): () => Promise<SecureContext> {
  let loading: Promise<SecureContext> | undefined
  const start = async (): Promise<SecureContext> => {
    try {
      return createSecureContext(await load())
    } catch (error) {
      loading = undefined
      onError(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }
  return () => (loading ??= start())
}

function ignore(): undefined {
  return undefined
}
