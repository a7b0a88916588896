// Writes docs/reference/families.md from the families.
//
//   node scripts/write-families.ts          writes it
//
// test/families-page.test.ts compares the page with what this writes.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FAMILIES } from '../src/wire/families/index.ts'
import type { Family } from '../src/wire/family.ts'

const PAGE = new URL('../docs/reference/families.md', import.meta.url)

/** docs/reference/families.md. */
export function familiesPage(): string {
  const rows = [
    ['Family', 'Path under `/api/v1`', 'Cloud', 'Calls', 'A request names', 'An item that is done reads'],
    ['---', '---', '---', '---', '---', '---'],
    ...FAMILIES.map(rowOf),
  ]
  return [
    '# Job families',
    '<!-- Written by scripts/write-families.ts from src/wire/families. -->',
    'The emulator supports these kinds of long-running jobs of CCKM:',
    rows.map((row) => `| ${row.join(' | ')} |`).join('\n'),
    ...TEXT,
  ]
    .join('\n\n')
    .concat('\n')
}

function rowOf({ name, path, cloud, verbs, request, containerField, course }: Family): string[] {
  const calls = verbs.filter((verb) => verb !== 'get-by-post').join(', ')
  const fields = [containerField === undefined ? request.itemField : `${containerField}\`, or \`synchronize_all`]
  return [
    `\`${name}\``,
    `\`${path}\``,
    `\`${cloud}\``,
    calls,
    `\`${fields.join('')}\``,
    `\`${course?.done ?? 'Success'}\``,
  ]
}

const TEXT = [
  'A job of any family follows a [scenario](scenarios.md), and [faults](faults.md), job rules and [seeds](seeds.md) take\nthe names of this table.',
  '## Jobs that are no bulk jobs',
  [
    '- While a job runs, `detailed_status` has each container as `in_progress`. A container that fails reads `failed`, and',
    '  a job that fails ends as `failed` (switch `syncFailureWord`).',
    '- Only a running job can be cancelled; otherwise the call answers 409. The answer to a cancel is still `in_progress`',
    '  with `abort: true`. One second of domain time later the job is `completed` (switch `syncAbortedWord`), and its open',
    '  containers are `failed`. A scenario of your own that says `cancel` takes precedence.',
    '- A second start over the same containers answers 409 while the first runs (switch `parallelSync`).',
    '- The answer to a start has its instants to the nanosecond, later answers have microseconds.',
    '- A container that the inventory does not have succeeds. With `inventory: strict` it fails.',
  ].join('\n'),
  'Every other family answers 501 (not emulated). Routes, behaviours and their certainty:\n[the fidelity ledger](fidelity.md#operations).',
]

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, familiesPage())
