// The inventory over the control API: at any instant, with what jobs and calls did to it.

import { describe, expect, it } from 'vitest'
import { at, enable, JOBS, start } from './enter.ts'

const KMS = { kind: 'aws.kms', record: { name: 'kms', account_id: '123456789012', regions: ['ap-south-1'] } }
const key = (id: string, more: object = {}) => ({
  kind: 'aws.key',
  record: { id, kms: 'kms', region: 'ap-south-1', ...more },
})
const disable = (...keys: string[]) => ({ ...enable(...keys), operation: 'disablekey' })

async function withKeys(...resources: object[]) {
  const started = await start()
  const entered = await started.enter('t-1')
  await entered.world.seed({ resources: [...resources, KMS], jobs: [] })
  return { ...started, ...entered }
}

const stateOf = ({ record }: { readonly record: Readonly<Record<string, unknown>> }) =>
  (record.aws_param as { KeyState: string }).KeyState

describe('Resources', () => {
  it('of a seed may refer to later ones, and are filled in the same on every start', async () => {
    const { world, admin } = await withKeys(key('k1'))
    const again = await withKeys(key('k1'))
    const { total, resources } = await world.resources.list()
    expect(total).toBe(2)
    const masked = (value: unknown, { id }: { id: string }) => JSON.stringify(value).replaceAll(id, 'the domain')
    expect(masked(await again.world.resources.list(), await again.world.read())).toBe(
      masked({ total, resources }, await world.read()),
    )
    const kms = resources.find(({ kind }) => kind === 'aws.kms')
    expect((await world.resources.get('k1')).record).toMatchObject({ kms_id: kms?.id, region: 'ap-south-1' })
    expect((await admin('GET', '/resources?kind=aws.kms')).json).toMatchObject({ total: 1 })
  })

  it('are changed by the items of a job, each at its instant, and looked at as they were and will be', async () => {
    const { world, client } = await withKeys(key('k1'), key('k2'))
    const { id: job } = (await client('POST', JOBS, disable('k1', 'k2'))).json
    expect(stateOf(await world.resources.get('k1'))).toBe('Enabled')
    const later = await world.resources.get('k1', at('12:00:03'))
    expect(stateOf(later)).toBe('Disabled')
    expect(later.effects).toEqual([{ at: at('12:00:02.5'), change: 'disabled', by: { job } }])
    expect(stateOf(await world.resources.get('k2', at('12:00:03')))).toBe('Enabled')
    expect((await world.jobs.explain(String(job))).effects).toEqual([
      { item: 'k1', resource: 'k1', change: 'disabled', at: at('12:00:02.5') },
      { item: 'k2', resource: 'k2', change: 'disabled', at: at('12:00:05') },
    ])
    const { transitions } = await world.clock.advance('5s')
    const effect = { resource: 'k1', kind: 'aws.key', change: 'disabled' }
    expect(transitions[0]).toMatchObject({ subject: { job }, item: 'k1', effect })
    expect(stateOf(await world.resources.get('k2'))).toBe('Disabled')
  })

  it('are gone on the day that a deletion was scheduled for, and the clock tells so', async () => {
    const { world, client } = await withKeys(key('k1'))
    const body = { ...enable('k1'), operation: 'schedulekeydeletion', days: 7 }
    const { id: job } = (await client('POST', JOBS, body)).json
    await world.clock.advance('5s')
    expect((await world.clock.read()).nextTransitionAt).toBe('2026-01-08T12:00:05Z')
    const { total, transitions } = await world.clock.advance({ next: true })
    expect(total).toBe(1)
    expect(transitions).toEqual([
      {
        subject: { resource: 'k1', kind: 'aws.key' },
        from: 'PendingDeletion',
        to: 'gone',
        at: '2026-01-08T12:00:05Z',
      },
    ])
    const { record, effects } = await world.resources.get('k1')
    expect(record).toMatchObject({ gone: true, aws_param: { KeyState: 'PendingDeletion' } })
    expect(effects.map(({ change, by }) => [change, by])).toEqual([
      ['deletion-scheduled', { job }],
      ['gone', { job }],
    ])
  })

  it('make an item fail whose change the cloud refuses in the state that its key will be in', async () => {
    const { world, client } = await withKeys(key('k1'), key('k2'))
    const cancelDeletion = { ...enable('k1', 'k2'), operation: 'cancelkeydeletion' }
    await client('POST', JOBS, { ...enable('k1'), operation: 'schedulekeydeletion' })
    await world.clock.advance('5s')
    const { id } = (await client('POST', JOBS, cancelDeletion)).json
    await world.clock.advance('5s')
    expect((await client('GET', `${JOBS}/${String(id)}`)).json).toMatchObject({
      overall_status: 'completed',
      detailed_status: { k1: 'Success', k2: expect.stringContaining('is not pending deletion') as string },
    })
    expect(stateOf(await world.resources.get('k1'))).toBe('Disabled')
    expect((await world.jobs.explain(String(id))).text).toContain('the cloud refuses k2')
    await world.settings({ partialFailureWord: 'completed_with_errors', inventory: 'strict' })
    const next = (await client('POST', JOBS, enable('k1', 'nobody'))).json
    await world.clock.advance('5s')
    expect((await client('GET', `${JOBS}/${String(next.id)}`)).json).toMatchObject({
      overall_status: 'completed_with_errors',
      detailed_status: { k1: 'Success', nobody: expect.stringContaining('NotFoundException') as string },
    })
  })

  it('keep their state when a job fails, is cancelled, or waits', async () => {
    const { world, client } = await withKeys(key('k1'), key('k2'))
    const slow = (await client('POST', JOBS, disable('k1', 'k2'))).json
    await world.clock.advance('3s')
    await client('POST', `${JOBS}/${String(slow.id)}/cancel`)
    await world.clock.advance('1h')
    expect([await world.resources.get('k1'), await world.resources.get('k2')].map(stateOf)).toEqual([
      'Disabled',
      'Enabled',
    ])
    await world.nextJob({ scenario: 'manual' })
    const manual = (await client('POST', JOBS, disable('k2'))).json
    await world.clock.advance('1h')
    expect(stateOf(await world.resources.get('k2', '2027-01-01T00:00:00Z'))).toBe('Enabled')
    await world.jobs.signal(String(manual.id), 'finish')
    expect(stateOf(await world.resources.get('k2'))).toBe('Disabled')
  })

  it('are added and removed one by one, and refused with the place of what is wrong', async () => {
    const { world, admin } = await withKeys()
    const added = await world.resources.add(key('k9'))
    expect(added).toMatchObject({ id: 'k9', kind: 'aws.key' })
    await expect(world.resources.add(key('k9'))).rejects.toMatchObject({ status: 409 })
    await world.clock.advance('1m')
    await world.resources.remove('k9')
    await expect(world.resources.get('k9')).rejects.toMatchObject({ status: 404 })
    expect((await world.resources.get('k9', at('12:00:30'))).effects).toMatchObject([
      { at: at('12:00:00'), change: 'created', by: { request: expect.any(String) as string } },
      { change: 'deleted' },
    ])
    await expect(world.resources.remove('k9')).rejects.toMatchObject({ status: 404 })
    const wrongs = [
      [{ kind: 'aws.keys' }, '/kind'],
      [{ kind: 'aws.key', count: 3 }, '/count'],
      [{ kind: 'azure.key-backup', of: 'nothing' }, '/of'],
      [{ kind: 'aws.key', record: { region: 1 } }, '/record/region'],
      [{ kind: 'aws.kms', record: { name: 'k' }, appears: 'on-sync' }, '/appears'],
      [{ kind: 'azure.vault', record: { name: 'v' }, vanishes: 'on-sync' }, '/vanishes'],
    ]
    for (const [body, pointer] of wrongs)
      expect((await admin('POST', '/resources', body)).json).toMatchObject({ error: { pointer } })
  })

  it('go along with snapshots, forks and resets', async () => {
    const { world, client } = await withKeys(key('k1'))
    await world.snapshots.save('before')
    await client('POST', JOBS, disable('k1'))
    const fork = await world.fork('t-2')
    await world.clock.advance('5s')
    expect(stateOf(await world.resources.get('k1'))).toBe('Disabled')
    expect(stateOf(await fork.resources.get('k1'))).toBe('Enabled')
    await fork.clock.advance('5s')
    expect(stateOf(await fork.resources.get('k1'))).toBe('Disabled')
    await world.snapshots.load('before')
    expect(stateOf(await world.resources.get('k1', '2027-01-01T00:00:00Z'))).toBe('Enabled')
    await world.reset()
    expect((await world.resources.list()).total).toBe(0)
  })

  it('are so many as a seed counts, hidden or not', async () => {
    const many = { ...key('x'), record: { kms: 'kms', region: 'ap-south-1' }, count: 150 }
    const hidden = { ...key('h1'), appears: 'on-sync' }
    const { world } = await withKeys(many, hidden)
    expect((await world.resources.list({ kind: 'aws.key', limit: -1 })).total).toBe(150)
    const all = await world.resources.list({ kind: 'aws.key', hidden: true, limit: -1 })
    expect(all.resources.filter((each) => each.hidden).map(({ id }) => id)).toEqual(['h1'])
    expect(await world.resources.get('h1')).toMatchObject({ hidden: true })
    expect(new Set(all.resources.map(({ id }) => id)).size).toBe(151)
  })

  it('are added whole or not at all', async () => {
    const { world } = await withKeys()
    const wrong = { resources: [key('k1'), { kind: 'azure.key-backup', of: 'nothing' }], jobs: [] }
    await expect(world.seed(wrong)).rejects.toMatchObject({ status: 400, pointer: '/resources/1/of' })
    expect((await world.resources.list()).total).toBe(1)
    await world.seed({ resources: [key('k1')], jobs: [] })
    expect((await world.resources.list()).total).toBe(2)
  })

  it('count in what a seed has added, and repeat no id of it', async () => {
    const { world, admin } = await withKeys()
    expect(
      await world.seed({ resources: [key('k1'), { ...key('x'), record: { kms: 'kms' }, count: 3 }], jobs: [] }),
    ).toEqual({
      added: 4,
      dryRun: false,
    })
    const twice = await admin('POST', '/seed', { resources: [key('k2'), key('k2')], jobs: [] })
    expect(twice.json).toMatchObject({ error: { pointer: '/resources/1/record/id' } })
  })

  it('have names of their own, as those that a client creates', async () => {
    const { world } = await withKeys()
    for (const resource of [
      { kind: 'azure.vault', record: { name: 'v::s' } },
      { kind: 'aws.template', record: { name: 't', kms: 'kms' } },
      { kind: 'connection', record: { name: 'c', service: 'aws' } },
    ]) {
      await world.resources.add(resource)
      await expect(world.resources.add(resource)).rejects.toMatchObject({ status: 409 })
    }
    await expect(world.resources.add(KMS)).rejects.toMatchObject({ status: 409 })
    expect((await world.resources.list()).total).toBe(4)
  })

  it('are not seeded for a synchronization into a vault that CM does not know', async () => {
    const { world, admin } = await withKeys()
    const vault = { kind: 'azure.vault', record: { name: 'v::s' }, appears: 'on-sync' } as const
    await world.resources.add(vault)
    for (const [member, kind] of [
      ['appears', 'azure.key'],
      ['vanishes', 'azure.key'],
      ['appears', 'azure.key-backup'],
    ] as const) {
      const resource = { kind, record: { key_vault: 'v::s' }, [member]: 'on-sync' }
      const { status, json } = await admin('POST', '/resources', resource)
      expect([status, json]).toMatchObject([400, { error: { pointer: `/${member}` } }])
      const seeded = await admin('POST', '/seed', { resources: [resource], jobs: [] })
      expect(seeded.json).toMatchObject({ error: { pointer: `/resources/0/${member}` } })
    }
  })

  it('of a fork have the account of the fork, but for those captured elsewhere', async () => {
    const captured = { uri: 'kylo:kylo:cckm:aws-key:k2', account: 'kylo:kylo:admin:accounts:kylo' }
    const { world, client } = await withKeys(key('k1'), key('k2', captured))
    await client('POST', JOBS, disable('k1'))
    await world.clock.advance('5s')
    const fork = await world.fork('t-2')
    const { id } = await fork.read()
    expect((await fork.resources.get('k1')).record).toMatchObject({
      uri: `kylo:kylo-${id}:cckm:aws-key:k1`,
      account: `kylo:kylo-${id}:admin:accounts:kylo-${id}`,
      aws_param: { KeyState: 'Disabled' },
    })
    expect((await fork.resources.get('k2')).record).toMatchObject(captured)
  })

  it.each(['resources', 'jobs'])('of %s no list skips fewer than none', async (path) => {
    const { admin } = await withKeys()
    const { status, json } = await admin('GET', `/${path}?skip=-1`)
    expect([status, json]).toMatchObject([400, { error: { pointer: '/skip' } }])
  })

  it('of a key that is removed while a job still has to act on it stay away', async () => {
    const { world, client } = await withKeys(key('k1'))
    const { id } = (await client('POST', JOBS, disable('k1'))).json
    await world.resources.remove('k1')
    await world.clock.advance('5s')
    expect((await client('GET', `${JOBS}/${String(id)}`)).json).toMatchObject({ detailed_status: { k1: 'Success' } })
    expect((await world.jobs.explain(String(id))).effects).toEqual([])
  })
})
