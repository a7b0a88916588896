/**
 * The open connections of one listener. The outer server of httpolyglot keeps no list of them and its inner http server
 * never learns that it listens, so what node:http does elsewhere (time-outs, ending idle connections on close) is done
 * here. A request writes one field, and one timer looks at all connections once in a while.
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
  /** The newest one, in flight or just gone out; with the next field all that a request touches. */
  response: ServerResponse | undefined
  /** The one before it, which was still in flight when its request came: the client does not wait for answers. */
  ahead: ServerResponse | undefined
  /** The one in flight that the timer has seen. */
  seen: ServerResponse | undefined
  /** When it was opened or refused, or the timer saw that a request came or the last response went (monotonic, ms). */
  since: number
  served: boolean
  /** It got its last answer and is only open so that the client can read it. */
  refused: boolean
}

/** How long a connection may take, in milliseconds. */
export interface Limits {
  /** From its opening to its first complete request header, a TLS handshake included. */
  headersTimeoutMs: number
  /** From a request's header to the end of its body. */
  bodyTimeoutMs: number
  /** From a response to the next complete request header. */
  idleTimeoutMs: number
}

/** How long a refused client may take to read its answer. */
const LINGER_MS = 1000
const LONGEST_SWEEP_MS = 1000

export class Connections {
  readonly #limits: Limits
  readonly #onLate: (connection: Connection) => void
  readonly #open = new Set<Connection>()
  readonly #byPeer = new Map<string, Connection>()
  readonly #bySocket = new WeakMap<Socket, Connection>()
  #stopping = false
  #sweeper: NodeJS.Timeout | undefined
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
    this.#sweeper ??= setInterval(() => this.#sweep(), this.#sweepMs()).unref()
  }

  /** Learns that HTTP is spoken on this socket, which may be a TLS socket above a known one: they share their peer. */
  speaksHttp(socket: Socket): void {
    const connection = this.#bySocket.get(socket) ?? this.#byPeer.get(peerOf(socket))
    if (connection === undefined) return void socket.destroy() // its peer has gone meanwhile
    connection.socket = socket
    connection.speaksHttp = true
    this.#bySocket.set(socket, connection)
  }

  /** Learns that a request came. Called for every one, so it does next to nothing. */
  requested(response: ServerResponse): void {
    const connection = this.#bySocket.get(response.req.socket)
    if (connection === undefined) return
    connection.ahead = isInFlight(connection.response) ? connection.response : undefined
    connection.response = response
    if (this.#stopping) this.#windUp(connection)
  }

  /**
   * Lets a connection have its last answer, after those that its earlier requests still wait for. It is closed for good
   * a second later.
   */
  refuse(connection: Connection, answer: () => void): void {
    const last = (): void => {
      connection.since = elapsedMs()
      answer()
    }
    connection.refused = true
    connection.since = Infinity
    const earlier = lastWhole(connection)
    if (isInFlight(earlier)) earlier.once('close', last)
    else last()
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
    clearInterval(this.#sweeper)
    clearTimeout(this.#grace)
    this.#sweeper = undefined
    this.#onEmpty()
  }

  #sweepMs(): number {
    const { headersTimeoutMs, bodyTimeoutMs, idleTimeoutMs } = this.#limits
    return Math.min(LONGEST_SWEEP_MS, Math.ceil(Math.min(headersTimeoutMs, bodyTimeoutMs, idleTimeoutMs) / 4))
  }

  #sweep(): void {
    const now = elapsedMs()
    for (const connection of this.#open) {
      look(connection, now)
      if (now - connection.since > this.#limitOf(connection)) this.#expire(connection)
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

/** The response to the last request that came as a whole. */
function lastWhole({ response, ahead }: Connection): ServerResponse | undefined {
  return response?.req.complete === true ? response : ahead
}

function createConnection(raw: Socket): Connection {
  return {
    raw,
    socket: raw,
    speaksHttp: false,
    response: undefined,
    ahead: undefined,
    seen: undefined,
    since: elapsedMs(),
    served: false,
    refused: false,
  }
}

/** Notices what has happened since the last look, and lets go of a response that has gone out. */
function look(connection: Connection, now: number): void {
  const { response, seen, refused } = connection
  if (response === undefined || refused) return
  if (isInFlight(response)) {
    if (response !== seen) Object.assign(connection, { seen: response, since: now })
  } else {
    Object.assign(connection, { response: undefined, seen: undefined, since: now, served: true })
  }
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
