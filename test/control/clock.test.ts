// A domain's clock over the control API: modes, rate, setting, advancing.

import { describe, expect, it } from 'vitest'
import { at, enable, JOBS, NOON, seeded, start } from './enter.ts'

describe('the clock', () => {
  it('reads and sets the clock, for root also at the short path', async () => {
    const { admin } = await start()
    const clock = { mode: 'frozen', now: NOON, rate: 1, nextTransitionAt: null, sleepers: [] }
    expect((await admin('GET', '/clock')).json).toEqual(clock)
    expect((await admin('PUT', '/clock', { mode: 'step', now: at('13:00:00.5') })).json).toEqual({
      ...clock,
      mode: 'step',
      now: at('13:00:00.5'),
    })
    expect((await admin('GET', '/domains/root/clock')).json).toMatchObject({ mode: 'step', now: at('13:00:00.5') })
  })

  it('runs a clock at its rate, and freezes it', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    const { now: before } = await world.clock.run(1_000_000)
    const { now: after, rate } = await world.clock.read()
    expect([rate, Date.parse(after) > Date.parse(before)]).toEqual([1_000_000, true])
    const { now } = await world.clock.freeze()
    expect((await world.clock.read()).now).toBe(now)
  })

  it('moves a step clock only at a GET by id of a running job', async () => {
    const { enter } = await start()
    const { client, world } = await enter('t-1', { clock: `step@${NOON}` })
    const { id } = (await client('POST', JOBS, enable('k1', 'k2'))).json
    await client('GET', JOBS)
    await world.jobs.get(String(id))
    expect((await world.clock.read()).now).toBe(NOON)
    const seen = [await client('GET', `${JOBS}/${String(id)}`), await client('GET', `${JOBS}/${String(id)}`)]
    expect(seen.map(({ json }) => [json.overall_status, json.detailed_status])).toEqual([
      ['in_progress', { k1: 'Success' }],
      ['completed', { k1: 'Success', k2: 'Success' }],
    ])
    await client('GET', `${JOBS}/${String(id)}`)
    expect((await world.clock.read()).now).toBe(at('12:00:05'))
  })

  it('sets the clock back and loads the seed again if no job was created, and keeps other settings', async () => {
    const { enter } = await start()
    const { admin, world } = await enter('t-1', { clock: `frozen@${NOON}`, seed: { jobs: [seeded('slow', 'k1')] } })
    await world.settings({ failureWord: 'failed' })
    await world.scenario('mine', { after: '1s' })
    await world.nextJob({ scenario: 'mine' })
    await world.clock.advance('5m')
    const back = await admin('PUT', '/clock', { now: at('09:00:00') })
    expect(back.json).toMatchObject({ mode: 'frozen', now: at('09:00:00'), nextTransitionAt: at('09:10:00') })
    expect((await world.jobs.list()).jobs[0]?.job).toMatchObject({ createdAt: at('09:00:00'), detailed_status: {} })
    expect([(await world.settings()).failureWord, (await world.rules()).length]).toEqual(['failed', 1])
    await world.reset()
    expect((await world.clock.read()).now).toBe(NOON)
  })

  it('refuses to set the clock back once jobs were created', async () => {
    const { enter } = await start()
    const { admin, client } = await enter('t-1')
    await client('POST', JOBS, enable('k1'))
    const refused = await admin('PUT', '/clock', { mode: 'frozen', now: at('11:59:59') })
    expect([refused.status, refused.json.error]).toEqual([
      409,
      { code: 'conflict', message: 'a clock cannot be set back under existing jobs' },
    ])
    expect((await admin('POST', '/clock/advance', { to: at('11:59:59') })).status).toBe(409)
    expect((await admin('PUT', '/clock', { now: at('12:00:01') })).status).toBe(200)
  })

  it('restarts a clock that was created running at a reset', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1', { clock: { mode: 'running', now: NOON } })
    await world.clock.advance('2h')
    await world.reset()
    const { now, mode } = await world.clock.read()
    expect([mode, now < at('12:30:00')]).toEqual(['running', true])
  })
})

describe('advancing the clock', () => {
  it.each(['frozen', 'step', 'running'] as const)('returns the transitions of a %s clock in order', async (mode) => {
    const { enter } = await start()
    const { world } = await enter('t-1', { clock: `frozen@${NOON}` })
    const late = await world.jobs.create(seeded({ after: '8s' }, 'k3'))
    const early = await world.jobs.create(seeded('default', 'k1', 'k2'))
    await world.clock.set({ mode, rate: 0.000_001 })
    const { now, total, transitions } = await world.clock.advance('1h')
    expect(now.slice(0, 19)).toBe('2026-01-01T13:00:00')
    const change = (job: string, time: string) => ({
      ...{ subject: { job }, job, from: 'in_progress', to: 'completed', at: at(time) },
    })
    const item = (job: string, name: string, time: string) => ({
      ...{ subject: { job }, job, item: name, from: null, to: 'Success', at: at(time) },
    })
    expect({ total, transitions }).toEqual({
      total: 5,
      transitions: [
        item(early.id, 'k1', '12:00:02.5'),
        item(early.id, 'k2', '12:00:05'),
        change(early.id, '12:00:05'),
        item(late.id, 'k3', '12:00:08'),
        change(late.id, '12:00:08'),
      ],
    })
  })

  it('advances to an instant, to the next transition, or until a job has a status', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    const { id } = await world.jobs.create(seeded('default', 'k1', 'k2'))
    const stuck = await world.jobs.create(seeded('stuck', 'k3'))
    const { advance } = world.clock
    expect((await advance({ to: at('12:00:01') })).now).toBe(at('12:00:01'))
    expect((await advance({ next: true })).now).toBe(at('12:00:02.5'))
    expect(await advance({ untilJob: id })).toMatchObject({ now: at('12:00:05'), total: 2 })
    expect((await advance({ untilJob: id, is: 'completed' })).now).toBe(at('12:00:05'))
    expect(await advance({ next: true })).toEqual({ now: at('12:00:05'), total: 0, transitions: [] })
    expect((await advance({ untilJob: stuck.id, is: 'final', max: '10m' })).now).toBe(at('12:10:05'))
    await expect(advance({ untilJob: stuck.id })).rejects.toMatchObject({ status: 409 })
    await expect(advance({ untilJob: 'nobody' })).rejects.toMatchObject({ status: 404 })
  })

  it('returns the first transitions and the count of all', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    for (const key of ['a', 'b', 'c']) await world.jobs.create(seeded('default', key))
    const { total, transitions } = await world.clock.advance({ by: '365d', limit: 2 })
    expect([total, transitions.length]).toEqual([6, 2])
  })

  it('adds up two simultaneous advances', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    await Promise.all(Array.from({ length: 10 }, () => world.clock.advance('1m')))
    expect((await world.clock.read()).now).toBe(at('12:10:00'))
  })

  it.each([
    [{ by: 5 }, '/by', 'write 5s'],
    [{ by: '5' }, '/by', 'write 5s'],
    [{ byy: '5s' }, '/byy', 'did you mean by?'],
    [{ to: 'tomorrow' }, '/to', 'RFC 3339'],
    [{ by: '1s', next: true }, '', 'one of by, to, next and untilJob'],
    [{}, '', 'one of by, to, next and untilJob'],
    [{ by: '1s', is: 'final' }, '/is', 'untilJob'],
    [[], '', 'object'],
  ])('refuses to advance by %j', async (body, pointer, message) => {
    const { admin } = await start()
    const { status, json } = await admin('POST', '/clock/advance', body)
    const expected = { code: 'bad-request', message: expect.stringContaining(message) as string, pointer }
    expect([status, json]).toEqual([400, { error: expected }])
  })

  it.each(['0s', '150ms', '11m', '2h', '365d', '1h30m0s', 'PT5M'])('accepts the duration %s', async (by) => {
    const { admin } = await start()
    expect((await admin('POST', '/clock/advance', { by })).status).toBe(200)
  })
})
