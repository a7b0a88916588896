// What synchronization jobs do to the inventory: they show what was hidden, mark what is lost, and say when they saw the rest.

import { expect, it } from 'vitest'
import { AZURE_KEYS, KEYS, KMS, openEstate, recordOf, succeed, VAULTS, type Estate } from './estate.ts'

const SYNC = '/cckm/aws/synchronization-jobs'
const AZURE_SYNC = '/cckm/azure/synchronization-jobs'
const NOW = '2026-01-01T00:00:00Z'

const key = (id: string, more: object = {}, record: object = {}) =>
  ({ kind: 'aws.key', record: { id, kms: 'kms', region: 'ap-south-1', ...record }, ...more }) as never
const azureKey = (id: string, more: object = {}) =>
  ({ kind: 'azure.key', record: { id, key_name: id, key_vault: 'soft::sub-1' }, ...more }) as never
const HIDDEN = { appears: 'on-sync' }
const LOST = { vanishes: 'on-sync' }

async function openWith(
  ...resources: never[]
): Promise<Estate & { readonly world: ReturnType<Estate['emulator']['domain']> }> {
  const estate = await openEstate()
  const world = estate.emulator.domain('root')
  await world.seed({ resources, jobs: [] })
  return { ...estate, world }
}

async function begin({ admin }: Estate, path: string, body: object, scenario = 'default'): Promise<string> {
  const answer = await admin.post(path, body, { 'x-emulator-scenario': scenario })
  expect(answer.status, answer.text).toBe(201)
  return answer.job.id
}

it('shows hidden keys, marks lost ones gone, and says of all when it saw them', async () => {
  const estate = await openWith(
    key('known'),
    key('hidden', HIDDEN),
    key('lost', LOST),
    key('far', {}, { region: 'us-east-1' }),
  )
  const { admin, world } = estate
  await world.clock.advance('1h')
  const id = await begin(estate, SYNC, { kms: ['kms'], regions: ['ap-south-1'] })
  expect((await admin.get(`${KEYS}?gone=false`)).ids).toEqual(['known', 'lost', 'far'])
  const { transitions } = await world.clock.advance('1h')
  const item = transitions.find((each) => 'item' in each)
  const at = String(item?.at)
  expect(item).toMatchObject({ effect: { resource: estate.kms.id, kind: 'aws.kms', change: 'synchronized' } })
  expect((await admin.get(`${KEYS}?gone=false`)).ids).toEqual(['known', 'hidden', 'far'])
  expect((await admin.get(`${KEYS}?gone=true`)).ids).toEqual(['lost'])
  const syncedAt = async (resource: string) => recordOf(await admin.get(`${KEYS}/${resource}`)).synced_at
  expect(await Promise.all(['known', 'hidden', 'lost', 'far'].map(syncedAt))).toEqual([at, at, at, NOW])
  expect(
    (await admin.get(KEYS)).page.resources.map((each) => (each as unknown as { synced_at: string }).synced_at),
  ).toEqual([at, at, at, NOW])
  const changeOf = async (resource: string) => (await world.resources.get(resource)).effects
  expect(await changeOf('known')).toEqual([{ at, change: 'synchronized', by: { job: id } }])
  expect(await changeOf('hidden')).toEqual([{ at, change: 'appeared', by: { job: id } }])
  expect(await changeOf('lost')).toEqual([{ at, change: 'vanished', by: { job: id } }])
  expect(await changeOf('far')).toEqual([])
  const account = '123456789012/ap-south-1'
  expect((await world.jobs.explain(id)).effects).toEqual([
    { item: account, resource: estate.kms.id, change: 'synchronized', at },
    { item: account, resource: 'hidden', change: 'appeared', at },
    { item: account, resource: 'lost', change: 'vanished', at },
    { item: account, resource: 'known', change: 'synchronized', at },
  ])
})

it('tells the future before it comes, and the past after it', async () => {
  const estate = await openWith(key('known'), key('hidden', HIDDEN), key('lost', LOST))
  const { world } = estate
  await begin(estate, SYNC, { synchronize_all: true })
  const later = '2026-01-01T01:00:00Z'
  expect(await world.resources.get('hidden')).toMatchObject({ hidden: true })
  expect((await world.resources.get('hidden', later)).hidden).toBeUndefined()
  expect((await world.resources.get('lost', later)).record.gone).toBe(true)
  expect((await world.resources.get('known', later)).record.synced_at).not.toBe(NOW)
  await world.clock.advance('1h')
  expect(await world.resources.get('hidden', NOW)).toMatchObject({ hidden: true, record: { synced_at: NOW } })
  expect((await world.resources.get('known', NOW)).record.synced_at).toBe(NOW)
})

it('does nothing where its item fails or is cancelled', async () => {
  const estate = await openWith(key('known'), key('hidden', HIDDEN), key('lost', LOST))
  const { admin, world } = estate
  const unchanged = async () => {
    expect((await admin.get(`${KEYS}?gone=false`)).ids).toEqual(['known', 'lost'])
    expect(recordOf(await admin.get(`${KEYS}/known`)).synced_at).toBe(NOW)
    expect((await world.resources.get('hidden', '2027-01-01T00:00:00Z')).hidden).toBe(true)
  }
  await begin(estate, SYNC, { kms: ['kms'] }, 'failure')
  await world.clock.advance('1h')
  await unchanged()
  const id = await begin(estate, SYNC, { kms: ['kms'] })
  expect((await world.resources.get('hidden', '2027-01-01T00:00:00Z')).hidden).toBeUndefined()
  await admin.post(`${SYNC}/${id}/cancel`)
  await world.clock.advance('1h')
  await unchanged()
})

it('acts at the instant of a signal, and at that of a poll', async () => {
  const estate = await openWith(key('hidden', HIDDEN), azureKey('a', HIDDEN))
  const { admin, world } = estate
  const manual = await begin(estate, SYNC, { kms: ['kms'] }, 'manual')
  await world.clock.advance('1h')
  expect((await admin.get(KEYS)).ids).toEqual([])
  await world.jobs.signal(manual, 'finish')
  expect((await admin.get(KEYS)).ids).toEqual(['hidden'])
  await world.scenario('polled', { polls: 2 })
  const polled = await begin(estate, AZURE_SYNC, { synchronize_all: true }, 'polled')
  await admin.get(`${AZURE_SYNC}/${polled}`)
  expect((await admin.get(AZURE_KEYS)).ids).toEqual([])
  await admin.get(`${AZURE_SYNC}/${polled}`)
  expect((await admin.get(AZURE_KEYS)).ids).toEqual(['a'])
})

it('shows the keys and backups of vaults, and backs up each key once', async () => {
  const backup = { kind: 'azure.key-backup', of: 'a', record: { id: 'b' }, ...HIDDEN } as never
  const estate = await openWith(azureKey('a'), azureKey('new', HIDDEN), azureKey('lost', LOST), backup)
  const { admin, world, vault } = estate
  const id = await begin(estate, AZURE_SYNC, { key_vaults: ['soft'], take_cloud_key_backup: true })
  expect((await admin.get(`${AZURE_KEYS}/a/backups`)).page.total).toBe(0)
  await world.clock.advance('1h')
  expect((await admin.get(`${AZURE_KEYS}?gone=false`)).ids).toEqual(['a', 'new'])
  const { syncedAt } = recordOf(await admin.get(`${AZURE_KEYS}/a`))
  expect(recordOf(await admin.get(`${VAULTS}/${vault.id}`)).synced_at).toBe(syncedAt)
  const ofA = (await admin.get(`${AZURE_KEYS}/a/backups`)).page.resources
  expect(ofA.map(({ createdAt }) => createdAt)).toEqual([NOW, syncedAt])
  expect((await admin.get(`${AZURE_KEYS}/new/backups`)).page.total).toBe(1)
  expect((await admin.get(`${AZURE_KEYS}/lost/backups`)).page.total).toBe(0)
  const { effects } = await world.jobs.explain(id)
  const copies = effects.filter(({ change }) => change === 'created')
  expect(copies).toHaveLength(2)
  const [first] = (await world.resources.get(String(copies[0]?.resource))).effects
  expect(first).toEqual({ at: syncedAt, change: 'created', by: { job: id } })
})

it('shows hidden keys by the hundred, once for all synchronizations, and backs up each of them', async () => {
  const seeded = { kind: 'azure.key', record: { key_vault: 'soft::sub-1' }, count: 250, ...HIDDEN } as never
  const estate = await openWith(seeded)
  const { admin, world } = estate
  await world.settings({ parallelSync: 'allow' })
  const body = { key_vaults: ['soft'], take_cloud_key_backup: true }
  const first = await begin(estate, AZURE_SYNC, body)
  await world.clock.advance('1s')
  const second = await begin(estate, AZURE_SYNC, body)
  await world.clock.advance('1h')
  const { resources } = await world.resources.list({ kind: 'azure.key', limit: 1000 })
  expect(resources).toHaveLength(250)
  const changes = async (job: string) => {
    const { effects } = await world.jobs.explain(job)
    return Object.groupBy(effects, ({ change }) => change)
  }
  expect(await changes(first)).toMatchObject({ appeared: { length: 250 }, created: { length: 250 } })
  // The vault, its keys, and the backups of the first.
  expect(await changes(second)).toMatchObject({ synchronized: { length: 501 }, created: { length: 250 } })
  expect((await admin.get(`${AZURE_KEYS}/${resources.at(-1)?.id ?? ''}/backups`)).page.total).toBe(2)
})

it('takes no backup when it is cancelled, and the same ones after a reset', async () => {
  const estate = await openWith(azureKey('a'))
  const { admin, world } = estate
  const body = { key_vaults: ['soft'], take_cloud_key_backup: true }
  const id = await begin(estate, AZURE_SYNC, body)
  const backupsAt = async (at: string) =>
    (await world.resources.list({ kind: 'azure.key-backup', at })).resources.map((each) => each.id)
  const planned = await backupsAt('2026-01-01T01:00:00Z')
  expect(planned).toHaveLength(1)
  await world.snapshots.save('before')
  await admin.post(`${AZURE_SYNC}/${id}/cancel`)
  expect(await backupsAt('2026-01-01T01:00:00Z')).toEqual([])
  await world.snapshots.load('before')
  await world.clock.advance('1h')
  expect(await backupsAt('2026-01-01T01:00:00Z')).toEqual(planned)
})

it('covers no hidden vault, which clients find and add', async () => {
  const vault = { kind: 'azure.vault', record: { id: 'v', name: 'new::sub-1' }, ...HIDDEN } as never
  const estate = await openWith(vault)
  const { admin, world } = estate
  const id = await begin(estate, AZURE_SYNC, { synchronize_all: true })
  await world.clock.advance('1h')
  expect(Object.keys((await admin.get(`${AZURE_SYNC}/${id}`)).job.detailed_status ?? {})).toEqual(['soft'])
  expect((await admin.get(VAULTS)).page.total).toBe(1)
  const body = { connection: 'azure-production', subscription_id: 'sub-1' }
  const found = await admin.post('/cckm/azure/get-vaults', body)
  const { vaults } = found.json as { vaults: { name: string }[] }
  expect(vaults.map(({ name }) => name)).toEqual(['soft', 'new'])
  await admin.post('/cckm/azure/add-vaults', { ...body, vaults: vaults.slice(1) })
  expect((await admin.get(VAULTS)).ids).toContain('v')
})

it('shows the loss of a key on its day, or with the next synchronization', async () => {
  const { admin, emulator, ...estate } = await openEstate({ settings: { goneShown: 'on-sync' } })
  const { clock, resources } = emulator.domain('root')
  const all = { admin, emulator, ...estate }
  const { id } = await estate.makeKey('a')
  await succeed(admin, `${KEYS}/${id}/schedule-deletion`, { days: 7 })
  await begin(all, SYNC, { kms: ['kms'] })
  await clock.advance('192h')
  expect(recordOf(await admin.get(`${KEYS}/${id}`)).gone).toBe(false)
  await begin(all, SYNC, { kms: ['kms'] })
  await clock.advance('1h')
  const gone = recordOf(await admin.get(`${KEYS}/${id}`))
  expect(gone.gone).toBe(true)
  await begin(all, SYNC, { kms: ['kms'] })
  await clock.advance('1h')
  expect(recordOf(await admin.get(`${KEYS}/${id}`))).toEqual(gone)
  expect((await resources.get(id)).effects.map(({ change }) => change)).toEqual([
    'created',
    'deletion-scheduled',
    'synchronized',
    'gone',
    'vanished',
  ])
})

it('keeps the last sighting through later calls, and yields to a later refresh', async () => {
  const estate = await openWith(key('k'))
  const { admin, world } = estate
  await begin(estate, SYNC, { kms: ['kms'] })
  await world.clock.advance('1h')
  const synced = recordOf(await admin.get(`${KEYS}/k`)).synced_at
  expect(synced).not.toBe(NOW)
  expect((await succeed(admin, `${KEYS}/k/disable`)).synced_at).toBe(synced)
  await succeed(admin, `${KEYS}/k/refresh`)
  expect(recordOf(await admin.get(`${KEYS}/k`)).synced_at).toBe('2026-01-01T01:00:00Z')
})

it('lets bulk jobs act on a key that appears before their items', async () => {
  const estate = await openWith(key('hidden', HIDDEN))
  const { admin, world } = estate
  await begin(estate, SYNC, { kms: ['kms'] })
  await world.clock.advance('1ms')
  const { id } = (
    await admin.post(
      '/cckm/aws/bulkjob',
      { keys: ['hidden'], operation: 'disablekey' },
      { 'x-emulator-scenario': 'slow' },
    )
  ).job
  await world.clock.advance({ untilJob: id })
  expect(recordOf(await admin.get(`${KEYS}/hidden`)).aws_param.KeyState).toBe('Disabled')
})

it('goes along with forks and resets', async () => {
  const estate = await openEstate()
  const world = estate.emulator.domain('t-1')
  await world.access({
    clock: `frozen@${NOW}`,
    seed: {
      resources: [{ kind: 'aws.kms', record: { name: 'kms', regions: ['ap-south-1'] } }, key('hidden', HIDDEN)],
      jobs: [{ family: 'aws.synchronization-jobs', request: { synchronize_all: true } }],
    },
  })
  const fork = await world.fork('t-2')
  await fork.clock.advance('1h')
  expect((await fork.resources.list({ kind: 'aws.key' })).total).toBe(1)
  expect((await world.resources.list({ kind: 'aws.key' })).total).toBe(0)
  await world.clock.advance('1h')
  expect((await world.resources.list({ kind: 'aws.key' })).total).toBe(1)
  await world.reset()
  expect((await world.resources.list({ kind: 'aws.key' })).total).toBe(0)
  await world.clock.advance('1h')
  expect((await world.resources.list({ kind: 'aws.key' })).total).toBe(1)
})

it('no longer shows what lies in a container that was removed', async () => {
  const estate = await openWith(key('hidden', HIDDEN))
  const { admin, world } = estate
  await begin(estate, SYNC, { kms: ['kms'] })
  await admin.delete(`${KMS}/kms`)
  await world.clock.advance('1h')
  expect((await admin.get(KEYS)).ids).toEqual([])
})

it('explains what a synchronization saw unchanged behind more than it lists that it showed', async () => {
  const hidden = { kind: 'aws.key', record: { kms: 'kms', region: 'ap-south-1' }, count: 1001, ...HIDDEN } as never
  const estate = await openWith(hidden, key('known'))
  const { world } = estate
  const id = await begin(estate, SYNC, { kms: ['kms'], regions: ['ap-south-1'] })
  await world.clock.advance('1h')
  const { effects } = await world.jobs.explain(id)
  expect(effects).toHaveLength(1003)
  expect(effects.at(-1)).toMatchObject({ resource: 'known', change: 'synchronized' })
})
