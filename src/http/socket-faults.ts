import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'

/** A request whose response is to fail. Each function returns whether the request continues to its handler. */
export interface SocketFaultContext {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The TCP socket below a request's socket; undefined for a request without a connection, such as from `inject`. */
  readonly rawSocketOf: (socket: Socket) => Socket | undefined
}

/** Resets the TCP connection, below TLS if there is TLS. */
export function resetSocket({ request, reply, rawSocketOf }: SocketFaultContext): false {
  const raw = rawSocketOf(request.raw.socket)
  reply.hijack()
  if (raw === undefined) reply.raw.destroy()
  else raw.resetAndDestroy()
  return false
}

/** Closes the connection without an answer. */
export function closeSocket({ reply }: SocketFaultContext): false {
  reply.hijack()
  reply.raw.destroy()
  return false
}

/** Sends bytes that are not HTTP. */
export function sendGarbage({ request, reply, rawSocketOf }: SocketFaultContext): false {
  const { socket } = request.raw
  const isReal = rawSocketOf(socket) !== undefined
  reply.hijack()
  if (!isReal) reply.raw.destroy()
  else {
    socket.write('\u0000\u0001 this is not HTTP \u0002\r\n\r\n')
    socket.destroySoon()
  }
  return false
}

/** The request is handled, but its response is not sent: a client that retries a create creates a second job. */
export function loseAnswer({ reply: { raw } }: SocketFaultContext): true {
  raw.writeHead = () => raw
  raw.write = () => true
  raw.end = () => {
    raw.destroy()
    return raw
  }
  return true
}

/** The request is handled, and half of the response is sent, with the Content-Length of the whole. */
export function truncateAnswer({ request, reply: { raw }, rawSocketOf }: SocketFaultContext): true {
  const isReal = rawSocketOf(request.raw.socket) !== undefined
  const chunks: Buffer[] = []
  const write = raw.write.bind(raw)
  const collect = (chunk: unknown): boolean => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string))
    return true
  }
  // A large list is written in parts.
  raw.write = collect
  raw.end = (chunk?: unknown) => {
    collect(chunk)
    const whole = Buffer.concat(chunks)
    // `inject` has no connection that could end early, so it gets no response at all.
    if (!isReal || whole.length < 2) raw.destroy()
    else
      write(whole.subarray(0, Math.ceil(whole.length / 2)), () => {
        raw.destroy()
      })
    return raw
  }
  return true
}
