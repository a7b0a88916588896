import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import type { EntryRequest, JobQuery, JobScope } from '../../src/store/job-store.ts'
import type { Store } from '../../src/store/store.ts'
import { PATIENTLY } from '../laws/cases.ts'
import { instant, START } from '../laws/histories.ts'
import { allOf, BACKENDS, contentWith } from './backends.ts'
import { pageByHand } from './by-hand.ts'
import { writeOf, writes } from './job-writes.ts'

const SORTABLE = ['id', 'createdAt', 'updatedAt', 'completed_at', 'overall_status', 'cloud', 'operation'] as const

const maybeSome = (...values: string[]) => fc.oneof(fc.constant([]), fc.subarray([...values, 'nothing']))

type Asked = JobQuery & EntryRequest

const query: fc.Arbitrary<Asked> = fc.record({
  at: instant,
  family: fc.constantFrom(undefined, 'azure.bulkjobs', 'aws.bulkjob'),
  ids: maybeSome('job-0', 'job-1', 'job-2', 'job-3'),
  statuses: maybeSome('in_progress', 'completed', 'error', 'aborted'),
  clouds: maybeSome('aws', 'AzureCloud'),
  operations: maybeSome('enablekey', 'disablekey'),
  sort: fc.array(fc.record({ field: fc.constantFrom(...SORTABLE), descending: fc.boolean() }), { maxLength: 3 }),
  skip: fc.nat({ max: 3 }),
  limit: fc.constantFrom(undefined, 0, 1, 3),
  asText: fc.boolean(),
})

const ALL: Asked = {
  ...{ at: START, family: undefined, ids: [], statuses: [], clouds: [], operations: [] },
  ...{ sort: [], skip: 0, limit: undefined, asText: false },
}

function pageOf({ jobs }: Store, scope: JobScope, asked: Asked) {
  const { total, seqs } = jobs.page(scope, asked)
  return { total, entries: jobs.entries(scope, seqs, asked) }
}

describe.each(BACKENDS)('pages of jobs in a $name', ({ open }) => {
  it('match a filtered and sorted list at any instant', PATIENTLY, () => {
    using kept = open()
    fc.assert(
      fc.property(writes, fc.array(query, { minLength: 1, maxLength: 4 }), (all, queries) => {
        const scope = contentWith(kept.store, all)
        for (const asked of queries) expect(pageOf(kept.store, scope, asked)).toEqual(pageByHand(all, asked))
      }),
      { numRuns: 150 },
    )
  })

  it('contain only visible jobs of their content', () => {
    using kept = open()
    const scope = contentWith(kept.store, [writeOf('a'), writeOf('b')])
    contentWith(kept.store, [writeOf('c')])
    expect(pageOf(kept.store, scope, ALL).total).toBe(2)
    expect(pageOf(kept.store, { ...scope, visibleTo: 1 }, ALL)).toMatchObject({
      total: 1,
      entries: [{ job: { id: 'a' } }],
    })
    expect(pageOf(kept.store, allOf(99), ALL)).toEqual({ total: 0, entries: [] })
  })

  it('can be sorted by any two properties, more than there are prepared statements', () => {
    using kept = open()
    const scope = contentWith(kept.store, [writeOf('a')])
    const fields = SORTABLE.flatMap((field) => [
      { field, descending: true },
      { field, descending: false },
    ])
    const orders = fields.flatMap((one) => fields.map((other) => [one, other]))
    for (const sort of orders) expect(kept.store.jobs.page(scope, { ...ALL, sort }).total).toBe(1)
  })

  it('treat any filter text as a value', () => {
    using kept = open()
    const scope = contentWith(kept.store, [writeOf('a')])
    for (const odd of [`'`, '"; drop table job; --', '\u0000', '%', '*', '🔑', '[]'])
      expect(kept.store.jobs.page(scope, { ...ALL, ids: [odd], statuses: [odd] }).total).toBe(0)
    expect(kept.store.jobs.count(scope)).toBe(1)
  })
})
