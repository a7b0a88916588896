import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const ROOT = new URL('../../', import.meta.url)
const page = readFileSync(new URL('docs/explanation/laws.md', ROOT), 'utf8')
const rows = page.split('\n').flatMap((line) => {
  const [, law, text = '', tests = ''] = /^\| (\d+) \| (.+) \| (.+) \|$/.exec(line) ?? []
  return law === undefined ? [] : [{ law: Number(law), text, tests: tests.match(/test\/[\w./-]+/g) ?? [] }]
})

it('lists each law once, in order', () => {
  expect(rows.map(({ law }) => law)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

it('names only existing tests, whose names start with their law', () => {
  for (const { law, tests } of rows) {
    expect(tests).not.toEqual([])
    for (const test of tests) {
      expect(test).toMatch(new RegExp(`/law-${law}-[a-z-]+\\.test\\.ts$`))
      expect(existsSync(new URL(test, ROOT))).toBe(true)
    }
  }
})

it('names every test of a law', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((name) => /^law-\d.*\.test\.ts$/.test(name))
  expect(rows.flatMap(({ tests }) => tests).sort()).toEqual(files.map((name) => `test/laws/${name}`).sort())
})
