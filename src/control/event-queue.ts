import type { ServerEvent } from './route.ts'

/** A listener that leaves more events unread is ended: what it costs has no other bound. */
const MAX_UNREAD = 50_000

/** Events of one batch. */
const MAX_BATCH = 1000

/** Events that wait for a listener to read them. */
interface EventQueue {
  readonly add: (event: ServerEvent) => void
  /** No more come; those that are there are still read. */
  readonly end: () => void
  /** Aborts at the end, or when too many are unread. */
  readonly ended: AbortSignal
  readonly read: () => AsyncGenerator<readonly ServerEvent[]>
}

export function createEventQueue(maxUnread = MAX_UNREAD): EventQueue {
  const controller = new AbortController()
  let unread: ServerEvent[] = []
  let wake = (): void => undefined
  const end = (): void => {
    controller.abort()
    wake()
  }
  return {
    add: (event) => {
      if (controller.signal.aborted) return
      unread.push(event)
      if (unread.length > maxUnread) {
        unread = []
        end()
      } else wake()
    },
    end,
    ended: controller.signal,
    read: async function* () {
      for (;;) {
        while (unread.length > 0) yield unread.splice(0, MAX_BATCH)
        if (controller.signal.aborted) return
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
