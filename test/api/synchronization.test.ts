// What synchronization jobs do beyond the table of all families: scenarios, the inventory, captured jobs.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ clock: 'frozen', seed: 'none' })
})
afterAll(() => emulator.close())

type Json = Record<string, unknown>

const AWS = '/cckm/aws/synchronization-jobs'
const AZURE = '/cckm/azure/synchronization-jobs'

async function start(settings: object = {}) {
  const name = `d-${crypto.randomUUID().slice(0, 8)}`
  const domain = emulator.domain(name)
  const authorization = `Bearer ${await emulator.token({ domain: name })}`
  await domain.settings(settings)
  const send = async (method: 'GET' | 'POST', path: string, payload?: object, scenario?: string) => {
    const headers = { authorization, ...(scenario !== undefined && { 'x-emulator-scenario': scenario }) }
    const answer = await emulator.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.json<Json & { id: string }>(), text: answer.body }
  }
  return { domain, send }
}

const ESTATE = {
  resources: [
    { kind: 'aws.kms', record: { name: 'kms', account_id: '123456789012', regions: ['ap-south-1', 'us-east-1'] } },
    { kind: 'azure.vault', record: { name: 'vault-a::12e533dd-b5c2-4e58-a264-0cd812dc5a34' } },
    { kind: 'azure.vault', record: { name: 'vault-b::12e533dd-b5c2-4e58-a264-0cd812dc5a34' }, appears: 'on-sync' },
  ],
  jobs: [],
}

it('has an item for each region of a KMS account, or for those of the request', async () => {
  const { domain, send } = await start({ parallelSync: 'allow' })
  await domain.seed(ESTATE)
  const { body: all } = await send('POST', AWS, { kms: ['kms'] })
  expect(all.detailed_status).toEqual({
    '123456789012/ap-south-1': 'in_progress',
    '123456789012/us-east-1': 'in_progress',
  })
  expect(all).toMatchObject({ kms: ['kms'] })
  const { body: some } = await send('POST', AWS, { kms: ['kms'], regions: ['us-east-1'], synchronize_all: false })
  expect(some.detailed_status).toEqual({ '123456789012/us-east-1': 'in_progress' })
  expect(Object.keys(some).slice(-3)).toEqual(['cloud', 'kms', 'regions'])
  expect((await send('POST', AWS, { synchronize_all: true, regions: ['us-east-1'] })).status).toBe(400)
})

it('covers with synchronize_all what the inventory shows, and refuses what overlaps', async () => {
  const { domain, send } = await start()
  await domain.seed(ESTATE)
  const { body: all } = await send('POST', AZURE, { synchronize_all: true })
  expect(all.detailed_status).toEqual({ 'vault-a': 'in_progress' })
  expect(all).toMatchObject({ synchronize_all: true })
  expect((await send('POST', AZURE, { key_vaults: ['somewhere::else'] })).status).toBe(409)
  await domain.clock.advance('5s')
  expect((await send('POST', AZURE, { key_vaults: ['somewhere::else'] })).status).toBe(201)
  expect((await send('POST', AZURE, { key_vaults: ['vault-a'] })).status).toBe(201)
})

it('finds a job by the name of a vault that the start named by its id, and refuses the same vault by both', async () => {
  const { domain, send } = await start()
  await domain.seed(ESTATE)
  const { body: page } = await send('GET', '/cckm/azure/vaults')
  const [{ id, name } = { id: '', name: '' }] = page.resources as { id: string; name: string }[]
  const { body: job } = await send('POST', AZURE, { key_vaults: [id] })
  expect(job).toMatchObject({ key_vaults: [id], detailed_status: { 'vault-a': 'in_progress' } })
  expect((await send('GET', `${AZURE}?key_vaults=${encodeURIComponent(name)}`)).body).toMatchObject({ total: 1 })
  expect((await send('POST', AZURE, { key_vaults: [name] })).status).toBe(409)
})

it('fails the item of an unknown container with `inventory: strict`', async () => {
  const { domain, send } = await start({ inventory: 'strict' })
  await domain.seed(ESTATE)
  const { body: job } = await send('POST', AZURE, {
    key_vaults: ['vault-a::12e533dd-b5c2-4e58-a264-0cd812dc5a34', 'no::where'],
  })
  await domain.clock.advance('5s')
  expect((await send('GET', `${AZURE}/${job.id}`)).body).toMatchObject({
    overall_status: 'completed',
    detailed_status: { 'vault-a': 'vault synchronized successfully', 'no::where': 'failed' },
  })
  expect((await domain.jobs.explain(job.id)).text).toContain('no::where (failed)')
  const { body: other } = await send('POST', AZURE, { key_vaults: ['no::where'] })
  await domain.clock.advance('5s')
  expect((await send('GET', `${AZURE}/${other.id}`)).body.overall_status).toBe('failed')
})

it("obeys a cancel of the user's scenario, and not that of a shipped one", async () => {
  const { domain, send } = await start({ parallelSync: 'allow' })
  await domain.scenario('mine', { extends: 'default', cancel: { effective: '3s' } })
  await domain.scenario('heir', { extends: 'cancel-ignored', after: '9s' })
  const cancelled = async (scenario: string) => {
    const { body: job } = await send('POST', AZURE, { key_vaults: ['a'] }, scenario)
    await send('POST', `${AZURE}/${job.id}/cancel`)
    await domain.clock.advance('1s')
    return (await send('GET', `${AZURE}/${job.id}`)).body.overall_status
  }
  expect(await cancelled('cancel-ignored')).toBe('completed')
  expect(await cancelled('cancel-slow')).toBe('completed')
  expect(await cancelled('heir')).toBe('completed')
  expect(await cancelled('mine')).toBe('in_progress')
  await domain.scenario('stubborn', { extends: 'mine', cancel: 'rejected' })
  const { body: job } = await send('POST', AZURE, { key_vaults: ['b'] }, 'stubborn')
  expect((await send('POST', `${AZURE}/${job.id}/cancel`)).status).toBe(409)
})

it('shows items one by one, as the scenario says, and takes rules by family', async () => {
  const { domain, send } = await start()
  await domain.nextJob({
    when: { family: 'azure.synchronization-jobs', operation: 'synchronize' },
    scenario: 'partial-failure',
  })
  const { body: job } = await send('POST', AZURE, { key_vaults: ['a', 'b', 'c', 'd'] })
  await domain.clock.advance('3s')
  expect((await send('GET', `${AZURE}/${job.id}`)).body.detailed_status).toEqual({
    ...{ a: 'vault synchronized successfully', b: 'vault synchronized successfully' },
    ...{ c: 'in_progress', d: 'in_progress' },
  })
  await domain.clock.advance('2s')
  const { body } = await send('GET', `${AZURE}/${job.id}`)
  expect(body).toMatchObject({ overall_status: 'completed', detailed_status: { c: 'failed' } })
})

it('goes on with a captured running job, and recognizes its family', async () => {
  const { domain, send } = await start()
  const ring = 'projects/gemalto-kyloeng/locations/global/keyRings/demo-key-ring'
  const job = {
    id: 'c48cdf05-3752-400f-ae3e-41826dedd862',
    uri: 'kylo:kylo:cckm:synchronize:c48cdf05-3752-400f-ae3e-41826dedd862',
    account: 'kylo:kylo:admin:accounts:kylo',
    application: 'ncryptify:gemalto:admin:apps:kylo',
    devAccount: 'ncryptify:gemalto:admin:accounts:gemalto',
    createdAt: '2021-05-05T08:38:08.598898Z',
    updatedAt: '2021-05-05T08:38:15.472661Z',
    overall_status: 'in_progress',
    detailed_status: { [ring]: 'in_progress' },
    cloud: 'gcp',
    key_rings: [ring],
  }
  expect((await domain.jobs.create({ job })).family).toBe('google.synchronization-jobs')
  const path = `/cckm/google/synchronization-jobs/${job.id}`
  expect((await send('GET', path)).text).toBe(JSON.stringify(job))
  expect(
    (await send('GET', `/cckm/google/synchronization-jobs?key_rings=${encodeURIComponent(ring)}`)).body.total,
  ).toBe(1)
  await domain.clock.advance('5s')
  const { body: done } = await send('GET', path)
  expect(done).toMatchObject({ detailed_status: { [ring]: 'key ring synchronized successfully' }, cloud: 'gcp' })
  expect(Object.keys(done)).toEqual([
    ...Object.keys(job).slice(0, 7),
    ...['completed_at', 'overall_status', 'detailed_status', 'cloud', 'key_rings'],
  ])
})

it('shows the text of a scenario for an item in the place of the words of its family', async () => {
  const { domain, send } = await start()
  const scenario = JSON.stringify({ after: '5s', items: [{ index: 0, status: 'throttled by the cloud' }] })
  const { body: job } = await send('POST', AZURE, { key_vaults: ['a', 'b'] }, scenario)
  await domain.clock.advance('5s')
  expect((await send('GET', `${AZURE}/${job.id}`)).body.detailed_status).toEqual({
    a: 'throttled by the cloud',
    b: 'vault synchronized successfully',
  })
})

it('refuses unknown operations and missing keys of the other two families', async () => {
  const { send } = await start()
  const google = '/cckm/google/update-all-versions-jobs'
  for (const wrong of [{ key_id: 'k' }, { operation: 'enable' }, { key_id: 'k', operation: 'explode' }])
    expect((await send('POST', google, wrong)).status).toBe(400)
  expect((await send('POST', '/cckm/sap/keys/jobs', { id: 'k', operation: 'enable' })).status).toBe(400)
  const { body: job } = await send('POST', google, { key_id: 'k', operation: 'enable' })
  expect(job).toMatchObject({ job_id: job.id, key_id: 'k', version_count: 1, detailed_status: {} })
  expect((await send('GET', google)).status).toBe(405)
  expect((await send('POST', `${google}/${job.id}/cancel`)).status).toBe(501)
})

it('needs keysynchronize of a CCKM User', async () => {
  await using own = await createEmulator({
    seed: 'none',
    users: [
      { name: 'may', password: 'p', groups: ['CCKM Users'], acls: ['keysynchronize'] },
      { name: 'not', password: 'p', groups: ['CCKM Users'], acls: ['keyupdate'] },
    ],
  })
  const statusFor = async (username: string) => {
    const authorization = `Bearer ${await own.token({ username })}`
    return (await own.inject({ method: 'GET', url: `/api/v1${AWS}`, headers: { authorization } })).statusCode
  }
  expect([await statusFor('may'), await statusFor('not')]).toEqual([200, 403])
})
