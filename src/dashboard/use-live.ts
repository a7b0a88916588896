import { useEffect, useState } from 'preact/hooks'
import { inDomain, type Api } from './api.ts'
import { toApiError } from './use-resource.ts'
import { backOffMs, createPace } from './throttle.ts'

/** `absent`: the emulator answers, but it has no such domain. */
export type LiveState = 'connecting' | 'live' | 'lost' | 'absent'

/** The page reloads its data at most this often. */
const REFRESH_MS = 250

/** Follows the events of a domain and reconnects by itself. Calls `onNews` for them, throttled. */
export function useLive(api: Api, domain: string, onNews: () => void): LiveState {
  const [connection, setConnection] = useState<LiveState>('connecting')
  useEffect(() => {
    const controller = new AbortController()
    const pace = createPace(REFRESH_MS, onNews)
    void follow({ api, domain, signal: controller.signal, onNews: pace.ask, onConnection: setConnection })
    return () => {
      pace.stop()
      controller.abort()
    }
  }, [api, domain, onNews])
  return connection
}

interface FollowOptions {
  readonly api: Api
  readonly domain: string
  readonly signal: AbortSignal
  readonly onNews: () => void
  readonly onConnection: (connection: LiveState) => void
}

async function follow({ api, domain, signal, onNews, onConnection }: FollowOptions): Promise<void> {
  onConnection('connecting')
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    let ended: LiveState = 'lost'
    try {
      const events = await api.events(inDomain(domain, '/events?changes=true'), signal)
      attempt = 0
      onConnection('live')
      // For events that were missed before the connection.
      onNews()
      for await (const _event of events) onNews()
    } catch (error) {
      // The connection's state and the other calls of the page report it.
      if (toApiError(error).status === 404) ended = 'absent'
    }
    if (isOver(signal)) return
    onConnection(ended)
    onNews()
    await passed(backOffMs(attempt), signal)
  }
}

/** A function, so that the compiler does not assume the value of an earlier check. */
function isOver({ aborted }: AbortSignal): boolean {
  return aborted
}

function passed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
