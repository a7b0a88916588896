import { useEffect, useState } from 'preact/hooks'
import { inDomain, type Api } from './api.ts'
import { toApiError } from './use-resource.ts'
import { backOffMs, createPace } from './throttle.ts'

/** `absent`: the emulator answers, but it has no such domain. */
export type Connection = 'connecting' | 'live' | 'lost' | 'absent'

/** At most so often is everything on the page asked for again, however much happens. */
const REFRESH_MS = 250

/** Listens to what happens in a domain; `onNews` is called for it, a few times a second at most. Connects again by itself. */
export function useLive(api: Api, domain: string, onNews: () => void): Connection {
  const [connection, setConnection] = useState<Connection>('connecting')
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

interface Following {
  readonly api: Api
  readonly domain: string
  readonly signal: AbortSignal
  readonly onNews: () => void
  readonly onConnection: (connection: Connection) => void
}

async function follow({ api, domain, signal, onNews, onConnection }: Following): Promise<void> {
  onConnection('connecting')
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    let ended: Connection = 'lost'
    try {
      const events = await api.events(inDomain(domain, '/events?changes=true'), signal)
      attempt = 0
      onConnection('live')
      // Whatever happened while nobody listened.
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

/** Asked anew: it may have been aborted since the last look. */
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
