// What the page says about a job and its requests, and what it asks of the control API.

import { describe, expect, it } from 'vitest'
import type { ExplanationAnswer, JobAnswer } from '../../src/client/answers/jobs.ts'
import type { RequestAnswer } from '../../src/client/answers/requests.ts'
import { axisJobsOf } from '../../src/dashboard/axis-jobs.ts'
import { demoJobs } from '../../src/dashboard/demo-jobs.ts'
import { instantOf, SECOND } from '../../src/dashboard/instants.ts'
import { FIRST_PAGE, hasFilter, queryOf } from '../../src/dashboard/jobs-query.ts'
import { curlOf, pollText, statusText } from '../../src/dashboard/request-text.ts'
import { whyOf } from '../../src/dashboard/why.ts'
import { createEmulator } from '../../src/index.ts'

const NOON = instantOf('2026-01-01T12:00:00Z')

describe('Why a job has its state', () => {
  /** The sentences for a job of a scenario, as the emulator explains it. */
  async function whyIn(scenario: string, mode: 'frozen' | 'step' = 'frozen') {
    await using emulator = await createEmulator({ seed: 'none', clock: `${mode}@2026-01-01T12:00:00Z` })
    const world = emulator.domain('root')
    const { id } = await world.jobs.create({
      family: 'aws.bulkjob',
      request: { operation: 'enablekey', keys: ['a'] },
      scenario,
    })
    const answer = await emulator.inject(`/__admin/domains/root/jobs/${id}/explain`)
    return whyOf(answer.json<ExplanationAnswer>(), NOON).slice(1)
  }

  it('is told in whole sentences, with times for people', async () => {
    expect(await whyIn('default')).toEqual([
      'It becomes completed 5s after its start, at 12:00:05 (in 5s).',
      'The clock is frozen: nothing changes until you move it.',
    ])
    expect(await whyIn('default', 'step')).toContain('The clock moves with each poll of a running job only.')
    expect(await whyIn('stuck')).toEqual(['Nothing ends it but a cancel.'])
    expect(await whyIn('manual')).toContain('It becomes completed at the signal finish.')
    expect(await whyIn('slow')).toContain('It becomes completed 10m after its start, at 12:10:00 (in 10m).')
  })

  it('is told of a deleted job and of an end that has passed', () => {
    const explanation: ExplanationAnswer = {
      job: 'j1',
      status: 'completed',
      isFinal: true,
      scenario: 'default',
      chosenBy: null,
      now: '2026-01-01T12:00:00Z',
      clock: 'running',
      waitsFor: [],
      effects: [],
      nextTransitionAt: null,
      text: 'scenario default, chosen by its seed; completed',
    }
    expect(whyOf({ ...explanation, deleted: true }, NOON)).toEqual([
      'Scenario default, chosen by its seed.',
      'It was completed when it was deleted.',
    ])
    expect(whyOf(explanation, NOON).at(-1)).toBe('It stays completed.')
    const past = { trigger: 'after', text: 'completed 5s after its start', at: '2026-01-01T11:00:00Z' } as const
    expect(whyOf({ ...explanation, isFinal: false, waitsFor: [past] }, NOON).at(-1)).toBe(
      'It becomes completed 5s after its start, at 11:00:00.',
    )
  })
})

const request = (change: Partial<RequestAnswer> = {}): RequestAnswer => ({
  id: 'request-1',
  at: '2026-01-01T12:00:00Z',
  realAt: '2026-01-01T12:00:00Z',
  operation: 'aws.bulkjob.get',
  method: 'GET',
  path: '/api/v1/cckm/aws/bulkjob/j1',
  status: 200,
  durationMs: 1,
  query: {},
  headers: { 'user-agent': 'curl/8' },
  body: null,
  ...change,
})

describe('The requests about a job', () => {
  const at = (second: number) => request({ realAt: `2026-01-01T12:00:0${second}Z` })

  it('are summed up: how often, when last, how far apart, by whom', () => {
    expect(pollText([], NOON)).toBe('No client has polled this job.')
    expect(pollText([request({ operation: 'aws.bulkjob.create' })], NOON)).toBe('No client has polled this job.')
    expect(pollText([at(0)], NOON + 4 * SECOND)).toBe('Polled once, last 4s ago, by curl/8')
    expect(pollText([at(0), at(2), at(4), at(9)], NOON + 9 * SECOND)).toBe(
      'Polled 4 times, last 0ms ago, about every 2s, by curl/8',
    )
    expect(pollText([request({ headers: {} })], NOON)).toBe('Polled once, last 0ms ago')
  })

  it('have a status, or say why they have none', () => {
    const none = { status: null, durationMs: null }
    expect([request(), none, { ...none, durationMs: 3 }].map(statusText)).toEqual(['200', 'in progress', 'no response'])
  })

  it('are commands of curl, quoted for a shell', () => {
    expect(curlOf(request({ query: { limit: '5', id: ['a', 'b'] } }), 'http://h')).toBe(
      `curl -k 'http://h/api/v1/cckm/aws/bulkjob/j1?limit=5&id=a&id=b' -H "Authorization: Bearer $TOKEN"`,
    )
    expect(curlOf(request({ method: 'POST', path: '/p', body: { note: "it's" } }), 'http://h')).toBe(
      `curl -k -X POST 'http://h/p' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"note":"it'\\''s"}'`,
    )
    expect(curlOf(request({ method: 'POST', path: '/p', body: 'text' }), 'http://h')).toContain("-d 'text'")
  })
})

describe('The list of jobs', () => {
  it('is asked for with what is filtered, and nothing else', () => {
    expect(queryOf(FIRST_PAGE)).toBe('sort=-createdAt&limit=25&timeline=true')
    const query = { ...FIRST_PAGE, status: 'error', skip: 25 }
    expect(queryOf(query, { at: '2026-01-01T12:00:00Z', limit: 5 })).toBe(
      'at=2026-01-01T12%3A00%3A00Z&overall_status=error&sort=-createdAt&skip=25&limit=5&timeline=true',
    )
    expect([hasFilter(FIRST_PAGE), hasFilter(query)]).toEqual([false, true])
  })

  it('gives the time axis its newest and its open jobs once each, in the order of their starts', () => {
    const job = (id: string, startedAt: string, endsAt: string | null): JobAnswer => ({
      id,
      family: 'aws.bulkjob',
      scenario: null,
      job: { id, overall_status: endsAt === null ? 'in_progress' : 'completed', operation: 'enablekey' },
      nextTransitionAt: null,
      timeline: { startedAt, endsAt, endStatus: null, cancelledAt: null, steps: [] },
    })
    const [old, done] = [
      job('old', '2026-01-01T10:00:00Z', null),
      job('done', '2026-01-01T12:00:00Z', '2026-01-01T12:00:05Z'),
    ]
    const span = { from: '2025-01-01T00:00:00Z', to: null }
    const { timeline: _timeline, ...unknown } = job('unknown', '2026-01-01T10:00:00Z', null)
    const axis = axisJobsOf({ total: 9, jobs: [done, old, unknown], span }, { total: 1, jobs: [old] })
    expect(axis.jobs.map(({ id, tone, title }) => [id, tone, title])).toEqual([
      ['old', 'running', 'old enablekey: in_progress'],
      ['done', 'done', 'done enablekey: completed'],
    ])
    expect(axis).toMatchObject({
      left: 6,
      total: 9,
      running: 1,
      known: { from: instantOf(span.from), to: instantOf(span.from) },
    })
    expect(axisJobsOf({ total: 0, jobs: [], span: null }, { total: 0, jobs: [] }).known).toBeUndefined()
  })
})

it('The demo has jobs of all families', () => {
  expect(demoJobs([])).toEqual([])
  const families = [
    { name: 'aws.bulkjob', operations: ['enablekey', 'disablekey'] },
    { name: 'azure.bulkjobs', operations: ['delete-key-backups'] },
  ]
  const jobs = demoJobs(families)
  expect([jobs.length, new Set(jobs.map(({ operation }) => operation)).size]).toEqual([20, 3])
})
