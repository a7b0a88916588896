// Compares the tables of README.md and docs with the code.

import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { blocksOf } from './support/markdown.ts'
import { PAGES } from '../scripts/write-command-line.ts'
import { rowsWith, tablesOf } from './support/tables.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')
const { version, engines, peerDependencies } = JSON.parse(read('package.json')) as {
  version: string
  engines: { node: string }
  peerDependencies: { vitest: string }
}
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
const OTHER_PROGRAMS = '--build --compressed --detach --package --rm --save-dev --version --yes'

describe('README.md', () => {
  it('names existing flags only', () => {
    const named = [...read('README.md').matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag)
    const known = `${read('docs/reference/command-line.md')} ${OTHER_PROGRAMS}`
    expect(named.filter((flag) => !new RegExp(`${flag}(?![\\w-])`).test(known))).toEqual([])
  })

  it('names the version of the package', () => {
    for (const file of [...globSync('docs/{getting-started,guides}/*.md', { cwd: root }), 'README.md']) {
      const named = [...read(file).matchAll(/cckm-emulator[-:](\d+\.\d+\.\d+)/g)].map(([, it]) => it)
      expect([file, named.filter((it) => it !== version)]).toEqual([file, []])
    }
    expect(read('CHANGELOG.md')).toContain(`\n## ${version}`)
  })

  it('installs with commands that docs/getting-started/install.md runs with the built package', () => {
    const commands = (file: string) =>
      blocksOf(file, read(file))
        .filter(({ language }) => language === 'sh')
        .flatMap(({ code }) => code.split('\n'))
    const run = commands('docs/getting-started/install.md')
    const installing = commands('README.md').filter((line) => /^(npm|npx|docker) /.test(line))
    expect(installing.length).toBeGreaterThan(6)
    expect(installing.filter((line) => !run.includes(line))).toEqual([])
  })
})

describe('docs', () => {
  it('name the supported Node and vitest as package.json has them', () => {
    const page = read('docs/getting-started/install.md')
    expect(page).toContain(`needs Node \`${engines.node}\``)
    expect(page.replaceAll(/\s+/g, ' ')).toContain(`needs vitest \`${peerDependencies.vitest}\``)
  })

  it('quote messages that the emulator has', () => {
    const sources = globSync('src/**/*.ts', { cwd: root }).map(read).join('\n')
    const rows = rowsOf('docs/guides/troubleshooting.md', 'Message').filter((it) => !/npm|npx/.test(it))
    const quoted = rows.map((row) => /`([^`]+)`/.exec(row)?.[1] ?? row)
    expect(quoted.length).toBeGreaterThan(5)
    expect(quoted.filter((it) => !sources.includes(it.replace('7443 on 127.0.0.1', '${port} on ${host}')))).toEqual([])
  })

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
