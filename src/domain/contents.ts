import type { ContentKey } from '../store/job-store.ts'
import type { Store } from '../store/store.ts'
import { inSlices, type Sliced } from './slices.ts'

/** Builds whole contents and drops them, in slices. */
export interface Contents {
  /** Creates a content and fills it. If that fails, the content is dropped. */
  build: (fill: (content: ContentKey) => Sliced<void>) => Promise<ContentKey>
  /**
   * Drops contents that no domain names any more, in the background. After a full disk the next large call drops the rest,
   * after a kill the next start.
   */
  drop: (...contents: readonly ContentKey[]) => void
  /** Stops dropping; the next start drops the rest. */
  close: () => Promise<void>
}

export function createContents({ contents, transaction }: Store): Contents {
  const toDrop = new Set<ContentKey>()
  let dropping = Promise.resolve()
  let isClosed = false

  /** Ends the work early once the store is about to close. */
  function* whileOpen(work: Sliced<void>): Sliced<void> {
    while (!isClosed && work.next().done !== true) yield
  }

  async function dropAll(): Promise<void> {
    for (const content of toDrop) {
      await inSlices(whileOpen(contents.drop(content)), transaction)
      toDrop.delete(content)
    }
  }

  function drop(...dropped: readonly ContentKey[]): void {
    for (const content of dropped) toDrop.add(content)
    if (toDrop.size > 0) dropping = dropping.then(dropAll).catch(() => undefined)
  }

  return {
    build: async (fill) => {
      const content = transaction(() => contents.create())
      try {
        await inSlices(fill(content), transaction)
        // The disk has room again: retries what could not be dropped.
        drop()
        return content
      } catch (error) {
        drop(content)
        throw error
      }
    },
    drop,
    close: async () => {
      isClosed = true
      await dropping
    },
  }
}
