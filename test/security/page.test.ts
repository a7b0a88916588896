// docs/explanation/security.md names a test for each threat, and every test of this folder. The last part removes parts of
// the page and expects the check to fail.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { rowsWith, tablesOf } from '../support/tables.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(`${root}docs/explanation/security.md`, 'utf8')
const here = globSync('test/security/*.test.ts', { cwd: root }).filter((file) => !file.endsWith('page.test.ts'))

function problemsOf(markdown: string): string[] {
  const rows = rowsWith(tablesOf(markdown), ['Threat', 'Defence', 'Test'])
  const named = rows.flatMap(({ cells }) => cells.Test!.split(', '))
  return [
    ...rows.filter(({ cells }) => cells.Defence === '').map(({ cells }) => `no defence: ${cells.Threat}`),
    ...named
      .filter((file) => !/^test\/.+\.test\.ts$/.test(file) || !existsSync(root + file))
      .map((file) => `no test: ${file}`),
    ...here.filter((file) => !named.includes(file)).map((file) => `not on the page: ${file}`),
  ]
}

it('names a test for each threat, and every security test', () => {
  expect(rowsWith(tablesOf(page), ['Threat']).length).toBeGreaterThan(20)
  expect(problemsOf(page)).toEqual([])
})

it.each([
  ['a missing test', page.replace('test/security/sites.test.ts', 'test/security/site.test.ts')],
  ['a threat without a test', page.replace(/\| `test\/security\/patterns[^|]*\|/, '| |')],
  ['a test that no row names', page.replaceAll('`test/security/secrets.test.ts`, ', '')],
  ['a threat without a defence', page.replace('| refused by name |', '| |')],
])('reports %s', (_what, changed) => {
  expect(changed).not.toBe(page)
  expect(problemsOf(changed)).not.toEqual([])
})
