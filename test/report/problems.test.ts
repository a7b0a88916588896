// What fails a test whose assertions all pass, from what the control API shows at its end.

import { describe, expect, it } from 'vitest'
import type { RequestAnswer } from '../../src/client/answers/requests.ts'
import type { Observation } from '../../src/report/observation.ts'
import { problemsOf } from '../../src/report/problems.ts'

const request = (status: number, more: Partial<RequestAnswer> = {}): RequestAnswer => ({
  id: 'request-1',
  at: '2026-01-01T00:00:00Z',
  realAt: `2026-01-01T00:00:00.${status}Z`,
  operation: 'azure.bulkjobs.get',
  method: 'GET',
  path: '/x',
  query: {},
  headers: {},
  body: null,
  status,
  durationMs: 1,
  ...more,
})

const observed = (requests: readonly RequestAnswer[]): Observation => ({
  clock: { mode: 'frozen', now: '2026-01-01T00:00:00Z', rate: 1, nextTransitionAt: null },
  runningJobs: [],
  requests,
  dropped: 0,
  inFlight: [],
  rules: [],
  faults: [],
  quietMs: 0,
  find: ({ status }) => requests.filter((each) => each.status === status),
  nearest: () => null,
})

const problems = (requests: readonly RequestAnswer[], allow: Parameters<typeof problemsOf>[1]['allow'] = []) =>
  problemsOf(observed(requests), { failOn: ['5xx', '501', '4xx'], allow }).map(
    ({ rule, message }) => `${rule}: ${message}`,
  )

describe('answers that no fault caused', () => {
  it('are one problem for each kind of status', () => {
    expect(problems([request(200), request(503), request(500), request(501), request(404)])).toEqual([
      expect.stringMatching(
        /^5xx: 2 requests were answered with a server error that no fault caused; .*allow '5xx'\n.*-> 503.*\n.*-> 500/,
      ),
      expect.stringMatching(/^501: A request was made that asked for a part of the API that is not emulated/),
      expect.stringMatching(/^4xx: A request was refused, and no fault caused that/),
    ])
  })

  it('are none if a fault caused them, or if they are allowed by kind or by a query', () => {
    expect(problems([request(503, { fault: 'f1' })])).toEqual([])
    expect(problems([request(503)], ['5xx'])).toEqual([])
    expect(problems([request(503)], [{ status: 503 }])).toEqual([])
    expect(problems([request(503)], [{ status: 500 }])).toHaveLength(1)
  })
})
