// Captured jobs whose instants are moved to the time of the seed.

import { expect, it } from 'vitest'
import { AWS, NOW, start } from '../support/world.ts'

const job = {
  id: 'job-1',
  uri: 'kylo:kylo:cckm:bulkjob:job-1',
  createdAt: '2024-02-06T09:22:54.517569Z',
  updatedAt: '2024-02-06T11:22:55+02:00',
  completed_at: '2024-02-06T09:23:54.5Z',
  overall_status: 'completed',
  detailed_status: { '2024-02-06T09:22:54Z': 'Success' },
  note: 'at 2024-02-06T09:22:54Z',
  history: [{ when: '2024-02-06T09:22:53.517569Z', size: 1.0 }],
  cloud: 'aws',
  operation: 'enablekey',
}

it('moves all instants of a captured job by the same amount, and nothing else', async () => {
  const { admin, emulator } = await start()
  const { added } = await emulator.domain('root').seed({ jobs: [{ job, createdAt: 'now-25h' }] })
  expect(added).toBe(1)
  expect(NOW).toBe('2026-01-01T00:00:00Z')
  expect((await admin.get(`${AWS}/job-1`)).text).toBe(
    JSON.stringify({
      ...job,
      createdAt: '2025-12-30T23:00:00Z',
      updatedAt: '2025-12-30T23:00:00.482431Z',
      completed_at: '2025-12-30T23:00:59.982431Z',
      history: [{ when: '2025-12-30T22:59:59Z', size: 1 }],
    }),
  )
  expect((await admin.get(`${AWS}?sort=-createdAt`)).ids).toEqual(['job-1'])
})

it('draws the items of a captured running job as if it had not been moved', async () => {
  const running = { ...job, completed_at: undefined, overall_status: 'in_progress', detailed_status: {} }
  const scenario = { after: '10s', jitter: '50%', itemCount: 3 }
  const ends = async (createdAt?: string) => {
    const { emulator } = await start()
    const { jobs } = emulator.domain('root')
    await jobs.create({ job: running, scenario, ...(createdAt !== undefined && { createdAt }) })
    return [
      (await jobs.get('job-1')).nextTransitionAt,
      (await jobs.get('job-1', '2027-01-01T00:00:00Z')).job.detailed_status,
    ]
  }
  expect(await ends('now-2h')).toEqual(await ends())
})

it.each([
  ['yesterday', /must be an RFC 3339 instant, now, or now-/],
  ['2255-01-01T00:00:00Z', /moves an instant of the job out of the calendar/],
])('refuses a captured job of %s with its pointer', async (createdAt, message) => {
  const { emulator } = await start()
  const late = { ...job, completed_at: '2024-12-31T23:59:59Z' }
  const seeded = emulator.domain('root').seed({ jobs: [{ job: late, createdAt }] })
  await expect(seeded).rejects.toThrow(message)
  await expect(seeded).rejects.toMatchObject({ status: 400, answer: { error: { pointer: '/jobs/0/createdAt' } } })
})
