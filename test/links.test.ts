// Every relative link and anchor in a Markdown file, and every page that code, messages or text name, exists.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const filesOf = (...patterns: string[]) =>
  patterns.flatMap((pattern) => globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', 'test/.*/**'] })).sort()

const pages = filesOf('*.md', '{bench,docs,examples,fixtures,test}/**/*.md')

/** The text without code: brackets in code are not links, and comments in it are not headings. */
const proseOf = (markdown: string) => markdown.replaceAll(/^([ \t]*)(`{3,}|~{3,})[\s\S]*?^\1\2[ \t]*$/gm, '')

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of proseOf(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`
    anchors.add(anchor)
  }
  return anchors
}

function brokenLinks(page: string, markdown: string): string[] {
  const links = [...proseOf(markdown).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && !anchorsOf(path === '' ? markdown : read(target)).has(anchor)
  })
}

describe('Markdown', () => {
  it.each(pages)('%s links to existing files and headings', (page) => {
    expect(brokenLinks(page, read(page))).toEqual([])
  })

  it('reports a missing file, heading or own heading', () => {
    const links = ['missing.md', 'docs/README.md#missing', '#missing', 'docs/README.md', '#a-heading-b']
    const markdown = `# A heading: \`b\`\n\n${links.map((link) => `[x](${link})`).join('\n')}\n`
    expect(brokenLinks('README.md', markdown)).toEqual(links.slice(0, 3))
  })
})

it('has a link to every page in docs/README.md', () => {
  const own = pages.filter((page) => /^docs\/(?!decisions\/|README)/.test(page))
  const linked = [...read('docs/README.md').matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => join('docs', link))
  expect(own.filter((page) => !linked.includes(page))).toEqual([])
})

it('has every page that code, messages and text name', () => {
  const files = filesOf('{src,scripts,test,examples,bench,docs}/**/*.{ts,tsx,html,md,yml,yaml,sh,py}', '*.{md,yaml,ts}')
  const missing = files.flatMap((file) =>
    [...read(file).matchAll(/(?<![\w./-])docs\/[\w/-]+\.md\b/g)]
      .map(([page]) => page)
      .filter((page) => !existsSync(join(root, page)))
      .map((page) => `${file}: ${page}`),
  )
  expect(missing).toEqual([])
})

it('has every source file that it names', () => {
  const missing = pages
    .filter((page) => page !== 'CHANGELOG.md')
    .flatMap((page) =>
      [...read(page).matchAll(/(?<![\w./-])src\/[\w/-]+\.tsx?\b/g)]
        .map(([file]) => file)
        .filter((file) => !existsSync(join(root, file)))
        .map((file) => `${page}: ${file}`),
    )
  expect(missing).toEqual([])
})
