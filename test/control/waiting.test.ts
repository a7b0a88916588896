// `explain` says what a job waits for; `wait` waits until the job has a status.

import { describe, expect, it } from 'vitest'
import type { ControlError } from '../../src/index.ts'
import { at, enable, JOBS, NOON, seeded, start } from './enter.ts'

describe('explain', () => {
  it('names the source of the scenario, the trigger that the job waits for, and the next step', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    const { id } = await world.jobs.create(seeded('default', 'k1', 'k2'))
    expect(await world.jobs.explain(id)).toEqual({
      job: id,
      status: 'in_progress',
      isFinal: false,
      scenario: 'default',
      chosenBy: 'call',
      now: NOON,
      clock: 'frozen',
      waitsFor: [{ trigger: 'after', at: at('12:00:05'), text: 'completed 5s after its start' }],
      effects: [],
      nextTransitionAt: at('12:00:02.5'),
      text:
        'scenario default, chosen by the call that created the job; in_progress; completed 5s after its start; ' +
        'the clock is frozen: advance it by 2.5s for the next transition',
    })
    await world.clock.advance('5s')
    expect((await world.jobs.explain(id)).text).toBe(
      'scenario default, chosen by the call that created the job; completed, which is final',
    )
  })

  it('distinguishes jobs of a seed from those of a call, and a named scenario from a default', async () => {
    const { enter } = await start({ scenario: 'slow' })
    const job = (key: string, scenario?: string) => ({ ...seeded(undefined, key), ...(scenario && { scenario }) })
    const { world } = await enter('t-1', { seed: { jobs: [job('k1', 'stuck'), job('k2')] } })
    const reasons = async () => {
      const { jobs } = await world.jobs.list()
      const all = await Promise.all(jobs.map(({ id }) => world.jobs.explain(id)))
      return all.map(({ scenario, chosenBy, text }) => [scenario, chosenBy, text.split(';')[0]]).sort()
    }
    expect(await reasons()).toEqual([
      ['slow', 'configuration', "scenario slow, chosen by the configuration's default"],
      ['stuck', 'seed', 'scenario stuck, chosen by its seed'],
    ])
    const made = [await world.jobs.create(job('k3', 'stuck')), await world.jobs.create(job('k4'))]
    await world.defaultScenario('manual')
    made.push(await world.jobs.create(job('k5')))
    await world.seed({ jobs: [job('k6', 'stuck'), job('k7')] })
    const chosen = await Promise.all(made.map(async ({ id }) => (await world.jobs.explain(id)).chosenBy))
    expect(chosen).toEqual(['call', 'configuration', 'domain'])
    expect((await reasons()).map(([scenario, chosenBy]) => `${scenario} ${chosenBy}`)).toEqual([
      ...['manual domain', 'manual domain', 'slow configuration', 'slow configuration'],
      ...['stuck call', 'stuck seed', 'stuck seed'],
    ])
  })

  it.each([
    ['stuck', 'nothing ends it but a cancel'],
    ['third-poll', 'completed at GET number 3 by the API client (1 so far)'],
    ['manual', 'completed at the signal finish; error at the signal fail'],
    ['instant', 'completed 30ms after its start; completed at GET number 1'],
  ])('names the triggers of %s', async (scenario, text) => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    const { id } = await world.jobs.create(seeded(scenario, 'k1'))
    if (scenario === 'third-poll') await client('GET', `${JOBS}/${id}`)
    expect((await world.jobs.explain(id)).text).toContain(text)
  })

  it('distinguishes a delayed cancel from an ignored one', async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    const explained = async (scenario: string) => {
      const { id } = await world.jobs.create(seeded(scenario, 'k1'))
      await client('POST', `${JOBS}/${id}/cancel`)
      return world.jobs.explain(id)
    }
    const slow = await explained('cancel-slow')
    expect(slow.text).toContain('in_progress, a cancel is under way')
    expect(slow.waitsFor[1]).toEqual({ trigger: 'cancel', at: at('12:00:02'), text: 'aborted 2s after its cancel' })
    expect((await explained('cancel-ignored')).text).toContain('in_progress, a cancel was ignored')
  })

  it('names each place where a scenario can be set', async () => {
    const { enter } = await start({ scenario: 'slow' })
    const { world, client } = await enter('t-1')
    const created = async (headers = {}) => {
      const { id } = (await client('POST', JOBS, enable('k1'), headers)).json
      return world.jobs.explain(String(id))
    }
    expect(await created()).toMatchObject({ scenario: 'slow', chosenBy: 'configuration' })
    await world.defaultScenario('stuck')
    expect(await created()).toMatchObject({ scenario: 'stuck', chosenBy: 'domain' })
    const { id: rule } = await world.nextJob({ scenario: 'failure' })
    expect(await created({ 'x-emulator-scenario': 'manual' })).toMatchObject({ scenario: 'manual', chosenBy: 'header' })
    const ruled = await created({})
    expect(ruled).toMatchObject({ scenario: 'failure', chosenBy: 'rule', rule })
    expect(ruled.text).toContain(`chosen by a job rule of the domain (${rule})`)
  })
})

describe('wait', () => {
  it('answers at once if the job already has the status', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1')
    const { id } = await world.jobs.create(seeded('default', 'k1'))
    expect((await world.jobs.wait(id, { is: 'in_progress', timeout: '0s' })).job.overall_status).toBe('in_progress')
  })

  it('answers after a signal, an advance, a cancel or a poll', async () => {
    const { enter } = await start()
    const { world, client } = await enter('t-1')
    const ends: [string, (id: string) => Promise<unknown>, string][] = [
      ['manual', (id) => world.jobs.signal(id, 'finish'), 'completed'],
      ['slow', () => world.clock.advance('10m'), 'completed'],
      ['stuck', (id) => client('POST', `${JOBS}/${id}/cancel`), 'aborted'],
      ['instant', (id) => client('GET', `${JOBS}/${id}`), 'completed'],
    ]
    for (const [scenario, end, status] of ends) {
      const { id } = await world.jobs.create(seeded(scenario, 'k1'))
      const waiting = world.jobs.wait(id, { timeout: '20s' })
      await end(id)
      expect((await waiting).job.overall_status).toBe(status)
    }
  })

  it('answers when a running clock gets there', async () => {
    const { enter } = await start()
    const { world } = await enter('t-1', { clock: { mode: 'running', rate: 1000 } })
    const { id } = await world.jobs.create(seeded('slow', 'k1', 'k2'))
    expect((await world.jobs.wait(id, { is: 'completed', timeout: '20s' })).job.overall_status).toBe('completed')
  })

  it('answers 408 at the real-time timeout, with the job, its explanation, and whether the clock is frozen', async () => {
    const { enter } = await start()
    const { world, admin } = await enter('t-1')
    const { id } = await world.jobs.create(seeded('stuck', 'k1'))
    const { status, json } = await admin('GET', `/jobs/${id}/wait?is=completed&timeout=1ms`)
    expect([status, json]).toMatchObject([
      408,
      {
        id,
        job: { overall_status: 'in_progress' },
        explanation: { waitsFor: [{ trigger: 'never' }] },
        clockStands: true,
        error: { code: 'timeout', message: 'the job was not completed within 1ms' },
      },
    ])
    await world.clock.run()
    const refused = (await world.jobs.wait(id, { timeout: '1ms' }).catch((error: unknown) => error)) as ControlError
    expect([refused.status, refused.answer]).toMatchObject([408, { clockStands: false }])
  })

  it('refuses an unknown job, and a timeout without a unit', async () => {
    const { admin } = await start()
    const answers = [await admin('GET', '/jobs/nobody/wait'), await admin('GET', '/jobs/nobody/wait?timeout=5')]
    expect(answers.map(({ status }) => status)).toEqual([404, 400])
  })

  it('ends when the emulator stops or the domain is deleted', async () => {
    const { enter, emulator } = await start()
    const { world } = await enter('t-1')
    const { world: other, admin } = await enter('t-2')
    const { id } = await world.jobs.create(seeded('stuck', 'k1'))
    const { id: dropped } = await other.jobs.create(seeded('stuck', 'k1'))
    const waits = [world.jobs.wait(id, { timeout: '10m' }), other.jobs.wait(dropped, { timeout: '10m' })]
    const ends = Promise.allSettled(waits)
    await admin('DELETE', '')
    await expect(waits[1]).rejects.toMatchObject({ status: 404 })
    await emulator.close()
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
