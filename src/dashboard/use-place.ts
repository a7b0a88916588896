import { useCallback, useEffect, useState } from 'preact/hooks'
import { formatPlace, parsePlace, type PageState } from './link.ts'

/** Changes the address; `replace` adds no step for the back button. */
export type Go = (change: Partial<PageState>, how?: 'push' | 'replace') => void

/** The place that the address names, and a function to change it. Back and forward work. */
export function usePlace(): readonly [PageState, Go] {
  const [place, setPlace] = useState(() => parsePlace(location.hash))
  useEffect(() => {
    const read = (): void => setPlace(parsePlace(location.hash))
    addEventListener('popstate', read)
    return () => removeEventListener('popstate', read)
  }, [])
  const go = useCallback<Go>((change, how = 'push') => {
    const next = { ...parsePlace(location.hash), ...change }
    const address = formatPlace(next)
    if (how === 'replace' || address === location.hash) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
    setPlace(next)
  }, [])
  return [place, go]
}
