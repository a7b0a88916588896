import { describe, expect, it } from 'vitest'
import { AWS, AZURE, NOW, SHIPPED_SEEDS, start, type Caller, type WireJob } from '../support/world.ts'

const DELETE = { operation: 'delete-key-backups', delete_key_backups_param: { backups: ['a', 'b', 'c', 'd'] } }
const SEEDED = '8e81973e-0bec-47b0-b898-d190f9ebdacc'

/** Polls a job like a client until it is final; returns the distinct responses. */
async function watch(client: Caller, path: string): Promise<WireJob[]> {
  const seen: WireJob[] = []
  for (let polls = 0; polls < 100_000; polls += 1) {
    const { job } = await client.get(path)
    if (JSON.stringify(job) !== JSON.stringify(seen.at(-1))) seen.push(job)
    if (job.overall_status !== 'in_progress') return seen
  }
  throw new Error('it never ends')
}

const done = (job: WireJob): number => Object.keys(job.detailed_status ?? {}).length

/** Expects items to finish one by one, and the job to have an end time only at its end. */
function expectUnfolding(seen: readonly WireJob[]): void {
  const counts = seen.map(done)
  expect(counts).toEqual([...counts].sort((a, b) => a - b))
  for (const job of seen.slice(0, -1)) {
    expect(job.overall_status).toBe('in_progress')
    expect(job).not.toHaveProperty('completed_at')
  }
}

describe('on a frozen clock', () => {
  it('shows a job unchanged at every read on a frozen clock', async () => {
    const { admin } = await start()
    const created = await admin.post(AZURE, DELETE)
    for (let polls = 0; polls < 5; polls += 1)
      expect((await admin.get(`${AZURE}/${created.job.id}`)).text).toBe(created.text)
  })

  it('completes an instant job at the first GET by id, not before', async () => {
    const { admin } = await start()
    const { job } = await admin.post(AZURE, DELETE, { 'x-emulator-scenario': 'instant' })
    expect(job.overall_status).toBe('in_progress')
    await admin.send('HEAD', `/api/v1${AZURE}/${job.id}`)
    expect((await admin.get(AZURE)).page.resources[0]!.overall_status).toBe('in_progress')
    expect((await admin.get(`${AZURE}/${job.id}`)).job).toMatchObject({
      overall_status: 'completed',
      completed_at: NOW,
    })
  })

  it('completes a job that waits for three polls at the third one, by POST too', async () => {
    const { admin } = await start({ scenario: 'third-poll' })
    const { job } = await admin.post(AZURE, DELETE)
    const path = `${AZURE}/${job.id}`
    expect((await admin.get(path)).job.overall_status).toBe('in_progress')
    expect((await admin.post(path)).job.overall_status).toBe('in_progress')
    expect((await admin.get(path)).job).toMatchObject({
      overall_status: 'completed',
      detailed_status: { a: 'Success' },
    })
  })
})

describe('on a step clock', () => {
  it('ends a polling loop without waiting', async () => {
    const { admin } = await start({ clock: `step@${NOW}` })
    const { job } = await admin.post(AZURE, DELETE)
    const seen = await watch(admin, `${AZURE}/${job.id}`)
    expectUnfolding(seen)
    expect(seen.map(done)).toEqual([1, 2, 3, 4])
    expect(seen.at(-1)).toMatchObject({
      overall_status: 'completed',
      createdAt: NOW,
      updatedAt: '2026-01-01T00:00:05Z',
      completed_at: '2026-01-01T00:00:05Z',
      abort: false,
    })
    expect(Object.keys(seen.at(-1)!)).toEqual([
      ...['id', 'uri', 'account', 'createdAt', 'updatedAt', 'completed_at', 'overall_status', 'detailed_status'],
      ...['abort', 'cloud', 'operation'],
    ])
  })

  it('does not move the step clock when a client lists jobs', async () => {
    const { admin } = await start({ clock: `step@${NOW}` })
    const { text } = await admin.post(AZURE, DELETE)
    for (let looks = 0; looks < 3; looks += 1) expect((await admin.get(AZURE)).text).toContain(text)
  })

  it('continues a seeded job from its progress', async () => {
    const { admin } = await start({ clock: `step@${NOW}`, seed: SHIPPED_SEEDS })
    const before = (await admin.get(`${AWS}?id=${SEEDED}`)).page.resources[0]!
    expect([before.overall_status, done(before)]).toEqual(['in_progress', 3])
    const seen = await watch(admin, `${AWS}/${SEEDED}`)
    expectUnfolding(seen)
    expect(seen.map(done)).toEqual([4, 5, 6, 7, 8, 9, 10])
    expect(seen.at(-1)).toMatchObject({ overall_status: 'completed', createdAt: before.createdAt, keys: before.keys })
    expect(Object.keys(seen.at(-1)!.detailed_status!)).toEqual(before.keys)
  })

  it.each([
    ['partial-failure', 'completed', ['Success', 'Success', 'Error: the operation failed', 'Success']],
    ['late-failure', 'error', ['Success', 'Success', 'Success', 'Error: the operation failed']],
    ['failure', 'error', Array<string>(4).fill('Error: the operation failed')],
    ['slow', 'completed', Array<string>(4).fill('Success')],
  ])('ends the scenario %s as %s', async (scenario, status, results) => {
    const { admin } = await start({ clock: `step@${NOW}`, scenario })
    const { job } = await admin.post(AZURE, DELETE)
    const end = (await watch(admin, `${AZURE}/${job.id}`)).at(-1)!
    expect(end.overall_status).toBe(status)
    expect(Object.values(end.detailed_status!)).toEqual(results)
  })
})

describe('on a running clock', () => {
  it('completes a job five seconds after its creation', async () => {
    const { admin } = await start({ clock: `running@${NOW}`, rate: 100 })
    const { job } = await admin.post(AZURE, DELETE)
    const seen = await watch(admin, `${AZURE}/${job.id}`)
    expectUnfolding(seen)
    const end = seen.at(-1)!
    expect(Date.parse(end.completed_at!) - Date.parse(end.createdAt)).toBe(5000)
    expect(end).toMatchObject({ updatedAt: end.completed_at, overall_status: 'completed' })
  })

  it('shows the same job in a list and by id', async () => {
    const { admin } = await start({ clock: `running@${NOW}`, rate: 1000 })
    const { job } = await admin.post(AZURE, DELETE)
    const end = (await watch(admin, `${AZURE}/${job.id}`)).at(-1)
    expect((await admin.get(`${AZURE}?overall_status=completed`)).page.resources).toEqual([end])
  })
})
