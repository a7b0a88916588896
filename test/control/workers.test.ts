// 64 test workers on one emulator, each in its own domain, and the same handle in the process and over a port.

import { describe, expect, it } from 'vitest'
import { connect, type DomainHandle } from '../../src/index.ts'
import { at, enable, JOBS, NOON, seeded, start } from './enter.ts'

/** The calls of a test worker and their results, none of which depend on other workers. */
async function work({ world, client }: Pick<Awaited<ReturnType<typeof enterAs>>, 'world' | 'client'>, index: number) {
  const seconds = index + 1
  await world.scenario('mine', { after: `${seconds}s` })
  await world.defaultScenario('mine')
  const { id } = (await client('POST', JOBS, enable('k1', `own-${index}`))).json
  const half = await world.clock.advance(`${seconds * 500}ms`)
  const before = (await client('GET', `${JOBS}/${String(id)}`)).json
  await world.clock.advance(`${seconds * 500}ms`)
  const after = (await client('GET', `${JOBS}/${String(id)}`)).json
  const { total } = await world.jobs.list()
  return { seconds, half: half.total, before: before.overall_status, after: after.overall_status, total }
}

type Started = Awaited<ReturnType<typeof start>>
const enterAs = ({ enter }: Started, index: number) => enter(`worker-${index}`)

describe('64 test workers', () => {
  it('create, advance and read at the same time without affecting each other', async () => {
    const started = await start()
    const workers = Array.from({ length: 64 }, async (_, index) => work(await enterAs(started, index), index))
    const expected = Array.from({ length: 64 }, (_, index) => ({
      ...{ seconds: index + 1, half: 1, before: 'in_progress', after: 'completed', total: 1 },
    }))
    expect(await Promise.all(workers)).toEqual(expected)
    const { domains } = (await started.admin('GET', '/domains')).json as unknown as {
      domains: { name: string; clock: { now: string } }[]
    }
    const nows = new Map(domains.map(({ name, clock }) => [name, clock.now]))
    expect([nows.size, nows.get('root'), nows.get('worker-59')]).toEqual([65, NOON, at('12:01:00')])
  })
})

/** The results of every function of a handle, without ids of domains and rules, and without tokens. */
async function drive(world: DomainHandle): Promise<unknown> {
  const access = await world.access({ clock: `frozen@${NOON}`, settings: { failureWord: 'failed' } })
  const job = await world.jobs.create(seeded('default', 'k1', 'k2'))
  const manual = await world.jobs.create(seeded('manual', 'k1'))
  const rule = await world.nextJob({ scenario: 'stuck', times: 3 })
  await world.snapshots.save('one')
  const moved = [
    ...[await world.clock.read(), await world.clock.advance('3s'), await world.clock.advance({ untilJob: job.id })],
    ...[await world.jobs.get(job.id, at('12:00:01')), await world.jobs.list({ family: 'aws.bulkjob' })],
    ...[await world.jobs.signal(manual.id, 'finish'), await world.jobs.explain(manual.id)],
    ...[await world.jobs.wait(manual.id), await world.jobs.get('nobody').catch((error: unknown) => error)],
    await world.jobs.wait(job.id, { is: 'error', timeout: '0s' }).catch((error: unknown) => error),
  ]
  await world.scenario('mine', { after: '1s' })
  await world.defaultScenario('mine')
  const told = [await world.settings({ createStatus: 202 }), await world.seed({ jobs: [seeded('stuck', 'k9')] })]
  await world.snapshots.load('one')
  const loaded = [await world.snapshots.list(), await world.clock.read(), (await world.rules()).length]
  await world.snapshots.remove('one')
  await world.clearRules()
  const modes = [await world.clock.step(), (await world.clock.run(2)).rate, (await world.clock.freeze()).mode]
  const fork = (await world.fork(`${world.name}-fork`)).name
  await world.reset()
  const left = [await world.snapshots.list(), await world.rules(), (await world.jobs.list()).total]
  const token = typeof (await world.token({ kind: 'expired' }))
  await world.drop()
  const all = [
    access.name,
    access.created,
    rule.left,
    moved,
    told,
    loaded,
    modes,
    fork,
    left,
    token,
    await world.read(),
  ]
  return JSON.parse(
    JSON.stringify(all)
      .replaceAll(access.id, 'ID')
      .replace(/"id":"[^"]*","jobs"/, '"jobs"'),
  )
}

describe('connect()', () => {
  it('returns the same over a port as the handle in the process', async () => {
    const { emulator } = await start({ port: 0, adminToken: 'secret' })
    const { url } = await emulator.listen()
    const remote = await drive(connect(url, { adminToken: 'secret' }).domain('t-1'))
    await emulator.domain('t-1').drop()
    await emulator.domain('t-1-fork').drop()
    expect(await drive(emulator.domain('t-1'))).toEqual(remote)
    await expect(connect(url).info()).rejects.toMatchObject({ status: 401, code: 'unauthorized' })
    const { version } = await connect(url, { adminToken: 'secret' }).info()
    expect(version).toMatch(/^\d/)
  })

  it('retries to create a domain after a failure', async () => {
    const { emulator, enter, admin } = await start({ maxDomains: 2 })
    await enter('t-1')
    const world = emulator.domain('t-2')
    await expect(world.clock.read()).rejects.toMatchObject({ status: 429 })
    await admin('DELETE', '/domains/t-1')
    expect((await world.clock.read()).mode).toBe('frozen')
  })
})
