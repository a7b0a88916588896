// Connections of all clouds, and the calls that ask a cloud through one.

import { expect, it } from 'vitest'
import { openWorld, start } from '../support/world.ts'
import { CONNECTIONS, namesIn, openEstate, recordOf } from './estate.ts'

it.each(['aws', 'azure', 'gcp', 'oci'])(
  'keeps connections of %s, and never returns what is secret',
  async (service) => {
    const { admin } = await start({ seed: 'none' })
    const path = `${CONNECTIONS}/${service}/connections`
    expect(namesIn(await admin.get(`${path}?skip=0&limit=1&name=production`))).toEqual([])
    const created = await admin.post(path, { name: 'production', secret_access_key: 'hidden', client_secret: 'hidden' })
    expect(created.status).toBe(201)
    expect(created.text).not.toContain('hidden')
    expect(created.hint).toBe('')
    expect(Object.keys(recordOf(created))).toEqual([
      ...['id', 'uri', 'account', 'createdAt', 'updatedAt', 'service', 'name', 'description', 'products', 'meta'],
    ])
    expect((await admin.post(path, { name: 'production' })).status).toBe(409)
    expect((await admin.post(path, {})).status).toBe(400)
    for (const named of ['production', recordOf(created).id]) {
      expect((await admin.post(`${path}/${named}/test`)).json).toEqual({ connection_ok: true })
      expect(recordOf(await admin.get(`${path}/${named}`))).toEqual(recordOf(created))
    }
    const changed = await admin.request('PATCH', `${path}/production`, {
      body: { description: 'ours', secret: 'hidden' },
    })
    expect(recordOf(changed)).toEqual({ ...recordOf(created), description: 'ours' })
    expect((await admin.delete(`${path}/production`)).status).toBe(204)
    expect((await admin.get(`${path}/production`)).status).toBe(404)
    expect((await admin.post(`${path}/production/test`)).status).toBe(404)
  },
)

it('shows a connection under its own cloud only', async () => {
  const { admin } = await openEstate()
  expect((await admin.get(`${CONNECTIONS}/azure/connections/aws-production`)).status).toBe(404)
  expect(namesIn(await admin.get(`${CONNECTIONS}/azure/connections`))).toEqual(['azure-production'])
})

it('answers both envelopes of the account of a connection', async () => {
  const { admin, make } = await openEstate()
  const known = (await admin.post('/cckm/aws/accounts', { connection: 'aws-production' })).json
  expect(known).toMatchObject({ account_id: '123456789012', accounts: ['123456789012'] })
  await make(`${CONNECTIONS}/aws/connections`, { name: 'new' })
  const drawn = (await admin.post('/cckm/aws/accounts', { connection: 'new' })).json as { account_id: string }
  expect(drawn.account_id).toMatch(/^\d{12}$/)
  expect((await admin.post('/cckm/aws/accounts', { connection: 'new' })).json).toEqual(drawn)
  expect((await admin.post('/cckm/aws/accounts', { connection: 'nobody' })).status).toBe(404)
  const regions = (await admin.post('/cckm/aws/get-all-regions', { connection: 'new' })).json as { regions: string[] }
  expect(regions.regions).toContain('ap-south-1')
})

it('discovers the vaults of a subscription, page by page', async () => {
  const { admin, make } = await openEstate()
  const rest = { connection: 'azure-production', subscription_id: 'sub-1' }
  await make('/cckm/azure/add-vaults', { ...rest, vaults: [{ name: 'second' }] })
  const first = (await admin.post('/cckm/azure/get-vaults', { ...rest, limit: 1 })).json as Record<string, unknown>
  expect(first).toMatchObject({ ...rest, vaults: [{ name: 'soft', location: 'eastus' }], nextLink: '1' })
  const { nextLink } = first
  const second = (await admin.post('/cckm/azure/get-vaults', { ...rest, limit: 1, nextLink })).json
  expect(second).toMatchObject({ ...rest, vaults: [{ name: 'second' }], nextLink: null })
  const other = (await admin.post('/cckm/azure/get-vaults', { ...rest, subscription_id: 'other' })).json
  expect(other).toMatchObject({ vaults: [], nextLink: null })
  expect((await admin.post('/cckm/azure/get-subscriptions', rest)).json).toMatchObject({
    subscriptions: [{ subscriptionId: 'sub-1' }],
  })
})

it('discovers managed HSMs by a call of their own', async () => {
  const { admin, make } = await openEstate()
  const place = { connection: 'azure-production', subscription_id: 'sub-1' }
  await make('/cckm/azure/add-vaults', { ...place, vaults: [{ name: 'hsm', type: 'Microsoft.KeyVault/managedHSMs' }] })
  const found = (await admin.post('/cckm/azure/get-managed-hsms', place)).json
  expect(found).toMatchObject({ ...place, vaults: [{ name: 'hsm' }], nextLink: null })
  expect((await admin.post('/cckm/azure/get-vaults', place)).json).toMatchObject({ vaults: [{ name: 'soft' }] })
  expect((await admin.post('/cckm/azure/get-managed-hsms', { ...place, connection: 'no' })).status).toBe(404)
})

it('discovers vaults and managed HSMs however the case of their type is', async () => {
  const { admin, make } = await openEstate()
  const place = { connection: 'azure-production', subscription_id: 'sub-2' }
  const vaults = [
    { name: 'plain', type: 'microsoft.keyvault/vaults' },
    { name: 'hsm', type: 'MICROSOFT.KEYVAULT/MANAGEDHSMS' },
  ]
  await make('/cckm/azure/add-vaults', { ...place, vaults })
  const found = async (call: string) => (await admin.post(`/cckm/azure/${call}`, place)).json
  expect(await found('get-vaults')).toMatchObject({ vaults: [vaults[0]] })
  expect(await found('get-managed-hsms')).toMatchObject({ vaults: [vaults[1]] })
})

it('tells whether an alias is in use in a region of an account', async () => {
  const { admin, kms, makeKey } = await openEstate()
  await makeKey('taken')
  const place = { region: 'ap-south-1', kms: 'kms' }
  const verify = async (body: object) => (await admin.post('/cckm/aws/alias/verify', { ...place, ...body })).json
  expect(await verify({ alias: 'taken' })).toEqual({ exists: true })
  expect(await verify({ alias: 'alias/taken', kms: kms.id })).toEqual({ exists: true })
  expect(await verify({ alias: 'taken', region: 'us-east-1' })).toEqual({ exists: false })
  expect(await verify({ alias: 'free' })).toEqual({ exists: false })
  expect(await verify({ alias: 'taken', kms: 'nobody' })).toMatchObject({ message: 'kms nobody not found' })
})

it('keeps no secret of a connection that is seeded, and takes no unknown service', async () => {
  const { control, vendor } = await openWorld()
  const add = (record: object) => control.post('/resources', { kind: 'connection', record })
  const added = await add({ name: 'production', description: 'ours', secret_access_key: 'hidden' })
  expect(added.status).toBe(201)
  const shown = await vendor.get(`${CONNECTIONS}/aws/connections/production`)
  expect(recordOf(shown)).toMatchObject({ name: 'production', description: 'ours' })
  expect(added.text + shown.text + (await control.get('/resources')).text).not.toContain('hidden')
  const unknown = await add({ service: 'nope' })
  expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('/record/service')])
  const nameless = await add({ id: '' })
  expect([nameless.status, nameless.text]).toEqual([400, expect.stringContaining('/record/id')])
})
