import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Lock {
  packages: Record<string, Record<string, unknown>>
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as unknown
const lock = read('package-lock.json') as Lock
const manifest = read('package.json') as { allowScripts: Record<string, boolean> }

/** What `npm ci` installs for the repository itself; what few tasks need is in tools/. */
const MAX_PACKAGES = 350

// better-sqlite3 ships binaries, yet `npm ci` tries to compile it and fails without a compiler: the lock file does not
// record the package's own `gypfile: false`. npm 11 has a setting for that in package.json; older versions use only the
// lock file, and npm removes the line whenever it rewrites the file: `npm run lock:fix` restores it.
it('installs without a compiler (after npm install: npm run lock:fix)', () => {
  expect(manifest.allowScripts['better-sqlite3']).toBe(false)
  expect(lock.packages['node_modules/better-sqlite3']).toMatchObject({ gypfile: false })
})

it('installs at most 350 packages', () => {
  expect(Object.keys(lock.packages).filter((folder) => folder !== '').length).toBeLessThanOrEqual(MAX_PACKAGES)
})

describe.each(['package-lock.json', 'tools/package-lock.json'])('%s', (name) => {
  const entries = Object.entries((read(name) as Lock).packages)

  it('contains no registry addresses', () => {
    expect(entries.filter(([, entry]) => 'resolved' in entry)).toEqual([])
  })

  // npm compares them with the Node that runs npm, which may be old: the packages run on the Node that `npm ci` installs.
  it('says nothing about engines of packages (after npm install: npm run lock:fix)', () => {
    expect(entries.filter(([folder, entry]) => folder !== '' && 'engines' in entry)).toEqual([])
  })
})
