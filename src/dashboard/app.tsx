import { useCallback, useMemo, useState } from 'preact/hooks'
import { createApi, type Api } from './api.ts'
import type { InfoAnswer } from '../client/answers/domains.ts'
import { DomainView } from './domain-view.tsx'
import { Header } from './header.tsx'
import { Notices, useNotices } from './notices.tsx'
import { Patterns } from './patterns.tsx'
import { forgetToken, keptToken, keepToken } from './kept-token.ts'
import { TokenPrompt } from './token-prompt.tsx'
import { toApiError, useResource } from './use-resource.ts'
import { useLive } from './use-live.ts'
import { usePlace } from './use-place.ts'
import { WorldContext, type World } from './world.ts'

/** The page, or the prompt for the admin token where the control API is locked. */
export function App() {
  const [token, setToken] = useState(keptToken)
  const [isLocked, setLocked] = useState(false)
  const api = useMemo(() => createApi(token), [token])
  const info = useResource(String(token), (signal) => api.get<InfoAnswer>('/info', signal), 0)
  const wasRefused = info.error?.status === 401

  if (wasRefused || isLocked)
    return (
      <TokenPrompt
        wasWrong={token !== undefined}
        onToken={(given) => {
          keepToken(given)
          setLocked(false)
          setToken(given)
        }}
      />
    )
  if (info.data === undefined)
    return (
      <main class="alone">
        <p role="status">{info.error?.message ?? 'Loading …'}</p>
      </main>
    )
  const lock = (): void => {
    forgetToken()
    setLocked(true)
  }
  return <Page api={api} info={info.data} onLocked={lock} />
}

function Page({ api, info, onLocked }: { api: Api; info: InfoAnswer; onLocked: () => void }) {
  const [place, go] = usePlace()
  const [version, setVersion] = useState(0)
  const [notices, notify] = useNotices()
  const refresh = useCallback(() => setVersion((count) => count + 1), [])
  const connection = useLive(api, place.domain, refresh)

  const act = useCallback<World['act']>(
    async (work) => {
      try {
        const text = await work()
        if (text !== undefined) notify(text)
        return true
      } catch (error) {
        const { status, message } = toApiError(error)
        if (status === 401) onLocked()
        else notify(message, 'problem')
        return false
      } finally {
        refresh()
      }
    },
    [notify, onLocked, refresh],
  )
  const world = useMemo(() => ({ api, info, place, go, version, act }), [api, info, place, go, version, act])
  return (
    <WorldContext.Provider value={world}>
      <Patterns />
      <Header connection={connection} />
      <DomainView key={place.domain} />
      <Notices notices={notices} />
    </WorldContext.Provider>
  )
}
