import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { itemTimes, jobTimes } from '../../src/simulator/job-times.ts'
import type { ContentKey, JobScope, JobWrite } from '../../src/store/job-store.ts'
import { openStore } from '../../src/store/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'

/** A store for one test, deleted with it. */
export interface KeptStore extends Disposable {
  readonly store: Store
}

export interface TemporaryFolder extends Disposable {
  readonly path: string
}

/** Every kind of store. The same contract applies to all. */
export const BACKENDS: readonly { readonly name: string; readonly open: () => KeptStore }[] = [
  { name: 'memory', open: () => kept(openIn(undefined)) },
  {
    name: 'file',
    open: () => {
      const folder = temporaryFolder()
      return kept(openIn(folder.path), folder)
    },
  },
]

/** Opens a store as the emulator does. */
export const openIn = (folder: string | undefined): Store =>
  openStore({ folder, derive: (plan, events) => ({ times: jobTimes(plan, events), items: itemTimes(plan, events) }) })

/** All jobs of a content. */
export const allOf = (content: ContentKey): JobScope => ({ content, visibleTo: Number.MAX_SAFE_INTEGER })

/** A new content with these jobs. */
export function contentWith(store: Store, writes: readonly JobWrite[]): JobScope {
  const content = store.contents.create()
  for (const write of writes) store.jobs.insert(content, write)
  return allOf(content)
}

function kept(store: Store, folder?: TemporaryFolder): KeptStore {
  return {
    store,
    [Symbol.dispose]: () => {
      store.close()
      folder?.[Symbol.dispose]()
    },
  }
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'cckm-store-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
