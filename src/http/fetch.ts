import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { inject } from 'light-my-request'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { finished, pipeline, Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { refuseFakedScheduling } from '../timers.ts'

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * `fetch` without a socket. It does what Node's fetch does with an answer of the server: decodes it, fails with a TypeError
 * where the connection would break, and ends the request on the server when its signal aborts.
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

interface Exchange {
  readonly request: Request
  readonly body: Buffer | undefined
}

async function exchange(app: FastifyInstance, { request, body }: Exchange): Promise<Response> {
  const { signal } = request
  let raw: ServerResponse | undefined
  const leave = (): void => void raw?.destroy()
  signal.addEventListener('abort', leave)
  const dispatch = (message: IncomingMessage, response: ServerResponse): void => {
    raw = response
    response.once('close', () => {
      signal.removeEventListener('abort', leave)
    })
    app.routing(message, response)
  }
  try {
    const answer = await inject(dispatch, injectionOf({ request, body }))
    if (request.redirect === 'error' && REDIRECTS.has(answer.statusCode)) throw new Error('unexpected redirect')
    return responseOf(answer, { request, leave })
  } catch (error) {
    throw signal.aborted ? signal.reason : failed(error)
  }
}

/** Methods whose requests say that they have no body. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

function injectionOf({ request, body }: Exchange) {
  const { pathname, search } = new URL(request.url)
  const length = body?.length ?? (WITH_BODY.has(request.method) ? 0 : undefined)
  return {
    method: request.method as 'GET',
    url: pathname + search,
    headers: {
      ...Object.fromEntries(request.headers),
      ...(length !== undefined && { 'content-length': String(length) }),
    },
    // A stream is read without setImmediate, which a test may have faked.
    ...(length !== undefined && { payload: Readable.from(body === undefined ? [] : [body], { objectMode: false }) }),
    payloadAsStream: true,
  }
}

/** Fails as Node's fetch does where there is no answer, or where it breaks off. */
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
  readonly leave: () => void
}

function responseOf(answer: LightMyRequestResponse, { request, leave }: ResponseParts): Response {
  const { statusCode: status, statusMessage: statusText } = answer
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
  )
  const isBodiless = request.method === 'HEAD' || BODILESS.has(status)
  const content = decoded(answer.stream(), isBodiless ? undefined : answer.headers['content-encoding']?.toString())
  const body = webStreamOf(content, { request, leave })
  const response = new Response(isBodiless ? null : body, { status, statusText, headers })
  return labelled(response, request.url.replace(/#.*$/, ''))
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

/** Takes what comes at once, as a socket does: an answer that nobody reads must not keep its request open. */
function webStreamOf(stream: Readable, { request: { signal }, leave }: ResponseParts): ReadableStream<Uint8Array> {
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
      // Also where it ended before anybody listened.
      finished(stream, (error) => {
        end(error ? failed(error, 'terminated') : undefined)
      })
    },
    cancel: () => {
      isOver = true
      leave()
    },
  })
}

/** The constructor of `Response` does not take these. */
function labelled(response: Response, url: string): Response {
  return Object.defineProperties(response, {
    url: { value: url },
    type: { value: 'basic' },
    clone: { value: () => labelled(Response.prototype.clone.call(response), url) },
  })
}
