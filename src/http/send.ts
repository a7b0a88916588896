import type { FastifyReply, FastifyRequest } from 'fastify'
import { HINT_HEADER, JSON_TYPE, printable } from '../wire/headers.ts'
import { isRecord } from '../model/is-record.ts'
import { mergePatch, minify } from '../wire/raw-json.ts'
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
  // What a fault patches is not compressed yet.
  return reply.type(JSON_TYPE).send(request.call.patch === undefined ? compressed(text, request, reply) : text)
}

/** A response of more parts is sent part by part instead of being joined. */
const MAX_PARTS_AT_ONCE = 12

export function sendParts(request: FastifyRequest, reply: FastifyReply, parts: readonly string[]): FastifyReply {
  if (parts.length <= MAX_PARTS_AT_ONCE || request.call.patch !== undefined)
    return sendJson(request, reply, parts.join(''))
  return reply.type(JSON_TYPE).send(compressedStream(parts, request, reply))
}

/** The body of a response with the patch of a fault, if it has one and the body is JSON. */
export function patched({ call }: FastifyRequest, reply: FastifyReply, body: unknown): unknown {
  const isJson = /^application\/json\b/.test(String(reply.getHeader('content-type')))
  if (call.patch === undefined || typeof body !== 'string' || body === '' || !isJson) return body
  const text = mergePatch(minify(body), call.patch.value)
  // The client does not see the job's own status then.
  if (isRecord(call.patch.value) && 'overall_status' in call.patch.value) call.showedFinalStatus = false
  return text
}

export function hintIgnored(reply: FastifyReply, ignored: readonly string[]): void {
  if (ignored.length > 0)
    reply.header(HINT_HEADER, `ignored, since the vendor does not document it: ${printable(ignored.join(', '))}`)
}
