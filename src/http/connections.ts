/**
 * The open connections of one listener. node:http emits the requests of a connection as it reads them; here they are
 * handled one at a time, each after the response to the one before is sent. So a client that pipelines requests and
 * reads no responses makes the server hold at most one response.
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { clearTimeout, setTimeout } from '../timers.ts'

/** One TCP connection with its state. */
export interface Connection {
  readonly raw: Socket
  /** The socket of the requests: the raw one, or the TLS socket above it. */
  socket: Socket
  /** The response to the latest handled request: in flight or just sent. */
  response: ServerResponse | undefined
  /** Requests that were read meanwhile. While there are any, no more are read. */
  waiting: Exchange[]
  /** Writes the last response, after those before it are sent. */
  lastAnswer: (() => void) | undefined
  /** True if only the last response is still to be sent, and the connection stays open for the client to read it. */
  refused: boolean
  /** Bytes that the kernel had accepted at the previous call of `isStuck`. */
  sentBytes: number | undefined
}

/** A request, with its response and its handler. */
interface Exchange {
  readonly response: ServerResponse
  readonly handle: () => void
}

/** Time for which a refused client may read its response. */
const LINGER_MS = 1000

export class Connections {
  readonly #open = new Set<Connection>()
  readonly #bySocket = new WeakMap<Socket, Connection>()
  #isStopping = false
  #onEmpty: () => void = () => undefined

  get size(): number {
    return this.#open.size
  }

  /** The connection of a raw socket, or of the TLS socket above it. */
  find(socket: Socket): Connection | undefined {
    return this.#bySocket.get(socket)
  }

  /** Adds a connection that was just accepted. */
  add(raw: Socket): void {
    const idle = { response: undefined, waiting: [], lastAnswer: undefined, refused: false, sentBytes: undefined }
    const connection: Connection = { raw, socket: raw, ...idle }
    this.#open.add(connection)
    this.#bySocket.set(raw, connection)
    raw.once('close', () => {
      this.#open.delete(connection)
      if (this.size === 0) this.#onEmpty()
    })
    if (this.#isStopping) raw.destroy()
  }

  /** Registers the socket of the requests: the raw one, or the TLS socket above it. */
  startHttp(socket: Socket, raw: Socket): void {
    const connection = this.find(raw)
    if (connection === undefined) return
    connection.socket = socket
    this.#bySocket.set(socket, connection)
    // node:http resumes a socket when a handler reads a body. Its own listener must be called before this one.
    socket.on('resume', () => {
      if (connection.waiting.length > 0) socket.pause()
    })
  }

  /**
   * True if a silent connection can be closed: it is idle, or its client has read nothing of a response since the
   * previous call. A response that its handler has not finished is no reason to close it.
   */
  isStuck(socket: Socket): boolean {
    const connection = this.find(socket)
    if (connection === undefined || !isInFlight(connection.response)) return true
    if (socket.writableLength === 0) return false
    const before = connection.sentBytes
    connection.sentBytes = sentBytesOf(connection)
    return before === connection.sentBytes
  }

  /** Handles a request, at once or after those before it. Called per request: must stay cheap. */
  request(exchange: Exchange): void {
    const connection = this.find(exchange.response.req.socket)
    if (connection === undefined || connection.refused) return
    const { waiting, response, socket } = connection
    if (waiting.length === 0 && !isInFlight(response)) {
      this.#handOn(connection, exchange)
      return
    }
    waiting.push(exchange)
    if (waiting.length > 1) return
    response?.once('close', () => {
      this.#next(connection)
    })
    socket.pause()
  }

  #handOn(connection: Connection, { response, handle }: Exchange): void {
    connection.response = response
    if (this.#isStopping) closeWhenIdle(connection)
    handle()
  }

  #next(connection: Connection): void {
    const { waiting, socket } = connection
    if (!socket.writable) waiting.length = 0
    const exchange = waiting.shift()
    if (exchange === undefined) {
      answerLast(connection)
      return
    }
    if (waiting.length === 0) socket.resume()
    if (waiting.length > 0 || connection.lastAnswer !== undefined)
      exchange.response.once('close', () => {
        this.#next(connection)
      })
    this.#handOn(connection, exchange)
  }

  /** Sends a last response, after those of earlier requests, and closes the connection. */
  refuse(connection: Connection, answer: () => void): void {
    const { response, waiting } = connection
    const isAnswering = isInFlight(response) && response.req.complete
    connection.refused = true
    connection.waiting = waiting.filter((exchange) => exchange.response.req.complete)
    connection.lastAnswer = answer
    if (!isAnswering && connection.waiting.length === 0) answerLast(connection)
    // If requests wait, the response already has its listener.
    else if (waiting.length === 0)
      response?.once('close', () => {
        this.#next(connection)
      })
  }

  /**
   * Closes idle connections now, busy ones after their response, and the rest after the grace period (milliseconds).
   * New ones are closed at once. Resolves when all are closed.
   */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    for (const connection of this.#open) closeWhenIdle(connection)
    if (this.size === 0) return
    const grace = setTimeout(() => {
      for (const { raw } of this.#open) raw.destroy()
    }, graceMs)
    await new Promise<void>((resolve) => (this.#onEmpty = resolve))
    clearTimeout(grace)
  }
}

/** True if a response is not completely sent. */
export function isInFlight(response: ServerResponse | undefined): response is ServerResponse {
  return response !== undefined && !response.writableFinished
}

function closeWhenIdle({ response, socket }: Connection): void {
  if (!isInFlight(response)) {
    socket.destroySoon()
    return
  }
  if (!response.headersSent) response.setHeader('Connection', 'close')
  response.once('close', () => socket.destroySoon())
}

function answerLast({ lastAnswer, socket, raw }: Connection): void {
  if (lastAnswer === undefined) return
  if (socket.writable) lastAnswer()
  const linger = setTimeout(() => raw.destroy(), LINGER_MS)
  raw.once('close', () => {
    clearTimeout(linger)
  })
}

/** node:net shows no progress within one write, and node:tls none at all; the handle of the raw socket does. */
function sentBytesOf({ raw }: Connection): number {
  const { _handle: handle } = raw as Socket & { _handle?: { bytesWritten: number; writeQueueSize: number } | null }
  return handle === undefined || handle === null ? 0 : handle.bytesWritten - handle.writeQueueSize
}
