// Writes what docs/reference/command-line.md says of flags and commands, from the command line itself.
//
//   node scripts/write-command-line.ts          writes it
//
// test/readme.test.ts holds the page to the command.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { createProgram } from '../src/cli/program.ts'
import { FLAG_OPTIONS, flagHelpOf } from '../src/config/config.ts'

const PAGE = new URL('../docs/reference/command-line.md', import.meta.url)

/** The page with the flags and the commands that there are now; the rest of it is left as it is. */
export function commandLinePage(page: string): string {
  return replacePart(replacePart(page, 'flags', flagTable()), 'commands', commandHelps())
}

function replacePart(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/reference/command-line.md has no place for its ${name}`)
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`
}

function flagTable(): string {
  const rows = FLAG_OPTIONS.map((option) => {
    const { description, fallback = '' } = flagHelpOf(option)
    return `| ${code(option.flag ?? '')} | ${code(option.environment ?? '')} | ${code(fallback)} | ${description} |`
  })
  return ['| Flag | Environment | Default | What it does |', '| --- | --- | --- | --- |', ...rows].join('\n')
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

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, commandLinePage(readFileSync(PAGE, 'utf8')))
