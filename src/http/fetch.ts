import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { inject } from 'light-my-request'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { finished, pipeline, Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { refuseFakedScheduling } from '../timers.ts'

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * `fetch` without a socket. It handles a response like Node's fetch: decodes it, fails with a TypeError where the
 * connection would break, and ends the request on the server when its signal aborts.
 */
export function createFetch(app: FastifyInstance): Fetch {
  return async (input, init) => {
    refuseFakedScheduling()
    const request = requestOf(input, init)
    const { signal } = request
    signal.throwIfAborted()
    const body = await bodyOf(request)
    return exchange(app, { request, body })
  }
}

/** The host of the URL does not matter, so a path alone is enough. */
function requestOf(input: string | URL | Request, init: RequestInit | undefined): Request {
  const request = new Request(typeof input === 'string' ? new URL(input, 'http://localhost') : input, init)
  if (!/^https?:/.test(request.url)) throw failed(new Error('unknown scheme'))
  return request
}

async function bodyOf({ body, signal }: Request): Promise<Buffer | undefined> {
  if (body === null) return undefined
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined)
  signal.addEventListener('abort', cancel)
  try {
    const chunks: Uint8Array[] = []
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value)
    }
    signal.throwIfAborted()
    return Buffer.concat(chunks)
  } catch (error) {
    throw signal.aborted ? signal.reason : failed(error)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

interface FetchCall {
  readonly request: Request
  readonly body: Buffer | undefined
}

async function exchange(app: FastifyInstance, { request, body }: FetchCall): Promise<Response> {
  const { signal } = request
  let raw: ServerResponse | undefined
  const abandon = (): void => void raw?.destroy()
  signal.addEventListener('abort', abandon)
  const dispatch = (message: IncomingMessage, response: ServerResponse): void => {
    raw = response
    response.once('close', () => {
      signal.removeEventListener('abort', abandon)
    })
    app.routing(message, response)
  }
  try {
    const answer = await inject(dispatch, injectionOf({ request, body }))
    if (request.redirect === 'error' && REDIRECTS.has(answer.statusCode)) throw new Error('unexpected redirect')
    return responseOf(answer, { request, abandon })
  } catch (error) {
    throw signal.aborted ? signal.reason : failed(error)
  }
}

/** Methods whose requests have a Content-Length even without a body. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

function injectionOf({ request, body }: FetchCall) {
  const { pathname, search } = new URL(request.url)
  const length = body?.length ?? (WITH_BODY.has(request.method) ? 0 : undefined)
  return {
    method: request.method as 'GET',
    url: pathname + search,
    headers: {
      ...Object.fromEntries(request.headers),
      ...(length !== undefined && { 'content-length': String(length) }),
    },
    // A stream, because light-my-request sends other bodies with setImmediate, which a test may have faked.
    ...(length !== undefined && { payload: Readable.from(body === undefined ? [] : [body], { objectMode: false }) }),
    payloadAsStream: true,
  }
}

/** The error of Node's fetch if there is no response, or if it ends early. */
function failed(cause: unknown, message: 'fetch failed' | 'terminated' = 'fetch failed'): TypeError {
  const isBroken = cause instanceof Error && 'code' in cause && cause.code === 'LIGHT_ECONNRESET'
  const reason = isBroken ? Object.assign(new Error('socket hang up', { cause }), { code: 'ECONNRESET' }) : cause
  return new TypeError(message, { cause: reason })
}

const BODILESS = new Set([101, 204, 205, 304])
const REDIRECTS = new Set([301, 302, 303, 307, 308])

interface ResponseParts {
  readonly request: Request
  /** Ends the request on the server. */
  readonly abandon: () => void
}

function responseOf(answer: LightMyRequestResponse, { request, abandon }: ResponseParts): Response {
  const { statusCode: status, statusMessage: statusText } = answer
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
  )
  const isBodiless = request.method === 'HEAD' || BODILESS.has(status)
  const content = decoded(answer.stream(), isBodiless ? undefined : answer.headers['content-encoding']?.toString())
  const body = webStreamOf(content, { request, abandon })
  const response = new Response(isBodiless ? null : body, { status, statusText, headers })
  return withUrl(response, request.url.replace(/#.*$/, ''))
}

function decoded(stream: Readable, encoding = ''): Readable {
  const decoder = DECODERS[encoding.toLowerCase()]?.()
  if (decoder === undefined) return stream
  // The error is that of the last stream.
  return pipeline(stream, decoder, () => undefined)
}

const DECODERS: Readonly<Record<string, (() => ReturnType<typeof createGunzip>) | undefined>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Buffers chunks as they arrive, like a socket: a response that is not read must not keep its request open. */
function webStreamOf(stream: Readable, { request: { signal }, abandon }: ResponseParts): ReadableStream<Uint8Array> {
  let isOver = false
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      const end = (error?: unknown): void => {
        if (isOver) return
        isOver = true
        signal.removeEventListener('abort', abort)
        if (error === undefined) controller.close()
        else controller.error(error)
      }
      const abort = (): void => {
        end(signal.reason)
      }
      signal.addEventListener('abort', abort)
      stream.on('data', (chunk: Buffer) => {
        if (!isOver) controller.enqueue(new Uint8Array(chunk))
      })
      // Also if the stream has ended already.
      finished(stream, (error) => {
        end(error ? failed(error, 'terminated') : undefined)
      })
    },
    cancel: () => {
      isOver = true
      abandon()
    },
  })
}

/** The constructor of `Response` does not take these. */
function withUrl(response: Response, url: string): Response {
  return Object.defineProperties(response, {
    url: { value: url },
    type: { value: 'basic' },
    clone: { value: () => withUrl(Response.prototype.clone.call(response), url) },
  })
}
