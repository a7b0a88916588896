import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JobQuery } from '../../src/store/job-store.ts'
import { PATIENTLY } from '../laws/cases.ts'
import { instant, START } from '../laws/histories.ts'
import { BACKENDS } from './backends.ts'
import { pageByHand } from './by-hand.ts'
import { writeOf, writes } from './job-writes.ts'

const SORTABLE = ['id', 'createdAt', 'updatedAt', 'completed_at', 'overall_status', 'cloud', 'operation'] as const

const maybeSome = (...values: string[]) => fc.oneof(fc.constant([]), fc.subarray([...values, 'nothing']))

const query: fc.Arbitrary<JobQuery> = fc.record({
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

const ALL: JobQuery = {
  ...{ at: START, family: undefined, ids: [], statuses: [], clouds: [], operations: [] },
  ...{ sort: [], skip: 0, limit: undefined, asText: false },
}

describe.each(BACKENDS)('pages of jobs kept in a $name', ({ open }) => {
  it('are what filtering, sorting and cutting by hand would give, at any instant', PATIENTLY, async () => {
    using kept = open()
    let domain = 0
    await fc.assert(
      fc.asyncProperty(writes, fc.array(query, { minLength: 1, maxLength: 4 }), async (all, queries) => {
        domain += 1
        await kept.store.jobs.insertAll(domain, all)
        for (const asked of queries) expect(await kept.store.jobs.page(domain, asked)).toEqual(pageByHand(all, asked))
      }),
      { numRuns: 150 },
    )
  })

  it('keep to their domain', async () => {
    using kept = open()
    await kept.store.jobs.insert(1, writeOf('a'))
    await kept.store.jobs.insert(2, writeOf('b'))
    expect((await kept.store.jobs.page(1, ALL)).total).toBe(1)
    expect(await kept.store.jobs.page(3, ALL)).toEqual({ total: 0, entries: [] })
  })

  it('can be asked for in more ways than are kept ready', async () => {
    using kept = open()
    await kept.store.jobs.insert(1, writeOf('a'))
    const fields = SORTABLE.flatMap((field) => [
      { field, descending: true },
      { field, descending: false },
    ])
    const orders = fields.flatMap((one) => fields.map((other) => [one, other]))
    for (const sort of orders) expect((await kept.store.jobs.page(1, { ...ALL, sort })).total).toBe(1)
  })

  it('take any text as a wish, and find nothing by it', async () => {
    using kept = open()
    await kept.store.jobs.insert(1, writeOf('a'))
    for (const odd of [`'`, '"; drop table job; --', '\u0000', '%', '*', '🔑', '[]'])
      expect((await kept.store.jobs.page(1, { ...ALL, ids: [odd], statuses: [odd] })).total).toBe(0)
    expect(await kept.store.jobs.count(1)).toBe(1)
  })
})
