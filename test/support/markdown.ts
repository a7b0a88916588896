// The fenced code blocks of a Markdown file, with the options of their info strings.

import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Block {
  file: string
  /** The line of the first line of code, from 1. */
  line: number
  /** The position on the page, from 1. */
  number: number
  /** How many headings stand above it. */
  section: number
  language: string
  code: string
  /** ```sh no-run: needs docker -- shown, not run. Empty without a reason. */
  noRun?: string
  /** ```sh any-status -- the example shows an error, so curl does not fail on a 4xx. */
  anyStatus: boolean
  /** ```sh needs:go,jq -- programs without which the example cannot run. */
  needs: string[]
  /** ```ts file:a.test.ts -- the file that the reader saves the example as. */
  saveAs?: string
  /** ```ts with:examples/a.ts -- a module whose functions the example uses without an import. */
  with?: string
}

export const findMarkdown = (root: string): string[] =>
  ['README.md', 'CONTRIBUTING.md', 'bench/README.md', 'docs/**/*.md']
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .sort()

export const readBlocks = (root: string, file: string): Block[] =>
  blocksOf(file, readFileSync(join(root, file), 'utf8'))

/** The blocks of a source's doc comments; they run elsewhere, where `./` is not the folder of the source. */
export function readDocComments(root: string, file: string): Block[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/^ *\*(?: |$)/gm, '')
  return blocksOf(file, text.replaceAll("from './", `from '../../${dirname(file)}/`))
}

export function blocksOf(file: string, markdown: string): Block[] {
  const blocks: Block[] = []
  // A fence in a list is indented, and so is its code.
  const fence = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^\n`]*)\n([\s\S]*?)^\1\2[ \t]*$/gm
  let section = 0
  let end = 0
  for (const match of markdown.matchAll(fence)) {
    const [text, indent = '', , info = '', body = ''] = match
    const [language = '', ...words] = info.trim().split(/\s+/)
    const option = (name: string) => words.find((word) => word.startsWith(`${name}:`))?.slice(name.length + 1)
    const using = option('with')
    const saveAs = option('file')
    section += markdown.slice(end, match.index).match(/^#{1,6} /gm)?.length ?? 0
    end = match.index + text.length
    const noRun = /\bno-run(?::\s*(.*))?$/.exec(info.trim())
    blocks.push({
      file,
      line: markdown.slice(0, match.index).split('\n').length + 1,
      number: blocks.length + 1,
      section,
      language,
      code: body.replace(new RegExp(`^${indent}`, 'gm'), ''),
      anyStatus: words.includes('any-status'),
      needs: option('needs')?.split(',') ?? [],
      ...(saveAs !== undefined && { saveAs }),
      ...(using !== undefined && { with: using }),
      ...(noRun && { noRun: noRun[1]?.trim() ?? '' }),
    })
  }
  return blocks
}

/** A problem of an example, with its place. */
export const problemAt = ({ file, line }: Block, problem: string): string => `${file}:${line}: ${problem}`
