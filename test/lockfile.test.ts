import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as unknown
const lock = read('package-lock.json') as { packages: Record<string, Record<string, unknown>> }
const manifest = read('package.json') as { allowScripts: Record<string, boolean> }

// better-sqlite3 ships binaries, yet `npm ci` tries to compile it and fails without a compiler: the lock file does not
// record the package's own `gypfile: false`. npm 11 has a setting for that in package.json; older versions use only the
// lock file, and npm removes the line whenever it rewrites the file: `npm run lock:fix` restores it.
it('installs without a compiler (after npm install: npm run lock:fix)', () => {
  expect(manifest.allowScripts['better-sqlite3']).toBe(false)
  expect(lock.packages['node_modules/better-sqlite3']).toMatchObject({ gypfile: false })
})

it('contains no registry addresses', () => {
  const resolved = Object.entries(lock.packages).filter(([, entry]) => 'resolved' in entry)
  expect(resolved).toEqual([])
})
