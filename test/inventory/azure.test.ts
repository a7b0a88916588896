// The flows of real clients over Azure vaults, keys and backups.

import { expect, it } from 'vitest'
import { NOW, refusal, UUID } from '../support/world.ts'
import { AZURE_KEYS, namesIn, openEstate, recordOf, succeed, VAULTS } from './estate.ts'

it('runs what the Terraform provider does with a key', async () => {
  const { admin, vault, makeAzureKey } = await openEstate()
  expect(recordOf(await admin.get(`${VAULTS}/${vault.id}`)).id).toBe(vault.id)
  const key = await makeAzureKey('rsa')
  expect(key).toMatchObject({ key_vault: 'soft::sub-1', key_vault_id: vault.id, status: 'AVAILABLE', deleted: false })
  expect(key.azure_param.attributes?.recoveryLevel).toContain('Purgeable')
  const latest = `${AZURE_KEYS}?skip=0&limit=1&key_name=rsa&key_vault=soft::sub-1&version=-1`
  const path = `${AZURE_KEYS}/${key.id}`
  expect(refusal(await admin.post(`${path}/hard-delete`), 409)).toContain('Error purging Azure key')
  expect(await succeed(admin, `${path}/soft-delete`)).toMatchObject({
    status: 'SOFT-DELETED',
    key_soft_deleted_in_azure: true,
  })
  const again = { key_name: 'rsa', key_vault: 'soft::sub-1', azure_param: { kty: 'RSA' } }
  expect(refusal(await admin.post(AZURE_KEYS, again), 409)).toContain('deleted but recoverable')
  expect((await admin.request('PATCH', path, { body: { tags: {} } })).status).toBe(409)
  expect(await succeed(admin, `${path}/recover`)).toMatchObject({ status: 'AVAILABLE' })
  expect((await admin.post(`${path}/recover`)).status).toBe(409)
  await succeed(admin, `${path}/soft-delete`)
  expect((await admin.get(latest)).json).toMatchObject({ resources: [{ id: key.id, status: 'SOFT-DELETED' }] })
  expect(await succeed(admin, `${path}/hard-delete`)).toMatchObject({
    ...{ status: 'DELETED', deleted: true, key_soft_deleted_in_azure: true },
  })
  const dropped = await admin.post(`${path}/delete-backup`)
  expect([dropped.status, dropped.text]).toEqual([204, ''])
  expect((await admin.get(path)).status).toBe(404)
})

it('runs what the Terraform provider does with backups, and restores a purged key from one', async () => {
  const { admin, makeAzureKey } = await openEstate()
  const { id } = await makeAzureKey('rsa')
  const path = `${AZURE_KEYS}/${id}/backups`
  const made = await admin.post(path, {})
  expect(made.status).toBe(201)
  const named = recordOf(await admin.post(path, { name: 'before-upgrade', description: 'd' }))
  expect(named).toMatchObject({ name: 'before-upgrade', key_name: 'rsa', key_vault: 'soft::sub-1', vault_name: 'soft' })
  expect('key_id' in named).toBe(false)
  const list = await admin.get(`${path}?sort=-createdAt&skip=0&limit=100&key_name=rsa&enabled=true&tags=a`)
  expect(list.page).toMatchObject({ total: 2, limit: 100 })
  expect(list.hint).toContain('enabled')
  expect(namesIn(await admin.get(`${path}?backup_id=${named.id}`))).toEqual(['before-upgrade'])
  const renamed = await admin.request('PATCH', `${path}/${named.id}`, { body: { name: 'after' } })
  expect(recordOf(renamed)).toEqual({ ...named, name: 'after' })
  await succeed(admin, `${AZURE_KEYS}/${id}/soft-delete`)
  expect((await admin.post(`${AZURE_KEYS}/${id}/restore`, {})).status).toBe(409)
  await succeed(admin, `${AZURE_KEYS}/${id}/hard-delete`)
  const restored = await succeed(admin, `${AZURE_KEYS}/${id}/restore`, { azure_cloud_key_backup_id: named.id })
  expect(restored).toMatchObject({ id, status: 'AVAILABLE', deleted: false })
  for (const each of (await admin.get(path)).ids) expect((await admin.delete(`${path}/${each}`)).status).toBe(204)
  expect((await admin.get(`${path}/${named.id}`)).status).toBe(404)
  await succeed(admin, `${AZURE_KEYS}/${id}/soft-delete`)
  await succeed(admin, `${AZURE_KEYS}/${id}/hard-delete`)
  expect((await admin.post(`${AZURE_KEYS}/${id}/restore`)).status).toBe(404)
})

it('restores a key that is there into another vault only, as a record of its own', async () => {
  const { admin, make, makeAzureKey } = await openEstate()
  const body = { connection: 'azure-production', subscription_id: 'sub-1', vaults: [{ name: 'other' }] }
  await make('/cckm/azure/add-vaults', body)
  const { id } = await makeAzureKey('rsa')
  await make(`${AZURE_KEYS}/${id}/backups`, {})
  expect((await admin.post(`${AZURE_KEYS}/${id}/restore`, { key_vault: 'soft' })).status).toBe(409)
  const copy = await succeed(admin, `${AZURE_KEYS}/${id}/restore`, { key_vault: 'other::sub-1' })
  expect(copy).toMatchObject({ key_name: 'rsa', key_vault: 'other::sub-1', status: 'AVAILABLE' })
  expect(copy.id).not.toBe(id)
  expect(String(copy.azure_param.key?.kid)).toMatch(/^https:\/\/other\.vault\.azure\.net\/keys\/rsa\//)
  expect((await admin.post(`${AZURE_KEYS}/${id}/restore`, { key_vault: 'other::sub-1' })).status).toBe(409)
})

it('has a record for each version, and acts on all of them', async () => {
  const { admin, makeAzureKey } = await openEstate()
  const [first, second] = [await makeAzureKey('k'), await makeAzureKey('k')]
  await makeAzureKey('other', { kty: 'EC', crv: 'P-384' })
  expect(second.version_count).toBe(2)
  expect((await admin.get(`${AZURE_KEYS}?key_name=k`)).ids).toEqual([first.id, second.id])
  expect((await admin.get(`${AZURE_KEYS}?key_name=k&version=-1`)).ids).toEqual([second.id])
  expect((await admin.get(`${AZURE_KEYS}?version=${String(first.version)}`)).ids).toEqual([first.id])
  expect((await admin.get(`${AZURE_KEYS}?version=-1`)).page.total).toBe(2)
  await succeed(admin, `${AZURE_KEYS}/${first.id}/soft-delete`)
  expect((await admin.get(`${AZURE_KEYS}?status=soft-deleted`)).ids).toEqual([first.id, second.id])
  expect((await admin.get(`${AZURE_KEYS}?crv=P-384&algorithm=EC`)).page.total).toBe(1)
})

it('lists the newest version of each name and vault that clients see, also after a snapshot', async () => {
  const { admin, emulator, make } = await openEstate()
  const body = { connection: 'azure-production', subscription_id: 'sub-1', vaults: [{ name: 'other' }] }
  await make('/cckm/azure/add-vaults', body)
  const { resources, snapshots } = emulator.domain('root')
  const add = (id: string, vault: string, more: object = {}) =>
    resources.add({ kind: 'azure.key', record: { id, key_name: 'k', key_vault: `${vault}::sub-1` }, ...more })
  await add('old', 'soft')
  await add('elsewhere', 'other')
  await add('new', 'soft')
  await add('unseen', 'soft', { appears: 'on-sync' })
  const newest = async (query = '') => (await admin.get(`${AZURE_KEYS}?version=-1${query}`)).ids
  expect(await newest()).toEqual(['elsewhere', 'new'])
  expect(await newest('&sort=-updatedAt,id&skip=1&limit=1')).toEqual(['new'])
  await snapshots.save('before')
  await resources.remove('new')
  expect(await newest()).toEqual(['old', 'elsewhere'])
  await snapshots.load('before')
  expect(await newest()).toEqual(['elsewhere', 'new'])
})

it('gives a size to RSA keys only, and a curve to EC keys only', async () => {
  const { makeAzureKey } = await openEstate()
  const ec = await makeAzureKey('ec', { kty: 'EC', crv: 'P-384', key_size: 2048 })
  const rsa = await makeAzureKey('rsa', { kty: 'RSA', crv: 'P-256', key_size: 3072 })
  expect([ec, rsa].map(({ key_size, azure_param }) => [key_size, azure_param.key?.crv])).toEqual([
    [undefined, 'P-384'],
    [3072, undefined],
  ])
})

it('changes what a PATCH names, and leaves the rest', async () => {
  const { admin, makeAzureKey } = await openEstate()
  const { id } = await makeAzureKey('k', { kty: 'RSA', tags: { env: 'prod' }, attributes: { enabled: false, nbf: 5 } })
  const patch = (body: object) => admin.request('PATCH', `${AZURE_KEYS}/${id}`, { body })
  expect(recordOf(await patch({ attributes: { enabled: true } })).azure_param).toMatchObject({
    ...{ attributes: { enabled: true, nbf: 5 }, tags: { env: 'prod' } },
  })
  expect(recordOf(await patch({ key_ops: ['sign'] })).azure_param).toMatchObject({
    key: { key_ops: ['sign'], kty: 'RSA' },
  })
  for (const [query, total] of [
    ['tags=env', 1],
    [`tags=${encodeURIComponent('{"env":"prod"}')}`, 1],
    ['tags=stage', 0],
    ['enabled=true', 1],
    ['key_size=2048', 1],
    ['key_size=4096', 0],
    ['backup=true', 1],
    ['backup=false', 0],
    ['deleted_in_azure=false&gone=false', 1],
  ] as const)
    expect([query, (await admin.get(`${AZURE_KEYS}?${query}`)).page.total]).toEqual([query, total])
  expect(recordOf(await patch({ tags: {} })).azure_param.tags).toEqual({})
  expect((await patch({ attributes: { enabled: 'yes' } })).status).toBe(400)
})

it('knows a vault by its id, its own name and its name in Azure', async () => {
  const { admin, vault } = await openEstate()
  for (const named of [vault.id, 'soft::sub-1', 'soft'])
    expect(recordOf(await admin.get(`${VAULTS}/${named}`))).toEqual(vault)
  for (const query of ['name=soft', 'name=soft::sub-1', 'type=vault', 'subscription_id=sub-1', 'sort=-azure_name'])
    expect([query, (await admin.get(`${VAULTS}?${query}`)).ids]).toEqual([query, [vault.id]])
  for (const query of ['type=managedHsm', 'name=other', 'location=westus'])
    expect([query, (await admin.get(`${VAULTS}?${query}`)).ids]).toEqual([query, []])
  expect((await admin.get(`${VAULTS}?sort=location`)).status).toBe(400)
  const changed = await admin.request('PATCH', `${VAULTS}/soft`, { body: { cloud_key_backup_limit: 1 } })
  expect(recordOf(changed)).toEqual({ ...vault, cloud_key_backup_limit: 1 })
})

it('keeps as many backups as the vault allows, and forgets a vault with all that is in it', async () => {
  const { admin, make, makeAzureKey } = await openEstate()
  const { id } = await makeAzureKey('k')
  await admin.request('PATCH', `${VAULTS}/soft`, { body: { cloud_key_backup_limit: 2 } })
  for (const name of ['a', 'b', 'c']) await make(`${AZURE_KEYS}/${id}/backups`, { name })
  expect(namesIn(await admin.get(`${AZURE_KEYS}/${id}/backups`))).toEqual(['b', 'c'])
  expect((await admin.post(`${VAULTS}/soft/remove-vault`)).status).toBe(204)
  expect((await admin.get(`${AZURE_KEYS}/${id}`)).status).toBe(404)
  expect((await admin.get(VAULTS)).page.total).toBe(0)
  const body = { connection: 'azure-production', subscription_id: 'sub-1', vaults: [{ name: 'soft' }] }
  await make('/cckm/azure/add-vaults', body)
  expect((await admin.post('/cckm/azure/add-vaults', body)).status).toBe(409)
})

it('answers a refresh with a JSON text', async () => {
  const { admin, makeAzureKey } = await openEstate()
  const { id } = await makeAzureKey('test-1')
  const { text } = await admin.post(`${AZURE_KEYS}/${id}/refresh`)
  expect(text).toBe(`"Azure key 'test-1' will be refreshed and persisted"`)
})

it('purges a deleted key only after the time that Azure takes', async () => {
  const { admin, emulator, makeAzureKey } = await openEstate({ settings: { purgeDelay: '20s' } })
  const { id } = await makeAzureKey('k')
  await succeed(admin, `${AZURE_KEYS}/${id}/soft-delete`)
  expect(refusal(await admin.post(`${AZURE_KEYS}/${id}/hard-delete`), 409)).toContain('currently being deleted')
  await emulator.domain('root').clock.advance('20s')
  expect(await succeed(admin, `${AZURE_KEYS}/${id}/hard-delete`)).toMatchObject({ status: 'DELETED' })
})

it('takes of a vault that is added what Azure says of it, and nothing else', async () => {
  const { admin, make } = await openEstate()
  const vaults = [{ name: 'other', location: 'westus', id: 'mine', createdAt: 'yesterday', acls: 'all' }]
  await make('/cckm/azure/add-vaults', { connection: 'azure-production', subscription_id: 'sub-1', vaults })
  const added = recordOf(await admin.get(`${VAULTS}/other`))
  expect(added).toMatchObject({ location: 'westus', createdAt: NOW, acls: [] })
  expect(added.id).toMatch(UUID)
  for (const query of ['name=soft&name=other', 'name=soft&name=other::sub-1'])
    expect([query, (await admin.get(`${VAULTS}?${query}`)).page.total]).toEqual([query, 2])
})

it('does not restore a purged key over one that has taken its name', async () => {
  const { admin, make, makeAzureKey } = await openEstate()
  const { id } = await makeAzureKey('k')
  await make(`${AZURE_KEYS}/${id}/backups`, {})
  for (const word of ['soft-delete', 'hard-delete']) await succeed(admin, `${AZURE_KEYS}/${id}/${word}`)
  await makeAzureKey('k')
  expect(refusal(await admin.post(`${AZURE_KEYS}/${id}/restore`), 409)).toContain('already exists in the vault')
  expect(recordOf(await admin.get(`${AZURE_KEYS}/${id}`)).status).toBe('DELETED')
})

it('lists keys that have a tag of a name, also one with an empty value', async () => {
  const { admin, makeAzureKey } = await openEstate()
  await makeAzureKey('tagged', { kty: 'RSA', tags: { use: '' } })
  await makeAzureKey('other')
  expect(namesIn(await admin.get(`${AZURE_KEYS}?tags=use`), 'key_name')).toEqual(['tagged'])
})

it('sorts by time, whatever the length of the fraction', async () => {
  const { admin, emulator } = await openEstate()
  const ends = [':00.5Z', ':00Z', ':00.51Z']
  const resources = ends.map((end, index) => ({
    kind: 'azure.key',
    record: { id: `z${index}`, key_vault: 'soft::sub-1', createdAt: `2024-01-01T00:00${end}` },
  }))
  await emulator.inject({ method: 'POST', url: '/__admin/domains/root/seed', payload: { resources, jobs: [] } })
  expect(namesIn(await admin.get(`${AZURE_KEYS}?sort=createdAt`), 'id')).toEqual(['z1', 'z0', 'z2'])
  expect(namesIn(await admin.get(`${AZURE_KEYS}?sort=-createdAt`), 'id')).toEqual(['z2', 'z0', 'z1'])
})
