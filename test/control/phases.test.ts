// Words before the end and pauses, as API clients and the control API see them.

import { describe, expect, it } from 'vitest'
import { at, enable, JOBS, start } from './enter.ts'

const scenario = {
  after: '10s',
  phases: [
    { status: 'queued', for: '2s' },
    { status: 'suspended', for: '3s' },
  ],
  items: [{ index: [0, -1], at: '100%' }],
}

describe('a job with phases', () => {
  it('is found in lists by its word at any instant, a deleted one in the past too', async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1', { settings: { deleteRunning: 'allow' } })
    await world.nextJob({ scenario })
    const { id } = (await client('POST', JOBS, enable('k1'))).json
    const listed = async (status: string) =>
      (await client('GET', `${JOBS}?overall_status=${status}&sort=overall_status`)).json.total
    expect([await listed('queued'), await listed('in_progress')]).toEqual([1, 0])
    await world.clock.advance('2s')
    expect([await listed('queued'), await listed('suspended')]).toEqual([0, 1])
    await client('DELETE', `${JOBS}/${String(id)}`)
    const past = async (filter: object) => (await world.jobs.list({ ...filter, at: at('12:00:01') })).total
    expect([await past({ overall_status: 'queued' }), await past({ overall_status: 'suspended' })]).toEqual([1, 0])
  })

  it('changes its word by advancing, by stepping and in an order that transitions tell', async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    await world.defaultScenario(scenario)
    const path = `${JOBS}/${String((await client('POST', JOBS, enable('k1'))).json.id)}`
    expect((await world.clock.advance('1h')).transitions.map(({ item, from, to }) => item ?? [from, to])).toEqual([
      ['queued', 'suspended'],
      ['suspended', 'in_progress'],
      'k1',
      ['in_progress', 'completed'],
    ])
    await world.clock.step()
    const stepped = `${JOBS}/${String((await client('POST', JOBS, enable('k2'))).json.id)}`
    const words = []
    for (let poll = 0; poll < 3; poll += 1) words.push((await client('GET', stepped)).json.overall_status)
    expect(words).toEqual(['suspended', 'in_progress', 'completed'])
    expect((await client('GET', path)).json.overall_status).toBe('completed')
  })

  it('can be waited for and advanced to by its word, and ends by a cancel', async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    await world.nextJob({ scenario })
    const id = String((await client('POST', JOBS, enable('k1'))).json.id)
    const waiting = world.jobs.wait(id, { is: 'suspended' })
    const { now, total } = await world.clock.advance({ untilJob: id, is: 'suspended' })
    expect([now, total]).toEqual([at('12:00:02'), 1])
    expect((await waiting).job.overall_status).toBe('suspended')
    const { json } = await client('POST', `${JOBS}/${id}/cancel`)
    expect(json).toMatchObject({ overall_status: 'aborted', abort: true })
    expect((await world.clock.advance('1h')).total).toBe(0)
  })

  it('explains its phases and pauses', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    const paused = { ...scenario, pauses: [{ at: '50%', for: '1m' }] }
    const { id } = await world.jobs.create({ family: 'aws.bulkjob', request: enable('k1'), scenario: paused })
    const explained = await world.jobs.explain(id)
    expect(explained).toMatchObject({
      phases: [
        { status: 'queued', at: at('12:00:00') },
        { status: 'suspended', at: at('12:00:02') },
        { status: 'in_progress', at: at('12:00:05') },
      ],
      pauses: [{ from: at('12:00:05'), until: at('12:01:05') }],
      waitsFor: [{ trigger: 'after', at: at('12:01:10') }],
    })
    expect(explained.text).toContain(
      'before its end it is queued from 0s, suspended from 2s, in_progress from 5s after',
    )
    expect(explained.text).toContain('it pauses for 1m0s at 5s after its start')
  })

  it('of a captured document shows it as written until the word changes', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    const job = { id: 'job-1', createdAt: at('11:00:00'), overall_status: 'in_progress', keys: ['k1'], cloud: 'aws', operation: 'enablekey' } // prettier-ignore
    const phases = [{ status: 'in_progress', for: '1s' }, { status: 'suspended', for: '1s' }] // prettier-ignore
    await world.jobs.create({ job, scenario: { ...scenario, phases } })
    const seen = []
    for (const second of [0, 1, 2]) seen.push((await world.jobs.get('job-1', at(`12:00:0${second}`))).job)
    expect(seen).toMatchObject([job, { overall_status: 'suspended' }, job])
    expect(seen[0]).toEqual(job)
  })
})

describe('the scenario header', () => {
  it('takes ranges, counts, phases and pauses, and refuses them with their place', async () => {
    const { enter } = await start()
    const { client } = await enter('t-1')
    const create = (source: object) =>
      client('POST', JOBS, enable('k1', 'k2', 'k3'), { 'x-emulator-scenario': JSON.stringify(source) })
    const items = [{ index: [1, 2], count: 1, status: 'Error: locked' }]
    const { json } = await create({ ...scenario, items, pauses: [{ at: '1s', for: '1s' }] })
    expect(json.overall_status).toBe('queued')
    for (const [wrong, place] of [
      [{ items: [{ index: [2, 1] }] }, 'items.0.index'],
      [{ items: [{ count: 1, fraction: 0.5 }] }, 'items.0.count'],
      [{ phases: [{ status: 'queued', for: '11s' }] }, 'phases.0.for'],
      [{ pauses: [{ at: '11s', for: '1s' }] }, 'pauses.0.at'],
    ] as const) {
      const refused = await create({ ...scenario, ...wrong })
      expect([refused.status, refused.body]).toEqual([400, expect.stringContaining(`${place}: `)])
    }
  })
})
