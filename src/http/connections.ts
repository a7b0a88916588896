/**
 * The open connections of one listener. The outer server of httpolyglot keeps no list of them and its inner http server
 * never learns that it listens, so what node:http does elsewhere (time-outs, ending idle connections on close) is done
 * here. One timer looks at all connections once in a while.
 *
 * A connection's requests are handed on one at a time, as most servers do: the next one once the answer to the one before
 * has gone out. So a client that pipelines requests and reads no answers holds one answer at most.
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { clearTimeout, elapsedMs, setInterval, setTimeout } from '../timers.ts'

/** One TCP connection and what happens on it. */
export interface Connection {
  readonly raw: Socket
  /** What HTTP is spoken on: the raw socket or the TLS one above it; the raw one as long as it is not known. */
  socket: Socket
  speaksHttp: boolean
  /** To the request that was handed on last: in flight or just gone out. */
  response: ServerResponse | undefined
  /** Requests that came meanwhile. While there are any, nothing more is read. */
  waiting: Exchange[]
  /** Writes the last answer, once those before it have gone out. */
  lastAnswer: (() => void) | undefined
  /** The one in flight that the timer has seen. */
  seen: ServerResponse | undefined
  /** When it was opened or refused, or the timer saw that a request came or the last response went (monotonic, ms). */
  since: number
  served: boolean
  /** It gets no answer but the last one, and is only open so that the client can read it. */
  refused: boolean
  /** While there are unsent bytes: how many bytes the kernel had taken when the timer looked. */
  sent: number | undefined
  /** When the timer saw that number change (monotonic, ms). */
  sentAt: number
}

/** A request, by its response, and what handles it. */
interface Exchange {
  readonly response: ServerResponse
  readonly handle: () => void
}

/** How long a connection may take, in milliseconds. */
export interface Limits {
  /** From its opening to its first complete request header, a TLS handshake included. */
  headersTimeoutMs: number
  /** From a request's header to the end of its body. */
  bodyTimeoutMs: number
  /** From a response to the next complete request header. */
  idleTimeoutMs: number
  /** While an answer is sent: how long the client may read nothing of it. */
  unreadTimeoutMs: number
}

/** How long a refused client may take to read its answer. */
const LINGER_MS = 1000
const MAX_CHECK_MS = 1000

export class Connections {
  readonly #limits: Limits
  readonly #onLate: (connection: Connection) => void
  readonly #open = new Set<Connection>()
  readonly #byPeer = new Map<string, Connection>()
  readonly #bySocket = new WeakMap<Socket, Connection>()
  #stopping = false
  #checkTimer: NodeJS.Timeout | undefined
  #grace: NodeJS.Timeout | undefined
  #onEmpty: () => void = ignore

  /** `onLate` must answer and end a connection whose client started a request and does not finish it. */
  constructor(limits: Limits, onLate: (connection: Connection) => void) {
    this.#limits = limits
    this.#onLate = onLate
  }

  get size(): number {
    return this.#open.size
  }

  /** Of the raw socket, or of the TLS socket above it once HTTP is spoken there. */
  find(socket: Socket): Connection | undefined {
    return this.#bySocket.get(socket)
  }

  /** Takes in a connection that was just accepted. */
  add(raw: Socket): void {
    raw.on('error', ignore) // between two handlers nobody listens, and a reset must not end the process
    if (this.#stopping) return void raw.destroy()
    raw.setNoDelay(true) // as node:http does for its own
    const connection = createConnection(raw)
    this.#open.add(connection)
    this.#bySocket.set(raw, connection)
    const peer = peerOf(raw)
    this.#byPeer.set(peer, connection)
    raw.once('close', () => this.#remove(connection, peer))
    this.#checkTimer ??= setInterval(() => this.#checkAll(), this.#checkMs()).unref()
  }

  /** Learns that HTTP is spoken on this socket, which may be a TLS socket above a known one: they share their peer. */
  speaksHttp(socket: Socket): void {
    const connection = this.#bySocket.get(socket) ?? this.#byPeer.get(peerOf(socket))
    if (connection === undefined) return void socket.destroy() // its peer has gone meanwhile
    connection.socket = socket
    connection.speaksHttp = true
    this.#bySocket.set(socket, connection)
    // node:http resumes a socket when a handler reads a body. Its own listener is called before this one.
    socket.on('resume', () => {
      if (connection.waiting.length > 0) socket.pause()
    })
  }

  /** Hands a request on, at once or after those before it. Called for each request: must stay cheap. */
  requested(exchange: Exchange): void {
    const connection = this.#bySocket.get(exchange.response.req.socket)
    if (connection === undefined || connection.refused) return
    const { waiting, response } = connection
    if (waiting.length === 0 && !isInFlight(response)) {
      this.#handOn(connection, exchange)
      return
    }
    waiting.push(exchange)
    if (waiting.length > 1) return
    response?.once('close', () => {
      this.#next(connection)
    })
    connection.socket.pause()
  }

  #handOn(connection: Connection, { response, handle }: Exchange): void {
    connection.response = response
    if (this.#stopping) this.#windUp(connection)
    handle()
  }

  #next(connection: Connection): void {
    const { waiting, socket } = connection
    if (!socket.writable) waiting.length = 0
    const exchange = waiting.shift()
    if (exchange === undefined) {
      this.#answerLast(connection)
      return
    }
    if (waiting.length === 0) socket.resume()
    if (waiting.length > 0 || connection.lastAnswer !== undefined)
      exchange.response.once('close', () => {
        this.#next(connection)
      })
    this.#handOn(connection, exchange)
  }

  /**
   * Lets a connection have its last answer, after those that its earlier requests still wait for. It is closed for good
   * a second later.
   */
  refuse(connection: Connection, answer: () => void): void {
    const { response, waiting } = connection
    const isAnswering = isInFlight(response) && response.req.complete
    connection.refused = true
    connection.since = Infinity
    connection.waiting = waiting.filter((exchange) => exchange.response.req.complete)
    connection.lastAnswer = answer
    if (!isAnswering && connection.waiting.length === 0) this.#answerLast(connection)
    // Where requests wait, the response has its listener already.
    else if (waiting.length === 0)
      response?.once('close', () => {
        this.#next(connection)
      })
  }

  #answerLast(connection: Connection): void {
    const { lastAnswer, socket } = connection
    connection.since = elapsedMs()
    connection.lastAnswer = undefined
    if (socket.writable) lastAnswer?.()
  }

  /**
   * Ends what is idle now, what is busy after its response, and what is left after the grace (milliseconds). Takes no
   * more. Resolves when all are closed.
   */
  stop(graceMs: number): Promise<void> {
    this.#stopping = true
    for (const connection of this.#open) this.#windUp(connection)
    if (this.size === 0) return Promise.resolve()
    this.#grace = setTimeout(() => this.#destroyAll(), graceMs)
    return new Promise((resolve) => (this.#onEmpty = resolve))
  }

  #windUp({ response, socket }: Connection): void {
    if (!isInFlight(response)) {
      socket.destroySoon()
      return
    }
    if (!response.headersSent) response.setHeader('Connection', 'close')
    response.once('close', () => socket.destroySoon())
  }

  #destroyAll(): void {
    for (const { raw } of this.#open) raw.destroy()
  }

  #remove(connection: Connection, peer: string): void {
    this.#open.delete(connection)
    if (this.#byPeer.get(peer) === connection) this.#byPeer.delete(peer)
    if (this.size > 0) return
    clearInterval(this.#checkTimer)
    clearTimeout(this.#grace)
    this.#checkTimer = undefined
    this.#onEmpty()
  }

  #checkMs(): number {
    const { headersTimeoutMs, bodyTimeoutMs, idleTimeoutMs, unreadTimeoutMs } = this.#limits
    return Math.min(
      MAX_CHECK_MS,
      Math.ceil(Math.min(headersTimeoutMs, bodyTimeoutMs, idleTimeoutMs, unreadTimeoutMs) / 4),
    )
  }

  #checkAll(): void {
    const now = elapsedMs()
    for (const connection of this.#open) {
      look(connection, now)
      if (connection.sent !== undefined && now - connection.sentAt > this.#limits.unreadTimeoutMs)
        connection.raw.destroy()
      else if (now - connection.since > this.#limitOf(connection)) this.#expire(connection)
    }
  }

  #limitOf(connection: Connection): number {
    if (connection.refused) return LINGER_MS
    if (connection.seen !== undefined) return isClientLate(connection.seen) ? this.#limits.bodyTimeoutMs : Infinity
    return connection.served ? this.#limits.idleTimeoutMs : this.#limits.headersTimeoutMs
  }

  #expire(connection: Connection): void {
    const hasBegun = connection.seen !== undefined || (connection.speaksHttp && !connection.served)
    if (hasBegun && !connection.refused) this.#onLate(connection)
    else connection.raw.destroy()
  }
}

/** Whether a response has not gone out yet. */
export function isInFlight(response: ServerResponse | undefined): response is ServerResponse {
  return response !== undefined && !response.writableFinished
}

function createConnection(raw: Socket): Connection {
  return {
    raw,
    socket: raw,
    speaksHttp: false,
    response: undefined,
    waiting: [],
    lastAnswer: undefined,
    seen: undefined,
    since: elapsedMs(),
    served: false,
    refused: false,
    sent: undefined,
    sentAt: elapsedMs(),
  }
}

/** Notices what has happened since the last look, and lets go of a response that has gone out. */
function look(connection: Connection, now: number): void {
  const { response, seen, refused, socket } = connection
  const sent = socket.writableLength === 0 ? undefined : sentBytes(connection)
  if (sent !== connection.sent) Object.assign(connection, { sent, sentAt: now })
  if (response === undefined || refused) return
  if (isInFlight(response)) {
    if (response !== seen) Object.assign(connection, { seen: response, since: now })
  } else {
    Object.assign(connection, { response: undefined, seen: undefined, since: now, served: true })
  }
}

/** Bytes that the kernel has taken. node:net tells no progress within a write, so this asks its handle, as its own time-out does. */
function sentBytes({ raw }: Connection): number {
  const { _handle: handle } = raw as Socket & { _handle?: { bytesWritten: number; writeQueueSize: number } | null }
  return handle === undefined || handle === null ? 0 : handle.bytesWritten - handle.writeQueueSize
}

/** A body that is not complete because we do not read it (a delay on purpose, say) is not the client's fault. */
function isClientLate({ req }: ServerResponse): boolean {
  return !req.complete && req.readableLength < req.readableHighWaterMark
}

function peerOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}

function ignore(): void {
  // Nobody to tell, nothing to do.
}
