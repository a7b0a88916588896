// Compares the tables of README.md and docs with the code.

import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PAGES } from '../scripts/write-command-line.ts'
import { rowsWith, tablesOf } from './support/tables.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')
const rowsOf = (file: string, ...columns: string[]) =>
  rowsWith(tablesOf(read(file)), columns).map(({ cells }) => columns.map((it) => cells[it]).join(' | '))

/** The packages that a source imports, without those that it imports types of alone. */
const packagesOf = (source: string) =>
  [
    ...source.matchAll(
      /^(?:import|\}|export)(?! type\b)(?:.* from)? '((?:@[\w-]+\/)?[a-z][\w-]*)|\bimport\('((?:@[\w-]+\/)?[a-z][\w-]*)/gm,
    ),
  ]
    .map(([, named, lazy]) => (named ?? lazy)!)
    .filter((name) => name !== 'node')

/** Flags in README.md that belong to other programs, such as curl and Docker. */
const OTHER_PROGRAMS = '--build --compressed --detach --rm'

describe('README.md', () => {
  it('names existing flags only', () => {
    const named = [...read('README.md').matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag)
    const known = `${read('docs/reference/command-line.md')} ${OTHER_PROGRAMS}`
    expect(named.filter((flag) => !new RegExp(`${flag}(?![\\w-])`).test(known))).toEqual([])
  })

  it('names the version of the package', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    expect(read('docs/getting-started/install.md')).toContain(`cckm-emulator-${version}.tgz`)
    expect(read('CHANGELOG.md')).toContain(`\n## ${version}`)
  })
})

describe('docs', () => {
  it.each(Object.entries(PAGES))('match the output of scripts/write-command-line.ts: %s', (path, write) => {
    expect(write(read(path))).toBe(read(path))
  })

  it('describe every part of src', () => {
    const parts = globSync('*', { cwd: `${root}src`, withFileTypes: true })
    const described = rowsOf('docs/maintainers/architecture.md', 'Part', 'What it is').join(' ').split(/[ ,]+/)
    const undescribed = parts
      .map((it) => (it.isDirectory() ? `${it.name}/` : it.name))
      .filter((name) => !described.includes(name))
    expect(undescribed).toEqual([])
  })

  it('list the shipped scenarios', () => {
    const files = globSync('fixtures/scenarios/*', { cwd: root }).map((file) => basename(file).replace(/\.\w+$/, ''))
    const listed = rowsOf('docs/reference/scenarios.md', 'Scenario', 'What happens').map((row) => row.split(' | ')[0])
    expect(listed.sort()).toEqual(files.sort())
  })

  it('index every decision', () => {
    const pages = globSync('docs/decisions/*.md', { cwd: root }).map((file) => basename(file))
    const linked = [...read('docs/decisions/README.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, page]) => page)
    expect(['README.md', ...linked].sort()).toEqual(pages.sort())
  })

  it('give a reason for every package whose code runs at the user', () => {
    const named = rowsOf('docs/decisions/runtime-dependencies.md', 'Package').flatMap((it) => it.split(', '))
    const imported = globSync('src/**/*.{ts,tsx}', { cwd: root }).flatMap((path) => packagesOf(read(path)))
    const { peerDependencies } = JSON.parse(read('package.json')) as { peerDependencies: object }
    expect(named.sort()).toEqual([...new Set(imported)].filter((it) => !(it in peerDependencies)).sort())
  })
})
