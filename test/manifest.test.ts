import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { addressesOf } from '../scripts/write-repository.ts'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  repository: { url: string }
  homepage: string
  bugs: string
  dependencies: Record<string, string>
}

it('has addresses that follow from its repository (after a change: npm run repository)', () => {
  expect(manifest).toMatchObject(addressesOf(manifest))
  expect(addressesOf({ repository: { url: 'git+https://git.example/a/b.git' } })).toEqual({
    homepage: 'https://git.example/a/b#readme',
    bugs: 'https://git.example/a/b/issues',
  })
})

it('depends on better-sqlite3 alone', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['better-sqlite3'])
})
