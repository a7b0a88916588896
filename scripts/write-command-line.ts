// Writes the tables of docs/reference/command-line.md and docs/reference/configuration.md, and the help of the commands,
// from the options and the command line themselves.
//
//   node scripts/write-command-line.ts          writes both pages
//
// test/readme.test.ts compares both with what this writes.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { createProgram } from '../src/cli/program.ts'
import { CONFIG_OPTIONS, exampleOf, FLAG_OPTIONS, flagHelpOf, type Option } from '../src/config/config.ts'

/** Each page with its parts as they are now; the rest of it is left as it is. */
export const PAGES: Readonly<Record<string, (page: string) => string>> = {
  'docs/reference/command-line.md': commandLinePage,
  'docs/reference/configuration.md': (page) => replacePart(page, 'options', optionTable()),
}

function commandLinePage(page: string): string {
  return replacePart(replacePart(page, 'flags', flagTable()), 'commands', commandHelps())
}

function replacePart(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no place for its ${name}`)
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`
}

function flagTable(): string {
  const rows = FLAG_OPTIONS.map((option) => {
    const { description, fallback = '' } = flagHelpOf(option)
    return `| ${code(option.flag ?? '')} | ${variables(option)} | ${code(fallback)} | ${description} |`
  })
  return ['| Flag | Environment | Default | What it does |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function optionTable(): string {
  const rows = CONFIG_OPTIONS.map((option) => {
    const { key = '', flag = '', shownDefault = '', schema } = option
    const cells = [code(key), code(flag), variables(option), code(shownDefault), schema['x-unit'] ?? '', codeOf(option)]
    return `| ${[...cells, schema.description ?? ''].join(' | ')} |`
  })
  const head = ['Option and file key', 'Flag', 'Variable', 'Default', 'Unit', 'Example', 'Description']
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n')
}

function variables({ environment = '', secretFile }: Option): string {
  return [environment, ...(secretFile === undefined ? [] : [secretFile])].map(code).join(' or ')
}

/** The example of an option as YAML in one line. */
function codeOf(option: Option): string {
  const example = exampleOf(option)
  return code(typeof example === 'string' ? example : stringify(example, { collectionStyle: 'flow' }).trim())
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``
}

function commandHelps(): string {
  const nothing = () => Promise.resolve()
  const program = createProgram({
    start: nothing,
    exec: nothing,
    sweep: nothing,
    healthcheck: nothing,
    validate: nothing,
    client: nothing,
  })
  // The flags of start are the table above.
  return runnable(program)
    .filter(({ path }) => path !== 'start')
    .map(({ command, path }) => `### ${path}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``)
    .join('\n\n')
}

interface Runnable {
  readonly command: Command
  readonly path: string
}

/** Every command that does something, with the words that call it. */
function runnable(parent: Command, words: readonly string[] = []): Runnable[] {
  return parent.commands.flatMap((command) => {
    const path = [...words, command.name()]
    return command.commands.length > 0 ? runnable(command, path) : [{ command, path: path.join(' ') }]
  })
}

function helpOf(command: Command): string {
  const written: string[] = []
  command.configureOutput({ writeOut: (text) => written.push(text), getOutHelpWidth: () => 100 })
  command.outputHelp()
  return written.join('').trim()
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, write] of Object.entries(PAGES)) {
    const url = new URL(`../${path}`, import.meta.url)
    writeFileSync(url, write(readFileSync(url, 'utf8')))
  }
