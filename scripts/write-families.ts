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
  '## How other families differ from bulk jobs',
  [
    '- While a job runs, `detailed_status` shows each open item as `in_progress`. (`google.update-all-versions-jobs` shows no',
    '  items until it ends.) An item that fails reads `failed`, and a job that fails ends as `failed` (switch',
    '  `syncFailureWord`).',
    '- Only a running job can be cancelled; otherwise the call answers 409. The response to a cancel is still `in_progress`',
    '  with `abort: true`. One second of domain time later the job is `completed` (switch `syncAbortedWord`), and its open',
    '  items are `failed`. A scenario of your own that has `cancel` takes precedence.',
    '- The items of a synchronization are containers: vaults, regions of KMS accounts, key rings, groups or organizations.',
    '  A second synchronization of the same containers answers 409 while the first one runs (switch `parallelSync`).',
    '- A container that the inventory does not have succeeds. With `inventory: strict` it fails.',
    '- The response to a create has its instants to the nanosecond, later responses have microseconds.',
  ].join('\n'),
  'Jobs of all other kinds answer 501 (not emulated). Routes, behaviours and their certainty:\n[the fidelity ledger](fidelity.md#operations).',
]

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, familiesPage())
