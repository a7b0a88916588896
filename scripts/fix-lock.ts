// Restores in the lock files what npm changes whenever it rewrites them; test/lockfile.test.ts says what for.

import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  engines?: unknown
  gypfile?: boolean
}

for (const name of ['package-lock.json', 'tools/package-lock.json']) {
  const path = new URL(`../${name}`, import.meta.url)
  const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> }
  for (const [folder, entry] of Object.entries(lock.packages)) {
    if (folder.startsWith('node_modules/')) delete entry.engines
    if (folder === 'node_modules/better-sqlite3') entry.gypfile = false
  }
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
}
