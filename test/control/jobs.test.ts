// Jobs over the control API: at any instant, created, signalled, explained, waited for.

import { describe, expect, it } from 'vitest'
import { at, enable, JOBS, NOON, seeded, start } from './enter.ts'

const captured = {
  id: 'ee4482eb-0000-4000-8000-000000000001',
  uri: 'kylo:kylo:cckm:bulkjob:ee4482eb-0000-4000-8000-000000000001',
  createdAt: '2024-02-06T09:22:54.517569Z',
  overall_status: 'completed',
  detailed_status: { k1: 'Success' },
  cloud: 'aws',
  keys: ['k1'],
  operation: 'enablekey',
}

describe('reading jobs', () => {
  it('lists jobs in the past, now and in the future without changing them', async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    await world.clock.advance('1m')
    const { id } = (await client('POST', JOBS, enable('k1', 'k2'))).json
    const listed = async (instant?: string) => {
      const { total, jobs } = await world.jobs.list(instant === undefined ? {} : { at: instant })
      return [total, ...jobs.map(({ job }) => [job.overall_status, Object.keys(job.detailed_status ?? {})])]
    }
    expect(await listed(at('12:00:59'))).toEqual([0])
    expect(await listed()).toEqual([1, ['in_progress', []]])
    expect(await listed(at('12:01:03'))).toEqual([1, ['in_progress', ['k1']]])
    expect(await listed('2027-01-01T00:00:00Z')).toEqual([1, ['completed', ['k1', 'k2']]])
    const later = await world.jobs.get(String(id), at('12:01:05'))
    expect(later).toMatchObject({ id, family: 'aws.bulkjob', scenario: 'default', nextTransitionAt: null })
    await expect(world.jobs.get(String(id), at('12:00:59'))).rejects.toMatchObject({ status: 404 })
    expect((await world.clock.read()).now).toBe(at('12:01:00'))
  })

  it('returns the bytes that an API client sees at that instant, deleted jobs included in the past', async () => {
    const { enter } = await start()
    const { world, client, admin } = await enter('t-1')
    const made = await client('POST', '/cckm/azure/bulkjobs', { operation: 'delete-key-backups', backups: ['b1'] })
    const path = `/cckm/azure/bulkjobs/${String(made.json.id)}`
    await world.clock.advance('1h')
    const { body } = await client('GET', path)
    expect((await admin('GET', '/jobs')).body).toContain(`"job":${body}`)
    expect((await client('DELETE', path)).status).toBe(204)
    await world.clock.advance('1h')
    expect((await world.jobs.list()).total).toBe(0)
    expect((await admin('GET', `/jobs?at=${at('12:59:59')}`)).body).toContain(`"job":${body}`)
    expect((await world.jobs.get(String(made.json.id))).events).toEqual([{ kind: 'delete', at: at('13:00:00') }])
  })

  it('pages and filters jobs by family', async () => {
    const { enter } = await start()
    const { world, client, admin } = await enter('t-1')
    for (const key of ['a', 'b', 'c']) await world.jobs.create(seeded('stuck', key))
    await client('POST', '/cckm/azure/bulkjobs', { operation: 'delete-key-backups', backups: ['b1'] })
    const { total, jobs } = await world.jobs.list({ family: 'aws.bulkjob', limit: 2, skip: 1 })
    expect([total, jobs.length, (await world.jobs.list({ family: 'azure.bulkjobs' })).total]).toEqual([3, 2, 1])
    const wrongs = ['?family=aws', '?at=1', '?limit=x', '?status=completed']
    const answers = await Promise.all(wrongs.map((query) => admin('GET', `/jobs${query}`)))
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400])
  })

  it('never counts a read as a poll', async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    const { id } = await world.jobs.create(seeded('third-poll', 'k1'))
    for (let look = 0; look < 5; look += 1) await world.jobs.get(id)
    await world.jobs.explain(id)
    const seen = []
    for (let poll = 0; poll < 3; poll += 1) seen.push((await client('GET', `${JOBS}/${id}`)).json.overall_status)
    expect(seen).toEqual(['in_progress', 'in_progress', 'completed'])
  })
})

describe('creating jobs', () => {
  it('accepts a create request, repeatedly, or a document that a CM sent', async () => {
    const { enter } = await start()
    const { admin, client } = await enter('t-1')
    const first = await admin('POST', '/jobs', seeded('stuck', 'k1'))
    const second = await admin('POST', '/jobs', { ...seeded('stuck', 'k1'), createdAt: 'now-2s' })
    expect([first.status, second.status, first.json.id === second.json.id]).toEqual([201, 201, false])
    expect(second.json.job).toMatchObject({ createdAt: at('11:59:58') })
    const third = await admin('POST', '/jobs', { job: captured })
    expect([third.status, third.json.scenario]).toEqual([201, null])
    expect((await client('GET', `${JOBS}/${captured.id}`)).body).toBe(JSON.stringify(captured))
    expect((await admin('POST', '/jobs', { job: captured })).status).toBe(409)
  })

  it('accepts a scenario of the domain by name, or an object', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    await world.scenario('mine', { after: '1s' })
    const inline = { extends: 'mine', items: [{ index: -1, status: 'Error: no such key' }] }
    await world.jobs.create(seeded('mine', 'k1'))
    const { id } = await world.jobs.create(seeded(inline, 'k1', 'k2'))
    await world.clock.advance('1s')
    expect((await world.jobs.get(id)).job.detailed_status).toEqual({ k1: 'Success', k2: 'Error: no such key' })
  })

  it.each([
    [{}, ''],
    [{ ...seeded('stuck', 'k1'), job: captured }, ''],
    [{ request: enable('k1') }, '/family'],
    [{ family: 'aws', request: enable('k1') }, '/family'],
    [seeded('stuck'), '/request/keys'],
    [seeded('stuk', 'k1'), '/scenario'],
    [{ ...seeded('stuck', 'k1'), createdAt: 'then' }, '/createdAt'],
    [{ ...seeded('stuck', 'k1'), famly: 'x' }, '/famly'],
    [{ job: { ...captured, createdAt: 'then' } }, '/job/createdAt'],
  ])('refuses to create %j', async (body, pointer) => {
    const { admin } = await start()
    const { status, json } = await admin('POST', '/jobs', body)
    expect([status, json.error]).toMatchObject([400, { pointer }])
    expect((await admin('GET', '/jobs')).json.total).toBe(0)
  })
})

describe('signals', () => {
  it('completes the job that waits for the signal, and refuses it for any other', async () => {
    const { enter } = await start()
    const { world, admin } = await enter('t-1')
    const { id } = await world.jobs.create(seeded('manual', 'k1'))
    expect((await world.jobs.signal(id, 'fail')).job).toMatchObject({
      overall_status: 'error',
      completed_at: NOON,
    })
    expect((await admin('POST', `/jobs/${id}/signal`, { name: 'finish' })).status).toBe(409)
    const other = await world.jobs.create(seeded('default', 'k1'))
    expect((await admin('POST', `/jobs/${other.id}/signal`, { name: 'finish' })).status).toBe(409)
    expect((await admin('POST', '/jobs/nobody/signal', { name: 'finish' })).status).toBe(404)
    expect((await admin('POST', `/jobs/${id}/signal`, {})).status).toBe(400)
  })
})

describe('a deleted job', () => {
  it.each([
    ['running', 'stuck', '/wait?timeout=10ms', 408],
    ['waiting for a signal', 'manual', '/wait?timeout=10ms', 408],
    ['over', 'instant', '/wait', 200],
  ])('refuses commands for a deleted job, and shows it as deleted: %s', async (_was, scenario, wait, status) => {
    const { enter } = await start()
    const { admin, client, world } = await enter('t-1', { settings: { deleteRunning: 'allow' } })
    const body = { operation: 'delete-key-backups', backups: ['b1'] }
    const made = await client('POST', '/cckm/azure/bulkjobs', body, { 'x-emulator-scenario': scenario })
    const path = `/jobs/${String(made.json.id)}`
    await world.clock.advance('1s')
    const before = [await admin('GET', path), await admin('GET', `${path}/explain`)]
    for (const { json } of before) expect(json).not.toHaveProperty('deleted')
    expect((await client('DELETE', `/cckm/azure/bulkjobs/${String(made.json.id)}`)).status).toBe(204)
    expect((await admin('POST', `${path}/signal`, { name: 'finish' })).status).toBe(404)
    expect((await admin('POST', `${path}/cancel`)).status).toBe(404)
    for (const looked of ['', '?timeline=true', '/explain'])
      expect((await admin('GET', path + looked)).json, looked).toMatchObject({ deleted: true })
    const waited = await admin('GET', path + wait)
    expect([waited.status, waited.json.deleted]).toEqual([status, true])
    const explained = (await admin('GET', `${path}/explain`)).json
    expect(explained).toMatchObject({ waitsFor: [], nextTransitionAt: null })
    expect(explained.text).toMatch(/, and deleted$/)
  })

  it('shows a deleted job at an earlier instant', async () => {
    const { enter } = await start()
    const { admin, client, world } = await enter('t-1')
    const made = await client('POST', '/cckm/azure/bulkjobs', { operation: 'delete-key-backups', backups: ['b1'] })
    await world.clock.advance('1m')
    await client('DELETE', `/cckm/azure/bulkjobs/${String(made.json.id)}`)
    const then = (await admin('GET', `/jobs/${String(made.json.id)}?at=${at('12:00:59')}`)).json
    expect(then).not.toHaveProperty('deleted')
  })
})
