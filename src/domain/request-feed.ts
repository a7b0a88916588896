import { EventEmitter } from 'node:events'

/** A request that was answered, as watchers of a domain hear of it. Nothing secret is in it. */
export interface AnsweredRequest {
  readonly at: string
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly durationMs: number
}

/** Tells of the requests of a domain while they happen; costs nothing while nobody watches. */
export interface RequestFeed {
  readonly isWatched: boolean
  tell: (request: AnsweredRequest) => void
  /** Gives a function that ends the watch. */
  watch: (listener: (request: AnsweredRequest) => void) => () => void
}

export function createRequestFeed(): RequestFeed {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)
  return {
    get isWatched() {
      return emitter.listenerCount('request') > 0
    },
    tell: (request) => void emitter.emit('request', request),
    watch: (listener) => {
      emitter.on('request', listener)
      return () => void emitter.off('request', listener)
    },
  }
}
