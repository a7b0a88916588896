// The law for the simulator: the columns of a list against the job itself. law-8-listing.test.ts tests the API.

import { fc } from '../support/fast-check.ts'
import { expect, it } from 'vitest'
import type { JobTimes } from '../../src/model/job.ts'
import type { Instant } from '../../src/model/time.ts'
import { jobAt } from '../../src/simulator/job-at.ts'
import { jobTimes } from '../../src/simulator/job-times.ts'
import { CASES, PATIENTLY } from './cases.ts'
import { history, instant } from './histories.ts'

it('agrees in the columns for filters and sorting with the job at any instant', PATIENTLY, () => {
  fc.assert(
    fc.property(history, instant, ({ plan, events }, at) => {
      const { status, updatedAt, completedAt, createdAt, isDeleted, isFinal } = jobAt(plan, events, at)
      expect(listed(jobTimes(plan, events), at)).toEqual({
        ...{ status, updatedAt, completedAt, createdAt, isDeleted, isFinal },
      })
    }),
    { numRuns: CASES },
  )
})

/** As the store reads them. */
function listed(times: JobTimes, at: Instant) {
  const isFinal = times.endsAt !== undefined && times.endsAt <= at
  const isCancelled = times.cancelledAt !== undefined && times.cancelledAt <= at
  return {
    status: isFinal ? times.endStatus : (times.phases?.findLast((phase) => phase.at <= at)?.status ?? 'in_progress'),
    updatedAt: isFinal ? times.lastUpdatedAt : isCancelled ? times.cancelledAt : times.firstUpdatedAt,
    completedAt: isFinal ? times.completedAt : undefined,
    createdAt: times.createdAt,
    isDeleted: times.deletedAt !== undefined && times.deletedAt <= at,
    isFinal,
  }
}
