// The tables of README.md, docs/architecture.md and docs/decisions say what there is, no more and no less.

import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../src/config.ts'
import { rowsWith, tablesOf } from './support/tables.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')
const rowsOf = (file: string, ...columns: string[]) =>
  rowsWith(tablesOf(read(file)), columns).map(({ cells }) => columns.map((it) => cells[it]).join(' | '))

describe('README.md', () => {
  it('lists the flags as --help does', () => {
    const flags = SETTINGS.filter(({ flag }) => flag !== undefined)
    expect(rowsOf('README.md', 'Flag', 'Environment', 'Default', 'What it does')).toEqual(
      flags.map(({ flag, environment, shown = '', description }) =>
        [flag, environment, shown, description].join(' | '),
      ),
    )
  })

  it('lists the scenarios that ship', () => {
    const files = globSync('fixtures/scenarios/*', { cwd: root }).map((file) => basename(file).replace(/\.\w+$/, ''))
    expect(rowsOf('README.md', 'Scenario').sort()).toEqual(files.sort())
  })

  it('names the version that the package has', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    expect(read('README.md')).toContain(`cckm-emulator-${version}.tgz`)
    expect(read('CHANGELOG.md')).toContain(`\n## ${version}`)
  })
})

describe('docs', () => {
  it('describe every part of src', () => {
    const parts = globSync('*', { cwd: `${root}src`, withFileTypes: true })
    const described = rowsOf('docs/architecture.md', 'Part', 'What it is').join(' ').split(/[ ,]+/)
    const undescribed = parts
      .map((it) => (it.isDirectory() ? `${it.name}/` : it.name))
      .filter((name) => !described.includes(name))
    expect(undescribed).toEqual([])
  })

  it('index every decision', () => {
    const pages = globSync('docs/decisions/*.md', { cwd: root }).map((file) => basename(file))
    const linked = [...read('docs/decisions/README.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, page]) => page)
    expect(['README.md', ...linked].sort()).toEqual(pages.sort())
  })

  it('give every runtime dependency its reason', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const named = rowsOf('docs/decisions/runtime-dependencies.md', 'Package').flatMap((it) => it.split(', '))
    expect(named.sort()).toEqual(Object.keys(dependencies).sort())
  })

  it('link to what is there', () => {
    const files = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })]
    const broken = files.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, link]) => new URL(link!, new URL(file, new URL('..', import.meta.url))))
        .filter((url) => globSync(fileURLToPath(url)).length === 0)
        .map((url) => `${file}: ${url.pathname}`),
    )
    expect(broken).toEqual([])
  })
})
