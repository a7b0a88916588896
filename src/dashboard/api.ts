import { EventSourceParserStream } from 'eventsource-parser/stream'

/** An error of the control API, or status 0 if it cannot be reached. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
  }
}

export interface Api {
  get: <T>(path: string, signal?: AbortSignal) => Promise<T>
  send: <T = void>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => Promise<T>
  /** The events of a domain until the connection ends. Not by EventSource, which cannot send a token. */
  events: (path: string, signal: AbortSignal) => Promise<ReadableStream<{ readonly event?: string | undefined }>>
}

const BASE = '/__admin'

export function createApi(token: string | undefined): Api {
  const lock: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }

  async function ask(path: string, init: RequestInit, headers: Record<string, string> = {}): Promise<Response> {
    const answer = await fetch(BASE + path, { ...init, headers: { ...lock, ...headers } }).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new ApiError(0, 'The emulator does not answer.')
    })
    if (!answer.ok) throw new ApiError(answer.status, await refusalOf(answer))
    return answer
  }

  return {
    get: async <T>(path: string, signal?: AbortSignal) =>
      (await (await ask(path, signal === undefined ? {} : { signal })).json()) as T,
    send: async <T>(method: string, path: string, body?: object) => {
      const answer = await (body === undefined
        ? ask(path, { method })
        : ask(path, { method, body: JSON.stringify(body) }, { 'content-type': 'application/json' }))
      const text = await answer.text()
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    events: async (path, signal) => {
      const { body } = await ask(path, { signal })
      if (body === null) throw new ApiError(0, 'The emulator does not answer.')
      return body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
    },
  }
}

async function refusalOf(answer: Response): Promise<string> {
  const text = await answer.text()
  const hint = answer.headers.get('x-emulator-hint')
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } }
    return [error?.message ?? `The answer was ${answer.status}.`, hint].filter(Boolean).join('; ')
  } catch {
    return `The answer was ${answer.status}.`
  }
}

/** The path of a domain's resource. */
export function inDomain(domain: string, path: string): string {
  return `/domains/${encodeURIComponent(domain)}${path}`
}
