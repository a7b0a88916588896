// Writes docs/reference/fidelity.md and the counts in README.md from fidelity.json.
//
//   node scripts/write-fidelity.ts          writes both
//
// test/fidelity.test.ts compares both with what this writes.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ERRORS } from '../src/errors.ts'
import { LEDGER } from '../src/openapi/ledger.ts'
import { LEDGER_TITLE, ledgerSections, type LedgerSection } from '../src/openapi/ledger-page.ts'

const PAGE = new URL('../docs/reference/fidelity.md', import.meta.url)
const README = new URL('../README.md', import.meta.url)

/** docs/reference/fidelity.md. */
export function fidelityPage(): string {
  const note = '<!-- Written by scripts/write-fidelity.ts from fidelity.json. -->'
  return `# ${LEDGER_TITLE}\n\n${note}\n\n${ledgerSections(ERRORS).map(markdownOf).join('\n')}`
}

function markdownOf({ title, paragraphs, columns, rows }: LedgerSection): string {
  const table = [columns, columns.map(() => '---'), ...rows].map(markdownRow).join('\n')
  return [`## ${title}`, ...paragraphs.map(wrapped), `${table}\n`].join('\n\n')
}

/** A paragraph in lines of at most 120 characters. */
function wrapped(paragraph: string): string {
  return paragraph.replaceAll(/(.{1,120})(?: |$)/g, '$1\n').trimEnd()
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replaceAll('|  |', '| |')
}

/** README.md with the counts of the ledger that there are now. */
export function countedReadme(readme: string): string {
  const counts = Map.groupBy(LEDGER, ({ certainty }) => certainty)
  return readme.replaceAll(
    /^(\| `([a-z ]+)` \| )\d+(?= \|)/gm,
    (_row, start: string, certainty) => `${start}${(counts as Map<unknown, unknown[]>).get(certainty)?.length ?? 0}`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, fidelityPage())
  writeFileSync(README, countedReadme(readFileSync(README, 'utf8')))
}
