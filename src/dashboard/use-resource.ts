import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from './api.ts'

interface Resource<T> {
  /** The last answer, kept while the next is under way. */
  readonly data: T | undefined
  readonly error: ApiError | undefined
}

interface Reloadable<T> extends Resource<T> {
  /** Asks again; resolves when what was true at the call is shown, or cannot be had. */
  readonly reload: () => Promise<void>
}

/**
 * What `load` gives, again for each key and each version. One call is under way at a time: what is asked for meanwhile is
 * asked once, after it, so that a flood of news neither piles calls up nor starves the page.
 */
export function useResource<T>(key: string, load: (signal: AbortSignal) => Promise<T>, version: number): Reloadable<T> {
  const [resource, setResource] = useState<Resource<T>>({ data: undefined, error: undefined })
  const latest = useRef(load)
  latest.current = load
  const ask = useRef(() => Promise.resolve())

  useEffect(() => {
    const controller = new AbortController()
    let current: Promise<void> | undefined
    let next: Promise<void> | undefined
    const turn = (): Promise<void> =>
      latest
        .current(controller.signal)
        .then(
          (data) => {
            if (!controller.signal.aborted) setResource({ data, error: undefined })
          },
          (error: unknown) => {
            if (!controller.signal.aborted) setResource(({ data }) => ({ data, error: toApiError(error) }))
          },
        )
        .finally(() => (current = undefined))
    const askOnce = (): Promise<void> => {
      if (controller.signal.aborted) return Promise.resolve()
      if (current === undefined) return (current = turn())
      return (next ??= current.then(() => {
        next = undefined
        return askOnce()
      }))
    }
    ask.current = askOnce
    return () => controller.abort()
  }, [key])
  useEffect(() => void ask.current(), [key, version])
  const reload = useCallback(() => ask.current(), [])
  return { ...resource, reload }
}

export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, error instanceof Error ? error.message : String(error))
}
