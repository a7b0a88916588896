import type { ContentKey } from '../store/job-store.ts'
import type { Store } from '../store/store.ts'
import { inSlices, type Sliced } from './slices.ts'

/** Builds whole contents and drops them, in slices. */
export interface Contents {
  /** A new content that `fill` has filled. If that fails, what was built is dropped. */
  build: (fill: (content: ContentKey) => Sliced<void>) => Promise<ContentKey>
  /**
   * Drops a content that no domain names any more, in the background. What a full disk leaves is dropped with the next large
   * call, what a kill leaves at the next start.
   */
  drop: (...contents: readonly ContentKey[]) => void
  /** Resolves once all that was to be dropped is. */
  settled: () => Promise<void>
  /** Stops dropping: what is left is for the next start. */
  close: () => Promise<void>
}

export function createContents({ contents, transaction }: Store): Contents {
  const left = new Set<ContentKey>()
  let dropping = Promise.resolve()
  let isClosed = false

  /** The same work, which ends early once the store is about to close. */
  function* whileOpen(work: Sliced<void>): Sliced<void> {
    while (!isClosed && work.next().done !== true) yield
  }

  async function sweep(): Promise<void> {
    for (const content of left) {
      await inSlices(whileOpen(contents.drop(content)), transaction)
      left.delete(content)
    }
  }

  function drop(...dropped: readonly ContentKey[]): void {
    for (const content of dropped) left.add(content)
    if (left.size > 0) dropping = dropping.then(sweep).catch(() => undefined)
  }

  return {
    build: async (fill) => {
      const content = transaction(() => contents.create())
      try {
        await inSlices(fill(content), transaction)
        drop()
        return content
      } catch (error) {
        drop(content)
        throw error
      }
    },
    drop,
    settled: () => dropping,
    close: async () => {
      isClosed = true
      await dropping
    },
  }
}
