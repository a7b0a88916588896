import { useCallback, useEffect, useState } from 'preact/hooks'
import { formatPlace, parsePlace, type Place } from './link.ts'

/** Goes somewhere else on the page: `replace` leaves no step for the back button. */
export type Go = (change: Partial<Place>, how?: 'push' | 'replace') => void

/** What the address says is looked at, and a way to change it. Back and forward work. */
export function usePlace(): readonly [Place, Go] {
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
