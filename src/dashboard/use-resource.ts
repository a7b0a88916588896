import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from './api.ts'

export interface Resource<T> {
  /** The last answer, kept while the next is under way. */
  readonly data: T | undefined
  readonly error: ApiError | undefined
}

/**
 * What `load` gives, again for each key and each version. One call is under way at a time: what is asked for meanwhile is
 * asked once, after it, so that a flood of news neither piles calls up nor starves the page.
 */
export function useResource<T>(key: string, load: (signal: AbortSignal) => Promise<T>, version: number): Resource<T> {
  const [resource, setResource] = useState<Resource<T>>({ data: undefined, error: undefined })
  const latest = useRef(load)
  latest.current = load
  const ask = useRef<() => void>(() => undefined)

  useEffect(() => {
    const controller = new AbortController()
    let isBusy = false
    let isAsked = false
    const turn = (): void => {
      isBusy = true
      isAsked = false
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
        .finally(() => {
          isBusy = false
          if (isAsked && !controller.signal.aborted) turn()
        })
    }
    ask.current = () => {
      if (isBusy) isAsked = true
      else turn()
    }
    return () => controller.abort()
  }, [key])
  useEffect(() => ask.current(), [key, version])
  return resource
}

export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, error instanceof Error ? error.message : String(error))
}
