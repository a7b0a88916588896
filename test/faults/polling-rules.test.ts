// The polling report as a pure function, for the clients of vendor pages and repositories.

import { fc } from '../support/fast-check.ts'
import { describe, expect, it } from 'vitest'
import { pollingReport, type PollingReport } from '../../src/journal/polling-report.ts'
import { CALL_OPERATIONS } from '../../src/wire/operations.ts'
import type { JournalEntry, Outcome } from '../../src/model/journal.ts'
import { SECOND, toInstant, toMicros } from '../../src/model/time.ts'

const JOB = 'j'
const LATENCY = 0.01

type Step = { readonly wait: number } & Partial<
  Pick<JournalEntry, 'operation' | 'method' | 'path' | 'query' | 'fault' | 'job' | 'onStepClock'> &
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
    id: 'request-1',
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
    onStepClock: false,
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
const list = (wait: number): Step => ({ wait, operation: 'azure.bulkjobs.list', path: '/list' })
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

describe('polling by list', () => {
  it('is a hint if it is flat, and an error if it is too fast', () => {
    expect(report(repeat(5, list(10)))).toMatchObject({
      lists: [{ family: 'azure.bulkjobs', calls: 5, backOff: false, capped: false, judged: { intervals: true } }],
      findings: [{ rule: 'flat-interval', level: 'hint', operation: 'azure.bulkjobs.list' }],
    })
    const { findings } = report([list(0), list(0.1), list(0.3), list(0.5), list(2)])
    expect(findings).toMatchObject([{ rule: 'under-one-second', level: 'error', requests: { length: 4 } }])
    expect(findings[0]!.message).toBe(
      'polled the list of azure.bulkjobs 3 times after less than a second (110ms): wait at least one second',
    )
  })

  it('is told from pages, from lists after a write, and from a new sign-in', () => {
    const pages = [0, 10, 20, 30, 40].map((skip) => ({ ...list(0.01), query: `skip=${skip}` }))
    expect(report(pages).findings).toEqual([])
    const write = poll(0.01, { operation: 'azure.bulkjobs.create', method: 'POST' })
    expect(report(repeat(5, [write, list(0.01)]).flat()).lists).toMatchObject([{ calls: 5, intervals: undefined }])
    expect(report(repeat(4, [signIn(0.1), list(0.1)]).flat()).findings).toMatchObject([
      { rule: 'under-one-second' },
      { rule: 'flat-interval' },
    ])
    expect(report(repeat(4, { ...list(0.1), status: 401 })).lists).toMatchObject([{ calls: 4, intervals: undefined }])
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

  it('says of a Retry-After that was not kept both requests and the times', () => {
    const { findings } = report([poll(0, { status: 429, retryAfter: toMicros(2 * SECOND) }), poll(1, END)])
    const path = '/v1/cckm/azure/bulkjobs/j'
    expect(findings[0]).toMatchObject({ rule: 'retry-after-broken', job: 'j' })
    expect(findings[0]!.message).toBe(
      `polled the job j again too early: GET ${path} was answered 429 with Retry-After 2s at 1970-01-01T00:16:40.01Z, ` +
        `and GET ${path} came 1s after that, at 1970-01-01T00:16:41.01Z`,
    )
    expect(findings[0]!.requests).toHaveLength(2)
  })

  it('judges Retry-After on every operation, path by path', () => {
    const busy = { status: 503, retryAfter: toMicros(2 * SECOND) }
    const create = { operation: 'aws.bulkjob.create', method: 'POST', path: '/create' }
    const cancel = { operation: 'aws.bulkjob.cancel', method: 'POST', path: '/a/cancel' }
    const { operations, findings } = report([
      poll(0, { ...create, ...busy }),
      poll(0.5, { ...cancel, ...busy }),
      poll(0.1, { ...cancel, path: '/b/cancel' }),
      poll(0.1, { ...create, ...busy }),
      poll(0.3, { ...create, ...busy }),
      poll(2.5, create),
      poll(1, { ...cancel, ...busy }),
    ])
    expect(operations).toMatchObject([
      { operation: 'aws.bulkjob.create', asked: 3, kept: 1 },
      { operation: 'aws.bulkjob.cancel', asked: 2, kept: 1 },
    ])
    expect(findings).toMatchObject([
      { rule: 'retry-after-broken', level: 'error', operation: 'aws.bulkjob.create', requests: { length: 3 } },
    ])
    expect(findings[0]!.message).toMatch(/^called aws\.bulkjob\.create again too early: POST .* \(2 times in all\)$/)
    expect(findings[0]).not.toHaveProperty('job')
  })

  it('does not judge intervals on a step clock, and all else', () => {
    const step = { onStepClock: true }
    const { jobs, lists, findings } = report([
      ...repeat(9, poll(0.01, step)),
      ...repeat(9, { ...list(0.01), ...step }),
      poll(0.01, { ...step, ...END }),
      poll(0.01, step),
    ])
    expect(jobs).toMatchObject([{ backOff: false, capped: false, judged: { intervals: false, because: 'step clock' } }])
    expect(lists).toMatchObject([{ calls: 9, judged: { intervals: false, because: 'step clock' } }])
    expect(findings.map(({ rule }) => rule)).toEqual(['polled-after-the-end'])
  })

  it.each<[string, number[], { backOff: boolean; capped: boolean }]>([
    [
      '1 s growing to 15 s and staying',
      [1, 1.6, 2.6, 4.1, 6.6, 10.5, ...repeat(34, 15)],
      { backOff: true, capped: true },
    ],
    ['the same with jitter', [1, 2, 4, 8, ...repeat(10, [12, 15, 10]).flat()], { backOff: true, capped: true }],
    ['doubling to the end', [1, 2, 4, 8, 16], { backOff: true, capped: false }],
    ['always 5 s', repeat(40, 5), { backOff: false, capped: false }],
    ['always about 5 s', repeat(10, [4.2, 5, 5.8]).flat(), { backOff: false, capped: false }],
    ['shorter and shorter', [16, 8, 4, 2, 1], { backOff: false, capped: false }],
  ])('judges the back-off of waits: %s', (_name, waits, expected) => {
    expect(report([poll(0), ...waits.map((wait) => poll(wait))]).jobs[0]).toMatchObject(expected)
  })

  it('gives a capped client no hint of a flat interval', () => {
    expect(rulesOf(report([poll(0), poll(1), poll(3), ...repeat(20, poll(5)), poll(5, END)]))).toEqual([])
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
