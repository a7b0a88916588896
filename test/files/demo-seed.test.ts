// The seed of the demo: 200 jobs in every state and an estate, loaded only on request; and the estate that ships.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { DEMO_SEED } from '../../scripts/write-demo-seed.ts'
import { AWS, AZURE, start, type WireJob } from '../support/world.ts'

const folder = fileURLToPath(new URL('../../fixtures/demo', import.meta.url))

it('matches the output of scripts/write-demo-seed.ts', () => {
  expect(readFileSync(`${folder}/jobs.ndjson`, 'utf8')).toBe(DEMO_SEED)
})

it('has 200 jobs of both families in every state, the running ones at different lengths', async () => {
  const { admin, emulator } = await start({ seed: folder })
  const all = async (path: string) => (await admin.get(`${path}?limit=-1`)).page.resources
  const [aws, azure] = [await all(AWS), await all(AZURE)]
  expect([aws.length + azure.length, aws.length > 50, azure.length > 50]).toEqual([200, true, true])
  const jobs = [...aws, ...azure]
  const results = ({ detailed_status: details }: WireJob) => Object.values(details ?? {})
  const count = (isSo: (job: WireJob) => boolean) => jobs.filter(isSo).length
  const failed = (job: WireJob) => results(job).filter((it) => it.startsWith('Error')).length
  expect({
    finished: count((it) => it.overall_status === 'completed' && failed(it) === 0),
    partial: count((it) => it.overall_status === 'completed' && failed(it) > 0),
    failed: count((it) => it.overall_status === 'error'),
    cancelled: count((it) => it.overall_status === 'aborted' && it.abort),
    running: count((it) => it.overall_status === 'in_progress'),
  }).toEqual({ finished: 81, partial: 25, failed: 22, cancelled: 26, running: 46 })
  const begun = jobs.filter((it) => it.overall_status === 'in_progress').map((it) => results(it).length)
  expect(new Set(begun).size).toBeGreaterThan(10)
  await emulator.domain('root').clock.advance('1h')
  const left = [...(await all(AWS)), ...(await all(AZURE))].filter((it) => it.overall_status === 'in_progress')
  expect(left).toHaveLength(22)
  const reasons = await Promise.all(left.map(async ({ id }) => (await emulator.domain('root').jobs.get(id)).scenario))
  expect(new Set(reasons)).toEqual(new Set(['manual', 'third-poll', 'stuck']))
})

it('has keys in both clouds, each of an account or vault that is there', async () => {
  const { admin, emulator } = await start({ seed: folder })
  const list = (kind: string) => emulator.domain('root').resources.list({ kind, limit: -1 })
  const kinds = ['azure.vault', 'aws.kms', 'aws.key', 'azure.key', 'azure.key-backup', 'aws.template', 'connection']
  const totals = await Promise.all(kinds.map(async (kind) => (await list(kind)).total))
  expect(totals).toEqual([2, 2, 30, 30, 100, 4, 2])
  const count = async (query: string) => ((await admin.get(query)).json as { total: number }).total
  expect(await count('/cckm/aws/keys?kms=production')).toBe(15)
  expect(await count('/cckm/azure/keys?key_vault=shop')).toBe(15)
  expect(await count('/cckm/aws/keys?enabled=false')).toBe(6)
  expect(await count('/cckm/aws/keys?alias=orders-0001')).toBe(2)
  const [key] = (await admin.get('/cckm/azure/keys?key_name=wiki&sort=createdAt')).page.resources
  expect(await count(`/cckm/azure/keys/${key!.id}/backups`)).toBe(10)
})

it('has jobs that act on its keys and backups', async () => {
  const { admin, emulator } = await start({ seed: folder })
  const { resources, clock } = emulator.domain('root')
  const idsOf = async (kind: string) => (await resources.list({ kind, limit: -1 })).resources.map(({ id }) => id)
  const there = new Set([...(await idsOf('aws.key')), ...(await idsOf('azure.key-backup'))])
  const jobs = [
    ...(await admin.get(`${AWS}?limit=-1`)).page.resources,
    ...(await admin.get(`${AZURE}?limit=-1`)).page.resources,
  ]
  const items = jobs.flatMap(({ detailed_status: details }) => Object.keys(details ?? {}))
  expect(items.filter((id) => !there.has(id))).toEqual([])
  await clock.advance('11m')
  expect(await idsOf('azure.key-backup')).not.toHaveLength(100)
  const lives = await Promise.all((await idsOf('aws.key')).map(async (id) => (await resources.get(id)).effects))
  expect(new Set(lives.flat().map(({ change }) => change))).toEqual(
    new Set(['enabled', 'disabled', 'deletion-scheduled', 'gone', 'deletion-cancelled']),
  )
})

it('is not loaded by default', async () => {
  const shipped = readFileSync(new URL('../../fixtures/seeds/documented.json', import.meta.url), 'utf8')
  expect(shipped).not.toContain('"scenario":"demo"')
  const { emulator } = await start({ seed: fileURLToPath(new URL('../../fixtures/seeds', import.meta.url)) })
  expect((await emulator.domain('root').jobs.list()).total).toBeLessThan(20)
})

it('ships the vault and the key of the documented job, without the backup that the job deleted', async () => {
  const { admin } = await start({ seed: fileURLToPath(new URL('../../fixtures/seeds', import.meta.url)) })
  const key = '/cckm/azure/keys/94a392f3-52e8-4542-90b6-b8554c046492'
  expect((await admin.get(key)).json).toMatchObject({
    key_name: 'Test-key',
    key_vault_id: 'bedb82b9-582c-402d-9874-f3368722cf46',
  })
  const backups = (await admin.get(`${key}/backups`)).page.resources
  expect(backups.map(({ id }) => id)).toEqual(['0c5e7a1d-6f0b-4a0e-9f52-3b7d7c0e8a64'])
  for (const id of Object.keys((await admin.get(`${AZURE}/ee4482eb-0b97-4702-8ef6-7e86df66eaa5`)).job.detailed_status!))
    expect((await admin.get(`${key}/backups/${id}`)).status).toBe(404)
  for (const id of ['2387500d-bcac-4055-a48d-19592c3332ff', '2387500d-bcac-4055-a48d-19592c3332fg'])
    expect((await admin.get(`/cckm/aws/keys/${id}`)).json).toMatchObject({
      kms: 'kms',
      aws_param: { KeyState: 'Enabled' },
    })
})
