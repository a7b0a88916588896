import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from './api.ts'

interface Resource<T> {
  /** The last answer, kept while the next request is in flight. */
  readonly data: T | undefined
  readonly error: ApiError | undefined
}

interface ReloadableResource<T> extends Resource<T> {
  /** Loads again; resolves once the state as of the call is shown, or failed to load. */
  readonly reload: () => Promise<void>
}

/**
 * The result of `load`, loaded again for each new key and version. One request is in flight at a time; calls in the meantime
 * are coalesced into one request after it.
 */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  version: number,
): ReloadableResource<T> {
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
