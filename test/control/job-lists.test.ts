// Lists and cancels of jobs over the control API, as the dashboard uses them.

import { describe, expect, it } from 'vitest'
import { at, enable, JOBS, NOON, seeded, start } from './enter.ts'

describe('a list of jobs', () => {
  it('filters by id, status and operation, and sorts like the vendor', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    const made = []
    for (const [scenario, operation] of [
      ['failure', 'enablekey'],
      ['slow', 'disablekey'],
      ['default', 'enablekey'],
    ] as const) {
      const request = { keys: [scenario], operation }
      made.push((await world.jobs.create({ family: 'aws.bulkjob', request, scenario })).id)
      await world.clock.advance('10s')
    }
    const [failed, slow, done] = made
    const idsOf = async (filter: Parameters<typeof world.jobs.list>[0]) =>
      (await world.jobs.list(filter)).jobs.map(({ id }) => id)
    expect(await idsOf({ sort: '-createdAt' })).toEqual([done, slow, failed])
    expect(await idsOf({ overall_status: 'error,completed' })).toEqual([failed, done])
    expect(await idsOf({ overall_status: 'in_progress', at: at('12:00:21') })).toEqual([slow, done])
    expect(await idsOf({ operation: 'disablekey' })).toEqual([slow])
    expect(await idsOf({ id: String(slow) })).toEqual([slow])
    expect(await idsOf({ sort: 'overall_status,-id', limit: 1, skip: 1 })).toEqual([failed])
  })

  it('refuses an unknown sort order and lists the known ones', async () => {
    const { admin } = await start()
    const { status, json } = await admin('GET', '/jobs?sort=scenario')
    expect([status, json.error]).toMatchObject([
      400,
      { pointer: '/sort', message: expect.stringContaining('createdAt') as string },
    ])
    expect((await admin('GET', '/jobs?timeline=yes')).status).toBe(400)
  })

  it('returns a timeline of each job and the common time range on request', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    expect(await world.jobs.list({ timeline: true })).toEqual({ total: 0, jobs: [], span: null })
    const { id } = await world.jobs.create(seeded('default', 'k1', 'k2'))
    const { jobs, span } = await world.jobs.list({ timeline: true })
    const timeline = {
      startedAt: NOON,
      endsAt: at('12:00:05'),
      endStatus: 'completed',
      cancelledAt: null,
      steps: [
        { at: at('12:00:02.5'), done: 1 },
        { at: at('12:00:05'), done: 1 },
      ],
    }
    expect([jobs[0]?.timeline, span]).toEqual([timeline, { from: NOON, to: at('12:00:05') }])
    expect((await world.jobs.list()).jobs[0]).not.toHaveProperty('timeline')
    const { admin } = await enter('t-1')
    expect((await admin('GET', `/jobs/${id}?timeline=true`)).json.timeline).toEqual(timeline)
    expect((await admin('GET', `/jobs/${id}`)).json).not.toHaveProperty('timeline')
  })
})

describe('a cancel by the control API', () => {
  it("has the effect of a client's cancel, but is not recorded as a request", async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    const { id } = (await client('POST', JOBS, enable('k1', 'k2'))).json
    await world.clearRequests()
    await world.clock.advance('3s')
    const { job } = await world.jobs.cancel(String(id))
    expect((await client('GET', `${JOBS}/${String(id)}`)).json).toEqual(job)
    expect(job).toMatchObject({ overall_status: 'aborted', abort: true, completed_at: at('12:00:03') })
    expect((await world.requests()).map(({ operation }) => operation)).toEqual(['aws.bulkjob.get'])
    const { jobs } = await world.jobs.list({ timeline: true })
    expect(jobs[0]?.timeline).toMatchObject({
      cancelledAt: at('12:00:03'),
      steps: [{ done: 1 }, { at: at('12:00:03'), cancelled: 1 }],
    })
  })

  it("fails where a client's cancel fails", async () => {
    const { enter } = await start()
    const { world, admin } = await enter('t-1', { settings: { cancelFinished: 'refuse', deleteRunning: 'allow' } })
    const { id } = await world.jobs.create(seeded('default', 'k1'))
    await world.clock.advance('1m')
    await expect(world.jobs.cancel(id)).rejects.toMatchObject({ status: 409, message: 'the job is finished' })
    expect((await admin('POST', '/jobs/nobody/cancel')).status).toBe(404)
  })

  it('answers 404 for a deleted job', async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    const path = '/cckm/azure/bulkjobs'
    const { id } = (await client('POST', path, { operation: 'delete-key-backups', backups: ['b1'] })).json
    await world.clock.advance('1h')
    await client('DELETE', `${path}/${String(id)}`)
    await expect(world.jobs.cancel(String(id))).rejects.toMatchObject({ status: 404 })
  })
})
