import { describe, expect, it } from 'vitest'
import {
  AWS,
  AZURE,
  DOCUMENTED_AWS_ID,
  DOCUMENTED_AZURE_ID,
  DOCUMENTED_SEED,
  NOW,
  refusal,
  start,
} from '../support/world.ts'

const KEYS = { operation: 'enablekey', keys: ['a', 'b'] }

/** Starts an emulator and creates one AWS job with this scenario; returns the job's path too. */
async function withJob(options: Parameters<typeof start>[0] = {}, scenario = 'stuck') {
  const running = await start(options)
  const { job } = await running.admin.post(AWS, KEYS, { 'x-emulator-scenario': scenario })
  return { ...running, path: `${AWS}/${job.id}` }
}

describe('cancelling a running job', () => {
  it('cancels a running job: 200 and the job, already aborted', async () => {
    const { admin, path } = await withJob()
    const answer = await admin.post(`${path}/cancel`)
    expect(answer.status).toBe(200)
    expect(answer.job).toMatchObject({ abort: true, overall_status: 'aborted', completed_at: NOW, updatedAt: NOW })
    expect(answer.job.detailed_status).toEqual({ a: 'Aborted', b: 'Aborted' })
    expect((await admin.get(path)).text).toBe(answer.text)
  })

  it('changes nothing at a second cancel', async () => {
    const { admin, path } = await withJob()
    const first = await admin.post(`${path}/cancel`)
    const second = await admin.post(`${path}/cancel`)
    expect([second.status, second.text]).toEqual([200, first.text])
  })

  it('cancels an Azure job', async () => {
    const { admin } = await start({ scenario: 'stuck' })
    const { job } = await admin.post(AZURE, { operation: 'delete-key-backups' })
    expect((await admin.post(`${AZURE}/${job.id}/cancel`)).job).toMatchObject({
      abort: true,
      overall_status: 'aborted',
    })
  })

  it('keeps the results that a cancelled job already has', async () => {
    // A step clock: the first GET takes the job to its first result.
    const { admin, path } = await withJob({ clock: `step@${NOW}` }, 'default')
    expect((await admin.get(path)).job.detailed_status).toEqual({ a: 'Success' })
    const { job } = await admin.post(`${path}/cancel`)
    expect(job.detailed_status).toEqual({ a: 'Success', b: 'Aborted' })
  })

  it('only sets the flag if the scenario ignores a cancel', async () => {
    const { admin, path } = await withJob({}, 'cancel-ignored')
    const { status, job } = await admin.post(`${path}/cancel`)
    expect([status, job.abort, job.overall_status]).toEqual([200, true, 'in_progress'])
    expect(job).not.toHaveProperty('completed_at')
    expect(job.updatedAt).toBe(NOW)
  })

  it('aborts the job later if the scenario delays a cancel', async () => {
    const { admin, path } = await withJob({ clock: `step@${NOW}` }, 'cancel-slow')
    expect((await admin.post(`${path}/cancel`)).job).toMatchObject({ abort: true, overall_status: 'in_progress' })
    expect((await admin.get(path)).job).toMatchObject({
      overall_status: 'aborted',
      completed_at: '2026-01-01T00:00:02Z',
    })
  })

  it('refuses a cancel if the scenario rejects it', async () => {
    const scenarios = { firm: { never: true, cancel: 'rejected' } } as const
    const { admin, path } = await withJob({ scenarios }, 'firm')
    expect(refusal(await admin.post(`${path}/cancel`), 409)).toBe('the job cannot be cancelled')
    expect((await admin.get(path)).job.abort).toBe(false)
  })
})

describe('cancelling a finished job', () => {
  it.each([
    [AZURE, DOCUMENTED_AZURE_ID],
    [AWS, DOCUMENTED_AWS_ID],
  ])('sets only the flag of a finished job, as in the documentation: %s', async (path, id) => {
    const { admin } = await start({ seed: DOCUMENTED_SEED })
    const before = await admin.get(`${path}/${id}`)
    const cancelled = await admin.post(`${path}/${id}/cancel`)
    expect(cancelled.status).toBe(200)
    expect(cancelled.text).toBe(before.text.replace('"abort":false', '"abort":true'))
    expect((await admin.get(`${path}/${id}`)).text).toBe(cancelled.text)
  })

  it('refuses a cancel of a finished job if so configured', async () => {
    const { admin } = await start({ seed: DOCUMENTED_SEED, settings: { cancelFinished: 'refuse' } })
    const path = `${AZURE}/${DOCUMENTED_AZURE_ID}`
    expect(refusal(await admin.post(`${path}/cancel`), 409)).toBe('the job is finished')
    expect((await admin.get(path)).job.abort).toBe(false)
  })

  it('keeps the status of a finished job that a client created', async () => {
    const { admin, path } = await withJob({}, 'instant')
    const before = await admin.get(path)
    const { text } = await admin.post(`${path}/cancel`)
    expect(text).toBe(before.text.replace('"abort":false', '"abort":true'))
  })
})

it('answers 404 to a cancel of an unknown job', async () => {
  const { admin } = await start({ seed: DOCUMENTED_SEED })
  for (const path of [`${AZURE}/nobody`, `${AWS}/${DOCUMENTED_AZURE_ID}`])
    expect(refusal(await admin.post(`${path}/cancel`), 404)).toBe('Resource not found')
})

it('changes a job once if ten clients cancel it at the same time', async () => {
  const { admin, path } = await withJob()
  const answers = await Promise.all(Array.from({ length: 10 }, () => admin.post(`${path}/cancel`)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
})

describe('words and statuses of a cancelled or failed job', () => {
  it('shows the words that the settings name', async () => {
    const settings = { cancelStatus: 202, abortedWord: 'cancelled', undoneItem: 'Skipped' } as const
    const { admin, path } = await withJob({ settings })
    const { status, job } = await admin.post(`${path}/cancel`)
    expect([status, job.overall_status]).toEqual([202, 'cancelled'])
    expect(job.detailed_status).toEqual({ a: 'Skipped', b: 'Skipped' })
    expect((await admin.get(`${AWS}?overall_status=cancelled`)).page.total).toBe(1)
  })

  it('omits an undone item if its text is empty', async () => {
    const { admin, path } = await withJob({ settings: { undoneItem: '' } })
    expect((await admin.post(`${path}/cancel`)).text).toContain('"detailed_status":{},"abort":true')
  })

  it.each(['error', 'failed'])('shows the word %s for a failure', async (failureWord) => {
    const { admin, path } = await withJob({ settings: { failureWord }, clock: `step@${NOW}` }, 'failure')
    await admin.get(path)
    const { job } = await admin.get(path)
    expect(job.overall_status).toBe(failureWord)
    expect(Object.values(job.detailed_status!)).toEqual(['Error: the operation failed', 'Error: the operation failed'])
  })
})
