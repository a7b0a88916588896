import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'

/** A store of a test's own, gone with it. */
export interface KeptStore extends Disposable {
  readonly store: Store
}

export interface TemporaryFolder extends Disposable {
  readonly path: string
}

/** Everything that keeps jobs. One contract holds for all of them. */
export const BACKENDS: readonly { readonly name: string; readonly open: () => KeptStore }[] = [
  { name: 'memory', open: () => kept(openSqliteStore(undefined)) },
  {
    name: 'file',
    open: () => {
      const folder = temporaryFolder()
      return kept(openSqliteStore(folder.path), folder)
    },
  },
]

function kept(store: Store, folder?: TemporaryFolder): KeptStore {
  return {
    store,
    [Symbol.dispose]: () => {
      void store.close()
      folder?.[Symbol.dispose]()
    },
  }
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'cckm-store-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
