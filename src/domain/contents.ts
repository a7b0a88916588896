import type { ContentKey } from '../store/job-store.ts'
import type { DomainRecord, Store } from '../store/store.ts'
import { inSlices, type Sliced } from './slices.ts'
import type { DomainState } from './state.ts'

/** Builds whole contents and drops them, in slices. */
export interface Contents {
  /** A new content that `fill` has filled. If that fails, what was built is dropped. */
  build: (fill: (content: ContentKey) => Sliced<void>) => Promise<ContentKey>
  /** Gives a domain another content, and what else the change says; the one before is dropped. */
  replace: (state: DomainState, change: Partial<DomainRecord> & { readonly content: ContentKey }) => void
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

export function createContents({ contents, domains, transaction }: Store): Contents {
  const toDrop = new Set<ContentKey>()
  let dropping = Promise.resolve()
  let isClosed = false

  /** The same work, which ends early once the store is about to close. */
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
        // There is room again: what a full disk kept from being dropped is tried anew.
        drop()
        return content
      } catch (error) {
        drop(content)
        throw error
      }
    },
    replace: (state, change) => {
      const old = state.record.content
      try {
        state.command(() => {
          state.replace({ ...state.record, visibleTo: undefined, ...change })
          if (change.origin !== undefined) domains.saveOrigin(state.record)
        })
      } catch (error) {
        drop(change.content)
        throw error
      }
      drop(old)
    },
    drop,
    settled: () => dropping,
    close: async () => {
      isClosed = true
      await dropping
    },
  }
}
