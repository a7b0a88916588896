import type { FastifyReply, FastifyRequest } from 'fastify'
import { HINT_HEADER, JSON_TYPE, printable } from '../wire/headers.ts'
import { compressed, compressedStream } from './compression.ts'

/** Aborts when the response is sent, or its client disconnects. */
export function closeSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    controller.abort()
  })
  return controller.signal
}

export function sendJson(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  return reply.type(JSON_TYPE).send(compressed(text, request, reply))
}

/** A response of more parts is sent part by part instead of being joined. */
const MAX_PARTS_AT_ONCE = 12

export function sendParts(request: FastifyRequest, reply: FastifyReply, parts: readonly string[]): FastifyReply {
  if (parts.length <= MAX_PARTS_AT_ONCE) return sendJson(request, reply, parts.join(''))
  return reply.type(JSON_TYPE).send(compressedStream(parts, request, reply))
}

export function hintIgnored(reply: FastifyReply, ignored: readonly string[]): void {
  if (ignored.length > 0)
    reply.header(HINT_HEADER, `ignored, since the vendor does not document it: ${printable(ignored.join(', '))}`)
}
