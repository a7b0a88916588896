import { Readable } from 'node:stream'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { InjectRequest } from '../model/inject.ts'
import { refuseFakedScheduling, setImmediate } from '../timers.ts'

/** A request without a socket. */
type Inject = (request: InjectRequest | InjectOptions | string) => Promise<LightMyRequestResponse>

/**
 * Sends requests to the app in this process, also under a test's fake timers. light-my-request sends a body with the
 * global `setImmediate`, which may be fake, but it sends a stream without it.
 */
export function createInject(app: FastifyInstance): Inject {
  return async (request) => {
    refuseFakedScheduling()
    // light-my-request treats an undefined member as absent, although its types do not say so.
    const options = (typeof request === 'string' ? { url: request } : request) as InjectOptions
    return app.inject(streamed(options))
  }
}

function streamed(options: InjectOptions): InjectOptions {
  const { payload, body, headers = {}, simulate, ...rest } = options
  const given = payload ?? body
  if (simulate !== undefined || isStreamLike(given)) return options
  const bytes = bytesOf(given)
  return {
    ...rest,
    headers: {
      ...(isPlainObject(given) && !has(headers, 'content-type') && { 'content-type': 'application/json' }),
      ...(bytes.length > 0 && !has(headers, 'content-length') && { 'content-length': String(bytes.length) }),
      ...headers,
    },
    payload: streamOf(bytes),
  }
}

function bytesOf(payload: InjectOptions['payload']): Buffer {
  if (payload === undefined) return Buffer.alloc(0)
  if (Buffer.isBuffer(payload)) return payload
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
}

function isPlainObject(payload: InjectOptions['payload']): boolean {
  return typeof payload === 'object' && !Buffer.isBuffer(payload)
}

/** A stream, or a form, from which light-my-request makes a stream. */
function isStreamLike(payload: InjectOptions['payload']): boolean {
  return typeof payload === 'object' && ('resume' in payload || payload instanceof FormData)
}

function has(headers: NonNullable<InjectOptions['headers']>, name: string): boolean {
  return Object.keys(headers).some((each) => each.toLowerCase() === name)
}

function streamOf(bytes: Buffer): Readable {
  let isRead = false
  return new Readable({
    read() {
      if (isRead) return
      isRead = true
      // In a later turn of the event loop, like a body from a socket.
      setImmediate(() => {
        if (bytes.length > 0) this.push(bytes)
        this.push(null)
      })
    },
  })
}
