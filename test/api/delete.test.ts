import { describe, expect, it } from 'vitest'
import {
  AWS,
  AZURE,
  DOCUMENTED_AWS_ID,
  DOCUMENTED_AZURE_ID,
  DOCUMENTED_SEED,
  refusal,
  start,
} from '../support/world.ts'

const JOB = `${AZURE}/${DOCUMENTED_AZURE_ID}`
const DELETE = { operation: 'delete-key-backups' }

describe('deleting a finished job', () => {
  it('deletes a finished job: 204 without a body, and 404 from then on', async () => {
    const { admin } = await start({ seed: DOCUMENTED_SEED })
    const answer = await admin.delete(JOB)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(refusal(await admin.get(JOB), 404)).toBe('Resource not found')
    refusal(await admin.post(JOB), 404)
    refusal(await admin.post(`${JOB}/cancel`), 404)
    refusal(await admin.delete(JOB), 404)
    expect((await admin.send('HEAD', `/api/v1${JOB}`)).status).toBe(404)
    expect((await admin.get(AZURE)).page).toMatchObject({ total: 0, resources: [] })
    expect((await admin.get(`${AZURE}?id=${DOCUMENTED_AZURE_ID}`)).page.total).toBe(0)
  })

  it('answers 200 with an object if so configured', async () => {
    const { admin } = await start({ seed: DOCUMENTED_SEED, settings: { deleteStatus: 200 } })
    const answer = await admin.delete(JOB)
    expect([answer.status, answer.text]).toEqual([200, '{}'])
  })

  it('deletes no other job', async () => {
    const { admin } = await start()
    const [gone, kept] = [(await admin.post(AZURE, DELETE)).job, (await admin.post(AZURE, DELETE)).job]
    await admin.post(`${AZURE}/${gone.id}/cancel`)
    await admin.delete(`${AZURE}/${gone.id}`)
    expect((await admin.get(AZURE)).ids).toEqual([kept.id])
  })

  it('creates a job with another id for the same request after a delete', async () => {
    const { admin } = await start({ scenario: 'instant' })
    const { job } = await admin.post(AZURE, DELETE)
    await admin.get(`${AZURE}/${job.id}`)
    await admin.delete(`${AZURE}/${job.id}`)
    const again = await admin.post(AZURE, DELETE)
    expect(again.status).toBe(201)
    expect(again.job.id).not.toBe(job.id)
  })
})

describe('deleting a running job', () => {
  it('refuses to delete a running job and says why', async () => {
    const { admin } = await start()
    const { job } = await admin.post(AZURE, DELETE)
    expect(refusal(await admin.delete(`${AZURE}/${job.id}`), 409)).toBe('the job is in progress')
    expect((await admin.get(`${AZURE}/${job.id}`)).status).toBe(200)
  })

  it('deletes a running job if so configured', async () => {
    const { admin } = await start({ settings: { deleteRunning: 'allow' } })
    const { job } = await admin.post(AZURE, DELETE)
    expect((await admin.delete(`${AZURE}/${job.id}`)).status).toBe(204)
    refusal(await admin.get(`${AZURE}/${job.id}`), 404)
  })

  it('deletes a job after its cancel', async () => {
    const { admin } = await start({ scenario: 'stuck' })
    const { job } = await admin.post(AZURE, DELETE)
    await admin.post(`${AZURE}/${job.id}/cancel`)
    expect((await admin.delete(`${AZURE}/${job.id}`)).status).toBe(204)
  })

  it('deletes a job once if ten clients delete it at the same time', async () => {
    const { admin } = await start({ seed: DOCUMENTED_SEED })
    const answers = await Promise.all(Array.from({ length: 10 }, () => admin.delete(JOB)))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array<number>(9).fill(404)])
  })
})

it('answers 405 to a delete of an AWS job and lists the allowed methods', async () => {
  const { admin } = await start({ seed: DOCUMENTED_SEED })
  const answer = await admin.delete(`${AWS}/${DOCUMENTED_AWS_ID}`)
  expect(refusal(answer, 405)).toBe('this path takes GET, HEAD, OPTIONS')
  expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS')
  expect((await admin.get(`${AWS}/${DOCUMENTED_AWS_ID}`)).status).toBe(200)
})
