// What the clouds and CM refuse of writes, and what a container that changes means for its keys.

import { expect, it } from 'vitest'
import { AWS, AZURE } from '../support/world.ts'
import { AZURE_KEYS, KEYS, KMS, namesIn, openEstate, succeed, VAULTS } from './estate.ts'

const create = (param: object, region = 'ap-south-1') => ({ kms: 'kms', region, aws_param: param })

it.each([
  [create({ CustomerMasterKeySpec: 'RSA_1024' }), "Value 'RSA_1024' at 'keySpec' failed to satisfy constraint"],
  [create({ KeySpec: 'AES_256' }), "Value 'AES_256' at 'keySpec'"],
  [create({ KeyUsage: 'SIGN' }), "Value 'SIGN' at 'keyUsage'"],
  [create({ Origin: 'MARS' }), "Value 'MARS' at 'origin'"],
  [create({ CustomerMasterKeySpec: 'ECC_NIST_P256', KeyUsage: 'ENCRYPT_DECRYPT' }), 'is not compatible with KeySpec'],
  [create({ KeyUsage: 'SIGN_VERIFY' }), 'is not compatible with KeySpec SYMMETRIC_DEFAULT'],
  [create({}, 'mars-1'), 'region mars-1 is not one of the kms kms'],
  [create({ Tags: [{ TagKey: 'a' }, { TagKey: 'a', TagValue: 'b' }] }), 'TagException: Duplicate tag keys'],
])('refuses to create the AWS key %j', async (body, message) => {
  const { admin } = await openEstate()
  const { status, error } = await admin.post(KEYS, body)
  expect([status, error.codeDesc]).toEqual([400, 'NCERRBadRequest: Bad HTTP request'])
  expect(error.message).toMatch(/^Error Creating AWS Key : /)
  expect(error.message).toContain(message)
  expect((await admin.get(KEYS)).page.total).toBe(0)
})

it.each([
  [{ CustomerMasterKeySpec: 'SM2' }, { KeyUsage: 'ENCRYPT_DECRYPT', EncryptionAlgorithms: ['SM2PKE'] }],
  [
    { KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' },
    { CustomerMasterKeySpec: 'SM2', SigningAlgorithms: ['SM2DSA'] },
  ],
  [{ CustomerMasterKeySpec: 'ECC_NIST_P384' }, { KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ECDSA_SHA_384'] }],
  [{ CustomerMasterKeySpec: 'HMAC_256' }, { KeyUsage: 'GENERATE_VERIFY_MAC', MacAlgorithmSpec: ['HMAC_SHA_256'] }],
])('describes a key of %j as AWS does', async (param, expected) => {
  const { makeKey } = await openEstate()
  const { aws_param, key_type } = await makeKey('a', param)
  expect(aws_param).toMatchObject(expected)
  expect(key_type).toBe(String(aws_param.CustomerMasterKeySpec).startsWith('HMAC') ? 'symmetric' : 'asymmetric')
})

it('refuses tags of a key that repeat a name', async () => {
  const { admin, makeKey } = await openEstate()
  const { id } = await makeKey('a')
  const { status, error } = await admin.post(`${KEYS}/${id}/add-tags`, { tags: [{ tag_key: 'a' }, { tag_key: 'a' }] })
  expect([status, error.message]).toEqual([400, 'Error Adding Tags to AWS Key : TagException: Duplicate tag keys'])
})

it('refuses tags of Azure that are no texts', async () => {
  const { admin, makeAzureKey } = await openEstate()
  const azure_param = { kty: 'RSA', tags: { owner: 7 } }
  const created = await admin.post(AZURE_KEYS, { key_name: 'k', key_vault: 'soft::sub-1', azure_param })
  expect([created.status, created.error.message]).toEqual([400, expect.stringContaining('azure_param.tags.owner')])
  const { id } = await makeAzureKey('k')
  expect((await admin.request('PATCH', `${AZURE_KEYS}/${id}`, { body: { tags: { owner: {} } } })).status).toBe(400)
})

it('takes an imported key without material back to PendingImport when its deletion is cancelled', async () => {
  const { admin, emulator, makeKey } = await openEstate()
  const { id } = await makeKey('a', { Origin: 'EXTERNAL' })
  const withMaterial = { id: 'm', kms: 'kms', region: 'us-east-1', aws_param: { Origin: 'EXTERNAL' } }
  await emulator.domain('root').resources.add({ kind: 'aws.key', record: withMaterial })
  for (const key of [id, 'm']) await succeed(admin, `${KEYS}/${key}/schedule-deletion`, { days: 7 })
  const stateAfter = async (key: string) => (await succeed(admin, `${KEYS}/${key}/cancel-deletion`)).aws_param.KeyState
  expect([await stateAfter(id), await stateAfter('m')]).toEqual(['PendingImport', 'Disabled'])
})

it('marks the keys of a region gone that is taken out of its account', async () => {
  const { admin, make, makeKey } = await openEstate()
  const kept = await makeKey('a')
  const lost = await make(KEYS, { kms: 'kms', region: 'us-east-1' })
  expect((await admin.request('PATCH', `${KMS}/kms`, { body: { regions: ['ap-south-1'] } })).status).toBe(200)
  expect((await admin.get(`${KEYS}?gone=true`)).ids).toEqual([lost.id])
  expect((await admin.get(`${KEYS}?gone=false`)).ids).toEqual([kept.id])
  expect((await admin.post(`${KEYS}/${lost.id}/disable`)).error.message).toContain('NotFoundException')
})

it('fails the items of a job whose keys lie in an archived account', async () => {
  const { admin, emulator, makeKey } = await openEstate()
  const { id } = await makeKey('a')
  await succeed(admin, `${KMS}/kms/archive`)
  const job = (await admin.post(AWS, { keys: [id], operation: 'disablekey' })).job
  const { clock, resources } = emulator.domain('root')
  await clock.advance('1h')
  expect((await admin.get(`${AWS}/${job.id}`)).job.detailed_status).toEqual({ [id]: 'Resource not found' })
  expect((await resources.get(id)).record.aws_param).toMatchObject({ KeyState: 'Enabled' })
})

it('lists keys of an unknown account, though another one is archived', async () => {
  const { admin, emulator, makeKey } = await openEstate()
  await makeKey('a')
  await emulator.domain('root').resources.add({ kind: 'aws.key', record: { id: 'stray', kms: 'elsewhere' } })
  await succeed(admin, `${KMS}/kms/archive`)
  expect((await admin.get(KEYS)).ids).toEqual(['stray'])
})

it('finds vaults by names of both forms at once', async () => {
  const { admin, make } = await openEstate()
  const add = (subscription_id: string, name: string) =>
    make('/cckm/azure/add-vaults', { connection: 'azure-production', subscription_id, vaults: [{ name }] })
  await add('sub-2', 'soft')
  await add('sub-2', 'hard')
  const found = await admin.get(`${VAULTS}?name=soft&name=hard::sub-2`)
  expect(namesIn(found)).toEqual(['soft::sub-1', 'soft::sub-2', 'hard::sub-2'])
})

it('names the missing right before what is wrong with the body', async () => {
  const estate = await openEstate({ users: [{ name: 'user', password: 'p', groups: ['CCKM Users'] }, ADMIN] })
  const user = await estate.signedIn({ username: 'user', password: 'p' })
  expect((await user.post('/cckm/azure/add-vaults', {})).status).toBe(403)
  expect((await estate.admin.post('/cckm/azure/add-vaults', {})).status).toBe(400)
})

const ADMIN = { name: 'admin', password: 'admin', groups: ['admin'] }

it('shows a user in a list just the keys that a GET shows', async () => {
  const estate = await openEstate({ users: [{ name: 'user', password: 'p', groups: ['CCKM Users'] }, ADMIN] })
  const { admin, make, makeKey } = estate
  await make(KMS, { name: 'other', account_id: '2', connection: 'aws-production', regions: ['a'] })
  const ids: string[] = []
  for (const aws_param of [{ Origin: 'EXTERNAL' }, {}]) {
    ids.push(
      (await makeKey(`k${ids.length}`, aws_param)).id,
      (await make(KEYS, { kms: 'other', region: 'a', aws_param })).id,
    )
  }
  const allow = (kms: string, action: string) =>
    succeed(admin, `${KMS}/${kms}/update-acls`, { acls: [{ group: 'CCKM Users', permit: true, actions: [action] }] })
  await allow('kms', 'viewnative')
  await allow('other', 'viewbyok')
  const user = await estate.signedIn({ username: 'user', password: 'p' })
  const shown: string[] = []
  for (const id of ids) if ((await user.get(`${KEYS}/${id}`)).status === 200) shown.push(id)
  expect(shown).toHaveLength(2)
  expect((await user.get(KEYS)).ids.sort()).toEqual(shown.sort())
})

it('selects the backups of a vault, of a key and of a span of time for a job', async () => {
  const { admin, emulator, vault, make, makeAzureKey } = await openEstate()
  const { clock } = emulator.domain('root')
  const [a, b] = [await makeAzureKey('a'), await makeAzureKey('b')]
  const backup = async (key: { id: string }) => (await make(`${AZURE_KEYS}/${key.id}/backups`, {})).id
  const [first, other] = [await backup(a), await backup(b)]
  await clock.advance('24h')
  const second = await backup(a)
  const itemsOf = async (selector: object) => {
    const body = { operation: 'delete-key-backups', delete_key_backups_param: selector }
    const { id } = (await admin.post(AZURE, body)).job
    const { effects } = await emulator.domain('root').jobs.explain(id)
    await admin.post(`${AZURE}/${id}/cancel`)
    return effects.map(({ resource }) => resource).sort()
  }
  expect(await itemsOf({ vault_id: vault.id })).toEqual([first, other, second].sort())
  expect(await itemsOf({ key_id: a.id })).toEqual([first, second].sort())
  expect(await itemsOf({ vault_id: vault.id, created_after: '2026-01-01T12:00:00Z' })).toEqual([second])
  expect(await itemsOf({ keys: [a.id, b.id], created_before: '2026-01-01T12:00:00Z' })).toEqual([first, other].sort())
})
