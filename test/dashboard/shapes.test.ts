// The page reads what the server sends: its own types, which know nothing of the server's, are held to them here.

import { expectTypeOf, it } from 'vitest'
import type * as page from '../../src/dashboard/api-shapes.ts'
import type * as server from '../../src/client/answers.ts'

it('What the server sends is what the page reads', () => {
  expectTypeOf<server.ClockShape>().toExtend<page.Clock>()
  expectTypeOf<server.InfoShape>().toExtend<page.Info>()
  expectTypeOf<server.DomainShape>().toExtend<page.DomainSummary>()
  expectTypeOf<server.JobListShape>().toExtend<page.JobList>()
  expectTypeOf<server.JobHistoryShape>().toExtend<page.JobHistory>()
  expectTypeOf<server.ExplanationShape>().toExtend<page.Explanation>()
  expectTypeOf<server.FaultShape>().toExtend<page.Fault>()
  expectTypeOf<server.RequestShape>().toExtend<page.Request>()
  expectTypeOf<server.PollingReportShape>().toExtend<page.PollingReport>()
  expectTypeOf<server.AdvanceShape>().toExtend<page.Advance>()
})
