// The polling report as a pure function, for the clients of vendor pages and repositories.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pollingReport, type PollingReport } from '../../src/journal/polling-report.ts'
import { CALL_OPERATIONS } from '../../src/wire/operations.ts'
import type { JournalEntry, Outcome } from '../../src/model/journal.ts'
import { SECOND, toInstant, toMicros } from '../../src/model/time.ts'

const JOB = 'j'
const LATENCY = 0.01

type Step = { readonly wait: number } & Partial<
  Pick<JournalEntry, 'operation' | 'method' | 'fault' | 'job'> &
    Pick<Outcome, 'status' | 'showedFinalStatus' | 'retryAfter'>
> & { readonly took?: number; readonly domainWait?: number }

/** The journal of a client that waits these seconds, after the last response, before each call. */
function journalOf(steps: readonly Step[]): JournalEntry[] {
  let real = 1_000
  let domain = 1_000
  return steps.map(({ wait, domainWait = wait, took = LATENCY, ...step }) => {
    const [realAt, at] = [real + wait, domain + domainWait]
    ;[real, domain] = [realAt + took, at + took]
    return entry({ at, realAt, took }, step)
  })
}

function entry(
  { at, realAt, took }: { at: number; realAt: number; took: number },
  { showedFinalStatus = false, retryAfter, ...step }: Omit<Step, 'wait'>,
): JournalEntry {
  const micros = (seconds: number): number => Math.round(seconds * SECOND)
  const { status, ...arrival } = { status: 200, ...step }
  return {
    operation: 'azure.bulkjobs.get',
    method: 'GET',
    path: `/v1/cckm/azure/bulkjobs/${JOB}`,
    query: '',
    headers: {},
    omittedHeaderChars: undefined,
    job: step.operation === undefined ? JOB : undefined,
    fault: undefined,
    countedByFaults: true,
    at: toInstant(micros(at)),
    receivedAt: toInstant(micros(realAt)),
    elapsedAt: toMicros(micros(realAt)),
    outcome: {
      showedFinalStatus,
      retryAfter,
      status,
      durationMs: took * 1000,
      answeredAt: toInstant(micros(at + took)),
      elapsedAnsweredAt: toMicros(micros(realAt + took)),
    },
    ...arrival,
  }
}

const poll = (wait: number, more: Omit<Step, 'wait'> = {}): Step => ({ wait, ...more })
const signIn = (wait: number): Step => ({ wait, operation: 'auth.tokens.create' })
const END = { showedFinalStatus: true }
const repeat = <T>(count: number, step: T): T[] => Array.from({ length: count }, () => step)
const rulesOf = ({ findings }: PollingReport): string[] => findings.map(({ rule, level }) => `${level} ${rule}`)
const report = (steps: readonly Step[]): PollingReport => pollingReport(journalOf(steps), CALL_OPERATIONS)

describe('findings for real clients', () => {
  it.each<[string, Step[], string[]]>([
    ['Ansible: 30 polls, 10 s apart', [poll(0), ...repeat(29, poll(10))], ['hint flat-interval']],
    [
      'Ansible, a process for each poll: a sign-in each time',
      [signIn(0), poll(0), ...repeat(5, [signIn(10), poll(0.1)]).flat()],
      ['hint flat-interval', 'hint sign-in-per-poll'],
    ],
    [
      'Ansible, a token with an assumed lifetime of 890 s: one sign-in after the 401',
      [poll(0), ...repeat(4, poll(10)), poll(10, { status: 401 }), signIn(0.1), poll(0.1), poll(10, END)],
      [],
    ],
    [
      'Ansible, an unavailable gateway: waits 1 s and 3 s',
      [poll(0), poll(10, { status: 503 }), poll(1.2, { status: 502 }), poll(3, END)],
      [],
    ],
    ['Terraform: ticks of 5 s', [poll(0), ...repeat(29, poll(5)), poll(5, END)], ['hint flat-interval']],
    [
      'Terraform, renewing in time',
      [poll(0), ...repeat(3, poll(5)), signIn(1), poll(4), poll(5, END)],
      ['hint flat-interval'],
    ],
    [
      'Terraform, OCI: 0.5, 1, 2, 4 s regardless of Retry-After',
      [
        poll(0, { status: 429, retryAfter: toMicros(2 * SECOND) }),
        poll(0.5, { status: 429 }),
        poll(1, { status: 429 }),
        poll(2, { status: 429 }),
        poll(4, END),
      ],
      ['error retry-after-broken', 'error under-one-second'],
    ],
    [
      'a script that never signs in again',
      [poll(0), poll(10), poll(10, { status: 401 })],
      ['error no-sign-in-after-401'],
    ],
    [
      'a script that retries with the same token',
      [poll(0), poll(10, { status: 401 }), poll(2, { status: 401 })],
      ['error no-sign-in-after-401'],
    ],
    [
      'a loop without a sleep',
      [poll(0), ...repeat(9, poll(0.02)), poll(0.02, END)],
      ['error under-one-second', 'hint flat-interval'],
    ],
    ['a client that polls after the end', [poll(0), poll(5, END), poll(5, END)], ['error polled-after-the-end']],
    ['a client that backs off', [poll(0), poll(1), poll(2), poll(4), poll(8), poll(16, END)], []],
    ['a single poll', [poll(0, END)], []],
  ])('%s', (_client, steps, expected) => {
    expect(rulesOf(report(steps)).sort()).toEqual(expected)
  })
})

describe('the rules of the report', () => {
  it('uses the larger of real and domain time as interval', () => {
    expect(rulesOf(report([poll(0), poll(0.01, { domainWait: 30 }), poll(0.01, { domainWait: 60, ...END })]))).toEqual(
      [],
    )
    expect(rulesOf(report([poll(0), poll(30, { domainWait: 0 }), poll(60, { domainWait: 0, ...END })]))).toEqual([])
  })

  it('counts overlapping polls', () => {
    const together = { at: 1, realAt: 1, took: 1 }
    const { jobs, findings } = pollingReport(
      [entry(together, {}), entry({ ...together, realAt: 1.5 }, END)],
      CALL_OPERATIONS,
    )
    expect(findings).toEqual([expect.objectContaining({ rule: 'parallel-hammering', requests: [expect.anything()] })])
    expect(jobs[0]).toMatchObject({ gets: 2, pollsAfterEnd: 0 })
  })

  it('does not count an end as seen if the response was lost or cut', () => {
    const cut = { ...END, fault: { id: 'f', seen: 1, hits: 1, do: { socket: 'truncate' as const } } }
    expect(rulesOf(report([poll(0, cut), poll(5, { ...END, status: undefined }), poll(9, END)]))).toEqual([])
  })

  it('recognizes an obeyed Retry-After', () => {
    const { jobs, findings } = report([
      poll(0, { status: 429, retryAfter: toMicros(2 * SECOND) }),
      poll(2.1, { status: 503, retryAfter: SECOND }),
      poll(0.2, END),
    ])
    expect(jobs[0]).toMatchObject({
      retryAfter: { asked: 2, kept: 1 },
      retries: { after401: 0, after429: 1, after5xx: 1 },
    })
    expect(findings.map(({ rule }) => rule)).toEqual(['retry-after-broken', 'under-one-second'])
  })

  it('ignores a token that was renewed elsewhere, and a failed sign-in', () => {
    expect(rulesOf(report([poll(0, { status: 401 }), poll(2), poll(5, END)]))).toEqual([])
    expect(rulesOf(report([poll(0, { status: 401 }), signIn(1), poll(1, { status: 401 }), signIn(1)]))).toEqual([])
  })

  it('ignores lists, HEAD and other jobs', () => {
    const steps = [poll(0), poll(0, { method: 'HEAD' }), poll(0, { operation: 'azure.bulkjobs.list' })]
    const { jobs } = report([...steps, poll(5, { job: 'k' }), poll(5, END)])
    expect(jobs.map(({ job, gets, intervals }) => [job, gets, intervals?.min])).toEqual([
      ['j', 2, Math.round((10 + 4 * LATENCY) * SECOND)],
      ['k', 1, undefined],
    ])
    expect(
      pollingReport(journalOf([poll(0, { job: 'k' }), poll(3)]), CALL_OPERATIONS, 'k').jobs.map(({ job }) => job),
    ).toEqual(['k'])
  })
})

const waits = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 })

describe('properties for random clients', () => {
  it("orders min, median and max, within the client's waits", () => {
    fc.assert(
      fc.property(waits, (seconds) => {
        const [polling] = report([poll(0), ...seconds.map((wait) => poll(wait))]).jobs
        const { min, median, max } = polling!.intervals!
        expect(min).toBeLessThanOrEqual(median)
        expect(median).toBeLessThanOrEqual(max)
        expect(max).toBeCloseTo((Math.max(...seconds) + LATENCY) * SECOND, -2)
        expect(polling!.gets).toBe(seconds.length + 1)
      }),
    )
  })

  it('reports no error for a client that waits a second, obeys Retry-After and stops at the end', () => {
    const polite = fc
      .tuple(waits, fc.constantFrom(200, 503, 429, 401))
      .map(([seconds, status]) => [
        poll(0),
        ...seconds.flatMap((wait) => [
          poll(wait, { status, retryAfter: status === 200 ? undefined : SECOND }),
          ...(status === 401 ? [signIn(1)] : []),
        ]),
        poll(2, END),
      ])
    fc.assert(
      fc.property(polite, (steps) => {
        expect(report(steps).findings.filter(({ level }) => level === 'error')).toEqual([])
      }),
    )
  })

  it('reports an error for a client that polls once more after the end', () => {
    fc.assert(
      fc.property(waits, (seconds) => {
        const steps = [poll(0), ...seconds.map((wait) => poll(wait)), poll(3, END), poll(3, END)]
        const { findings, jobs } = report(steps)
        expect(findings.map(({ rule }) => rule)).toContain('polled-after-the-end')
        expect(jobs[0]?.pollsAfterEnd).toBe(1)
      }),
    )
  })

  it('recognizes doubling waits as back-off, but not equal waits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 8 }), fc.integer({ min: 1, max: 20 }), (count, first) => {
        const doubling = Array.from({ length: count }, (_, index) => poll(first * 2 ** index))
        expect(report([poll(0), ...doubling]).jobs[0]?.backOff).toBe(true)
        expect(report([poll(0), ...repeat(count, poll(first))]).jobs[0]?.backOff).toBe(false)
      }),
    )
  })
})
