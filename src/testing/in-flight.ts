import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'

/**
 * The requests of this process to an emulator, from their start on. The server sees a request only when it arrives, and a
 * wait must not end in between.
 */
export interface LocalRequests {
  /** The number of requests started so far. */
  readonly started: () => number
  /** The number of requests that have not ended. */
  readonly open: () => number
  /** Resolves once none is open. */
  readonly idle: () => Promise<void>
  readonly stop: () => void
}

interface UndiciRequest {
  readonly origin?: string | URL
  readonly path: string
}

type Message = Readonly<Record<string, unknown>>

/** Watches the requests of fetch and undici, and of node:http and node:https, to any of these hosts (`127.0.0.1:7443`). */
export function watchLocalRequests(hosts: readonly string[]): LocalRequests {
  const open = new Set<unknown>()
  let started = 0
  let waiting: (() => void)[] = []

  const begin = (request: unknown, host: string, path: string): void => {
    if (!hosts.includes(host) || path.startsWith('/__admin')) return
    started += 1
    open.add(request)
  }
  const end = (request: unknown): void => {
    open.delete(request)
    if (open.size > 0) return
    const resolved = waiting
    waiting = []
    for (const resolve of resolved) resolve()
  }
  const listeners: Readonly<Record<string, (message: Message) => void>> = {
    'undici:request:create': ({ request }) => {
      const { origin, path } = request as UndiciRequest
      if (origin !== undefined) begin(request, new URL(origin).host, path)
    },
    'undici:request:trailers': ({ request }) => end(request),
    'undici:request:error': ({ request }) => end(request),
    'http.client.request.start': ({ request }) => {
      const sent = request as ClientRequest
      begin(sent, String(sent.getHeader('host') ?? sent.host), sent.path)
      // The last event of every request, even of one that fails.
      if (open.has(sent)) sent.once('close', () => end(sent))
    },
  }
  const subscriptions = Object.entries(listeners).map(([name, listener]) => {
    const onMessage = (message: unknown): void => listener(message as Message)
    subscribe(name, onMessage)
    return { name, onMessage }
  })
  return {
    started: () => started,
    open: () => open.size,
    idle: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop: () => {
      for (const { name, onMessage } of subscriptions) unsubscribe(name, onMessage)
      open.clear()
      end(undefined)
    },
  }
}
