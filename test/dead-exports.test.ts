import { describe, expect, it } from 'vitest'
import { findDeadExports } from '../scripts/dead-exports.ts'

const USED = 'export const used = 1\n'

/** The dead exports of `src/a.ts`, which exports `used` and the rest, beside files that import it. */
function deadIn(text: string, others: Readonly<Record<string, string>> = {}) {
  const files = { 'src/index.ts': `import { used } from './a.ts'\nexport const door = used\n`, ...others }
  return findDeadExports(new Map(Object.entries({ 'src/a.ts': USED + text, ...files })), ['src/index.ts'])
}

const NONE = { unused: [], ownFileOnly: [], testsOnly: [] }

describe('the search for dead exports', () => {
  it.each([
    ['function', 'export function dead(): void {}'],
    ['constant', 'export const dead = 1'],
    ['class', 'export class dead {}'],
    ['type', 'export type dead = 1'],
    ['interface', 'export interface dead {}'],
    ['name in a list', 'const dead = 1\nexport { dead as gone }'],
  ])('finds a %s that nothing imports', (_kind, text) => {
    const { unused, ownFileOnly } = deadIn(text)
    expect([...unused, ...ownFileOnly]).toEqual([expect.stringMatching(/^src\/a\.ts: (dead|gone)$/)])
  })

  it('reports separately an export that only its own file uses', () => {
    expect(deadIn('export type Own = 1\nexport const other: Own = 1')).toEqual({
      ...NONE,
      unused: ['src/a.ts: other'],
      ownFileOnly: ['src/a.ts: Own'],
    })
  })

  it('reports code that only tests use, and lets tests import what its own file uses too', () => {
    const others = { 'test/a.test.ts': `import { helper, inner } from '../src/a.ts'` }
    const text = 'export const helper = 1\nexport const inner = 1\nvoid inner'
    expect(deadIn(text, others)).toEqual({ ...NONE, testsOnly: ['src/a.ts: helper'] })
  })

  it.each([
    ['an import', `import { extra } from './a.ts'`],
    ['an import of a type', `import type { extra } from './a.ts'`],
    ['an import by another name', `import { extra as more } from './a.ts'`],
    ['a re-export', `export { extra } from './a.ts'`],
    ['a namespace', `import * as all from './a.ts'\nvoid all.extra`],
    ['a dynamic import', `const { extra } = await import('./a.ts')`],
    ['an import type', `type Extra = import('./a.ts').extra`],
  ])('counts %s as use', (_kind, text) => {
    expect(deadIn('export const extra = 1', { 'scripts/b.ts': text.replace('./a.ts', '../src/a.ts') })).toEqual(NONE)
  })

  it("reports no exports of the package's entries", () => {
    const files = new Map([['src/index.ts', 'export const door = 1']])
    expect(findDeadExports(files, ['src/index.ts'])).toEqual(NONE)
    expect(findDeadExports(files, []).unused).toEqual(['src/index.ts: door'])
  })
})
