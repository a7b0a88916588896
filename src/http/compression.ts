import { Readable } from 'node:stream'
import { brotliCompressSync, constants, createBrotliCompress, createGzip, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { overTurns } from '../timers.ts'

/** Shorter bodies gain nothing on a loopback or a local network. */
const MIN_BYTES = 4096

/** Compresses a long body if the client accepts it, and sets the headers. */
export function compressed(text: string, request: FastifyRequest, reply: FastifyReply): string | Buffer {
  if (text.length < MIN_BYTES) return text
  reply.header('vary', 'accept-encoding')
  const coding = preferredCoding(request.headers['accept-encoding'] ?? '')
  if (coding === 'identity') return text
  reply.header('content-encoding', coding)
  return coding === 'gzip' ? gzipSync(text, GZIP) : brotliCompressSync(text, BROTLI)
}

/** The same for a body that is too large to send at once: one part in each turn of the event loop. */
export function compressedStream(parts: readonly string[], request: FastifyRequest, reply: FastifyReply): Readable {
  const body = Readable.from(overTurns(parts))
  reply.header('vary', 'accept-encoding')
  const coding = preferredCoding(request.headers['accept-encoding'] ?? '')
  if (coding === 'identity') {
    reply.header('content-length', String(lengthOf(parts)))
    return body
  }
  reply.header('content-encoding', coding)
  return body.pipe(coding === 'gzip' ? createGzip(GZIP) : createBrotliCompress(BROTLI))
}

function lengthOf(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0)
}

const GZIP = { level: 1 }
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

type Coding = 'gzip' | 'br' | 'identity'

/**
 * The coding with the highest weight in an Accept-Encoding header (RFC 9110, 12.5.3); of equal weights gzip, then
 * brotli. Without a header, or an accepted coding, the body is sent unencoded.
 */
function preferredCoding(header: string): Coding {
  const weights = readWeights(header)
  const others = weights.get('*')
  const weightOf = (coding: string): number => weights.get(coding) ?? others ?? 0
  const gzip = Math.max(weightOf('gzip'), weights.get('x-gzip') ?? 0)
  const offers: readonly (readonly [Coding, number])[] = [
    ['gzip', gzip],
    ['br', weightOf('br')],
    // If the header does not name it, every accepted coding takes precedence.
    ['identity', weights.get('identity') ?? 0],
  ]
  const [best, weight] = offers.reduce((first, second) => (second[1] > first[1] ? second : first))
  return weight > 0 ? best : 'identity'
}

const QVALUE = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** Weights by coding, in lower case. An invalid weight counts as 0, so that the body is sent as it is. */
function readWeights(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>()
  for (const element of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = element.split(';').map((part) => part.trim())
    const q = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '') ?? '1'
    if (coding !== '') weights.set(coding, QVALUE.test(q) ? Number(q) : 0)
  }
  return weights
}
