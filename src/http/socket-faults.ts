import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'

/** An answer that is to go wrong. Each function tells whether the request goes on to its handler. */
export interface SocketPlace {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The TCP socket below a request's socket; undefined where there is none, as inside the process. */
  readonly rawSocketOf: (socket: Socket) => Socket | undefined
}

/** The connection ends with a TCP reset, below TLS where there is TLS. */
export function resetSocket(place: SocketPlace): false {
  const raw = place.rawSocketOf(place.request.raw.socket)
  place.reply.hijack()
  if (raw === undefined) place.reply.raw.destroy()
  else raw.resetAndDestroy()
  return false
}

/** The connection ends without an answer. */
export function closeSocket({ reply }: SocketPlace): false {
  reply.hijack()
  reply.raw.destroy()
  return false
}

/** Something comes that is not HTTP. */
export function sendGarbage({ request, reply, rawSocketOf }: SocketPlace): false {
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

/** The work is done, and nobody hears of it: the trap of the job that is created twice. */
export function loseAnswer({ reply: { raw } }: SocketPlace): true {
  raw.writeHead = () => raw
  raw.write = () => true
  raw.end = () => {
    raw.destroy()
    return raw
  }
  return true
}

/** The work is done, and half of the answer comes, under the length of the whole. */
export function truncateAnswer({ request, reply: { raw }, rawSocketOf }: SocketPlace): true {
  const isReal = rawSocketOf(request.raw.socket) !== undefined
  const chunks: Buffer[] = []
  const write = raw.write.bind(raw)
  const keep = (chunk: unknown): boolean => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string))
    return true
  }
  // A large list comes in parts.
  raw.write = keep
  raw.end = (chunk?: unknown) => {
    keep(chunk)
    const whole = Buffer.concat(chunks)
    // Inside the process there is no connection that could end early, so nothing comes at all.
    if (!isReal || whole.length < 2) raw.destroy()
    else
      write(whole.subarray(0, Math.ceil(whole.length / 2)), () => {
        raw.destroy()
      })
    return raw
  }
  return true
}
