import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { BodyError, EmulatorError } from '../errors.ts'

/** The largest body of the vendor's API. */
export const MAX_BODY_MIB = 1

type Done = (error: Error | null, body?: unknown) => void

/**
 * Bodies are JSON regardless of their Content-Type, and an empty body counts as none: real clients send a JSON
 * Content-Type with a cancel or a delete that has no body (Ansible, the Python SDK, the Terraform provider).
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  // Fastify refuses a body with an invalid Content-Type before it calls a parser.
  app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    const type = headers['content-type']
    if (type !== undefined && !MEDIA_TYPE.test(type)) headers['content-type'] = JSON_TYPE
    done()
  })
  app.addHook('preParsing', ({ headers }, _reply, _payload, done) => {
    if (hasBody(headers)) refuseEncoded(headers)
    done()
  })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request: FastifyRequest, bytes: Buffer, done: Done) => {
    request.call.bodyBytes = bytes.length
    if (!isUtf8Text(bytes)) {
      done(new BodyError('is not UTF-8 text'))
      return
    }
    const text = bytes.toString()
    if (text.trim() === '') done(null, undefined)
    else
      void parseJson(request, text, (error, body) => {
        if (error !== null) done(new BodyError('is not valid JSON, or has a key such as __proto__'))
        else if (isDeeperThan(MAX_LEVELS, body)) done(new BodyError(`has more than ${MAX_LEVELS} levels`))
        else done(null, body)
      })
  })
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Nothing is decompressed, since no known client compresses bodies. */
function refuseEncoded(headers: IncomingHttpHeaders): void {
  const codings = (headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim().toLowerCase())
  const coding = codings.find((each) => each !== '' && each !== 'identity')
  if (coding === undefined) return
  throw new EmulatorError(
    'unsupportedMediaType',
    `Content-Encoding: ${coding.slice(0, 100)} is not supported`,
    'send the body as it is, without Content-Encoding',
  )
}

/**
 * JSON is UTF-8 (RFC 8259, 8.1), whatever a `charset` says. UTF-16 without a byte order mark is well-formed UTF-8 as long as
 * it holds ASCII only, but its zero bytes cannot begin JSON.
 */
function isUtf8Text(bytes: Buffer): boolean {
  return isUtf8(bytes) && !(bytes.length > 1 && bytes.subarray(0, 4).includes(0))
}

const JSON_TYPE = 'application/json'
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/

/** Functions that read a body are recursive: the limit protects the stack. CM's own bodies have three levels. */
const MAX_LEVELS = 100

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  // No copy of a list and no closure per object: a seed document may have a million objects.
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  for (const member of members) if (isDeeperThan(levels - 1, member)) return true
  return false
}
