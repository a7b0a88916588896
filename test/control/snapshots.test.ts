// Snapshots, forks, resets and late seeds: they change the whole of one domain, and no other.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { at, enable, JOBS, NOON, seeded, start } from './enter.ts'

const DONE = {
  id: 'done',
  uri: 'kylo:kylo:cckm:bulkjob:done',
  createdAt: '2024-01-01T00:00:00Z',
  overall_status: 'completed',
  abort: false,
  operation: 'enablekey',
}

async function enterOne() {
  const { enter, ...rest } = await start()
  const domain = await enter('t-1', { clock: `frozen@${NOON}`, seed: { jobs: [seeded('slow', 'seed')] } })
  const other = await enter('t-2')
  await other.client('POST', JOBS, enable('other'))
  const list = async () => (await domain.client('GET', `${JOBS}?limit=-1`)).body
  /** Changes every part of the domain. */
  const change = async () => {
    await domain.client('POST', JOBS, enable('k1'))
    await domain.world.clock.set({ mode: 'step', now: at('14:00:00') })
    await domain.world.scenario('mine', { after: '1s' })
    await domain.world.defaultScenario('mine')
    await domain.world.settings({ failureWord: 'failed' })
    await domain.world.nextJob({ scenario: 'stuck', times: 2 })
  }
  const state = async () => ({
    list: await list(),
    clock: await domain.world.clock.read(),
    settings: await domain.world.settings(),
    rules: await domain.world.rules(),
    scenarios: (await domain.admin('GET', '/scenarios')).json,
  })
  return { ...rest, ...domain, enter, other, list, change, state }
}

describe('a reset', () => {
  it("restores a domain's initial state, keeps tokens valid and changes no other domain", async () => {
    const { world, client, change, state, other, call } = await enterOne()
    const before = await state()
    const others = (await other.client('GET', JOBS)).body
    await change()
    expect(await state()).not.toEqual(before)
    await world.reset()
    expect(await state()).toEqual(before)
    expect((await client('GET', JOBS)).status).toBe(200)
    expect((await other.client('GET', JOBS)).body).toBe(others)
    expect([(await call('GET', '/readyz')).status, (await call('GET', '/healthz')).json]).toEqual([
      200,
      { status: 'ok' },
    ])
    expect((await other.world.clock.read()).now).toBe(NOON)
  })

  it.each([`frozen@${NOON}`, 'running'])('undoes changes of seeded jobs (%s)', async (clock) => {
    const { enter } = await start()
    const seed = { jobs: [{ job: DONE }, ...(clock === 'running' ? [] : [seeded('slow', 'seed')])] }
    const { client, world, admin } = await enter('t-9', { clock, seed })
    const list = async () => (await client('GET', `${JOBS}?limit=-1`)).body
    const before = await list()
    for (let turn = 0; turn < 3; turn += 1) {
      const { resources } = (await client('GET', JOBS)).json as { resources: { id: string }[] }
      for (const { id } of resources) expect((await client('POST', `${JOBS}/${id}/cancel`)).status).toBe(200)
      await client('POST', JOBS, enable('k1'))
      if (turn === 1) {
        await world.snapshots.save('one')
        await admin('POST', '/snapshots/one/load')
      }
      expect(await list()).not.toBe(before)
      await world.reset()
      expect(await list()).toBe(before)
    }
  })

  it('creates the jobs of the seed again if the clock was set', async () => {
    const { enter } = await start()
    const seed = { jobs: [seeded('slow', 'seed')] }
    const { client, world } = await enter('t-9', { clock: `frozen@${NOON}`, seed })
    const before = (await client('GET', JOBS)).body
    await world.clock.set({ mode: 'frozen', now: at('11:00:00') })
    expect((await client('GET', JOBS)).body).not.toBe(before)
    await world.reset()
    expect((await client('GET', JOBS)).body).toBe(before)
  })

  it('accepts simultaneous resets', async () => {
    const { world, change, state } = await enterOne()
    const before = await state()
    await change()
    await Promise.all(Array.from({ length: 5 }, () => world.reset()))
    expect(await state()).toEqual(before)
  })
})

describe('snapshots', () => {
  it('restores jobs, clock, settings, scenarios and rules', async () => {
    const { world, client, admin, change, state } = await enterOne()
    await change()
    await client('POST', JOBS, enable('k2'))
    const saved = await state()
    expect((await admin('PUT', '/snapshots/Before')).status).toBe(200)
    await world.clock.advance('1h')
    await world.reset()
    expect((await admin('GET', '/snapshots')).json).toEqual({ snapshots: [{ name: 'Before' }] })
    expect((await admin('POST', '/snapshots/before/load')).status).toBe(200)
    expect(await state()).toEqual(saved)
    expect((await client('GET', JOBS)).status).toBe(200)
    await client('POST', JOBS, enable('k3'))
    await world.snapshots.load('Before')
    expect(await state()).toEqual(saved)
  })

  it('replaces and deletes snapshots, separately for each domain', async () => {
    const { world, admin, other } = await enterOne()
    await world.snapshots.save('one')
    await world.clock.advance('1m')
    await world.snapshots.save('one')
    expect(await world.snapshots.list()).toEqual(['one'])
    await world.snapshots.load('one')
    expect((await world.clock.read()).now).toBe(at('12:01:00'))
    expect((await other.admin('POST', '/snapshots/one/load')).status).toBe(404)
    expect((await admin('DELETE', '/snapshots/one')).status).toBe(204)
    expect([(await admin('DELETE', '/snapshots/one')).status, (await admin('PUT', '/snapshots/a%20b')).status]).toEqual(
      [404, 400],
    )
  })

  it('continues a running clock from the instant of the snapshot', async () => {
    const { world } = await enterOne()
    await world.clock.run()
    await world.snapshots.save('running')
    await world.clock.advance('2h')
    await world.snapshots.load('running')
    const { mode, now } = await world.clock.read()
    const passed = (from: string, to: string) => Date.parse(to) - Date.parse(from)
    expect([mode, passed(NOON, now) < 60_000]).toEqual(['running', true])
    await expect.poll(async () => passed(now, (await world.clock.read()).now)).toBeGreaterThan(0)
  })
})

describe('a snapshot from before a change of the default scenario', () => {
  const DEFAULTS = {
    'none of its own': undefined,
    'a shipped one by name': 'slow',
    'a scenario of the domain': 'mine',
    'an object': { after: '7s' },
  }

  it.each(
    Object.entries(DEFAULTS).flatMap(([what, byDefault]) =>
      [true, false].map((restarts) => ({ what, byDefault, restarts, when: restarts ? 'after a restart' : 'at once' })),
    ),
  )('restores the default that it was saved with: $what ($when)', async ({ byDefault, restarts }) => {
    const data = mkdtempSync(join(tmpdir(), 'cckm-snapshot-'))
    onTestFinished(() => {
      rmSync(data, { recursive: true, force: true })
    })
    const first = await start({ data })
    const { world } = await first.enter('t-1')
    await world.scenario('mine', { after: '3s' })
    if (byDefault !== undefined) await world.defaultScenario(byDefault)
    const kept = (await first.admin('GET', '/domains/t-1/scenarios')).json
    const endOf = async ({ call, enter }: Awaited<ReturnType<typeof start>>) => {
      const { client, world: entered } = await enter('t-1')
      const { id } = (await client('POST', JOBS, enable('k1'))).json
      return [(await entered.jobs.explain(String(id))).scenario, (await call('GET', '/readyz')).status]
    }
    await world.snapshots.save('one')
    const ends = await endOf(first)
    await world.scenario('mine', { after: '9s' })
    await world.scenario('other', { after: '1h' })
    await world.defaultScenario('other')
    if (restarts) await first.emulator.close()
    const second = restarts ? await start({ data }) : first
    const again = await second.enter('t-1')
    await again.world.snapshots.load('one')
    expect((await second.admin('GET', '/domains/t-1/scenarios')).json).toEqual(kept)
    expect((await second.admin('GET', '/domains/t-1/scenarios/mine')).json).toEqual({ name: 'mine', after: '3s' })
    expect(await endOf(second)).toEqual(ends)
  })
})

describe('a fork', () => {
  it('creates a second domain at the same instant, which then changes independently', async () => {
    const { world, admin, enter, change, list } = await enterOne()
    await change()
    const before = await list()
    const { status, json } = await admin('POST', '/fork', { to: 't-3' })
    expect([status, json]).toMatchObject([201, { name: 't-3', jobs: 2, clock: { mode: 'step', now: at('14:00:00') } }])
    const forked = await enter('t-3')
    expect(forked.access.created).toBe(false)
    const jobsOf = async (domain: typeof world) =>
      (await domain.jobs.list()).jobs.map(({ id, job }) => [id, job.overall_status])
    expect(await jobsOf(forked.world)).toEqual(await jobsOf(world))
    expect([await forked.world.rules(), await forked.world.settings()]).toEqual([
      await world.rules(),
      await world.settings(),
    ])
    await forked.client('POST', JOBS, enable('k9'))
    await forked.world.clock.advance('1h')
    expect(await list()).toBe(before)
    await forked.world.reset()
    expect((await forked.world.jobs.list()).total).toBe(1)
  })

  it('refuses a name that is taken or invalid', async () => {
    const { admin } = await enterOne()
    const statuses = await Promise.all(
      ['t-1', 'ROOT', 'a b', ''].map(async (to) => (await admin('POST', '/fork', { to })).status),
    )
    expect(statuses).toEqual([409, 409, 400, 400])
    const racing = await Promise.all([1, 2, 3].map(() => admin('POST', '/fork', { to: 't-4' })))
    expect(racing.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })
})

describe('a late seed', () => {
  it('adds all of its jobs or none, and reports what it would do', async () => {
    const { world, admin } = await enterOne()
    const job = { id: 'a1', uri: 'kylo:a1', createdAt: NOON, overall_status: 'completed', operation: 'enablekey' }
    const good = { jobs: [seeded('stuck', 'k1'), seeded('stuck', 'k1'), { job, family: 'aws.bulkjob' }] }
    const dry = await admin('POST', '/seed?dryRun=true', good)
    expect([dry.status, dry.json, (await world.jobs.list()).total]).toEqual([200, { added: 3, dryRun: true }, 1])
    expect(await world.seed(good)).toMatchObject({ added: 3 })
    expect((await world.jobs.list()).total).toBe(4)
    const taken = { jobs: [seeded('stuck', 'k2'), { job, family: 'aws.bulkjob' }] }
    expect((await admin('POST', '/seed?dryRun=true', taken)).status).toBe(409)
    expect((await admin('POST', '/seed', taken)).status).toBe(409)
    const wrong = await admin('POST', '/seed', { jobs: [seeded('stuck', 'k3'), { ...seeded('stuk', 'k4') }] })
    expect([wrong.status, wrong.json.error]).toMatchObject([400, { pointer: '/jobs/1/scenario' }])
    const asked = [await admin('POST', '/seed?dryRun=1', good), await admin('POST', '/seed?dry=true', good)]
    expect(asked.map(({ status }) => status)).toEqual([400, 400])
    expect((await world.jobs.list()).total).toBe(4)
  })
})

it('accepts `snapshot` as a deprecated alias of the handle’s `snapshots`', async () => {
  const { emulator } = await start()
  const world = emulator.domain('t-1')
  expect(Reflect.get(world, 'snapshot')).toBe(world.snapshots)
})
