import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Shorter bodies gain nothing on a loopback or a local network. */
const LEAST_BYTES = 4096

/** A long body, compressed if the client asks for it; sets the headers that say so. */
export function compressed(text: string, request: FastifyRequest, reply: FastifyReply): string | Buffer {
  if (text.length < LEAST_BYTES) return text
  reply.header('vary', 'accept-encoding')
  const encoding = wanted(request.headers['accept-encoding'] ?? '')
  if (encoding === undefined) return text
  reply.header('content-encoding', encoding)
  if (encoding === 'gzip') return gzipSync(text, { level: 1 })
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
}

function wanted(accepted: string | string[]): 'gzip' | 'br' | undefined {
  const encodings = String(accepted)
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]?.trim().toLowerCase())
  if (encodings.includes('gzip') || encodings.includes('*')) return 'gzip'
  return encodings.includes('br') ? 'br' : undefined
}
