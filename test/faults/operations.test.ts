// Faults and the journal use the operation names of the routes.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { CALL_OPERATIONS } from '../../src/wire/operations.ts'
import { rowsWith, tablesOf } from '../support/tables.ts'

it('lists every operation of the ledger with its methods', () => {
  const ledger = readFileSync(fileURLToPath(new URL('../../docs/reference/fidelity.md', import.meta.url)), 'utf8')
  const rows = rowsWith(tablesOf(ledger), ['Method', 'Path', 'Operation']).map(({ cells }) => cells)
  const own = ['health.alive', 'health.ready']
  const named = rows.filter(({ Operation = '' }) => !own.includes(Operation))
  for (const { name, methods, namesJob } of CALL_OPERATIONS) {
    const calls = named.filter(({ Operation }) => Operation === name)
    expect([name, methods.filter((method) => method !== 'HEAD').sort()]).toEqual([
      name,
      calls.map(({ Method }) => Method).sort(),
    ])
    expect([name, namesJob]).toEqual([
      name,
      calls.some(({ Path = '' }) =>
        /(bulkjobs?|synchronization-jobs|update-all-versions-jobs|sap\/keys\/jobs)\/(:id|\{id\})/.test(Path),
      ),
    ])
  }
  expect(new Set(named.map(({ Operation }) => Operation))).toEqual(new Set(CALL_OPERATIONS.map(({ name }) => name)))
})
