// Bodies of the Terraform provider of 2026: Go structures without `omitempty`, so each field is there, with its zero if the
// plan has no value for it.

import { expect, it } from 'vitest'
import { refusal } from '../support/world.ts'
import { AZURE_KEYS, CONNECTIONS, KEYS, KMS, openEstate, recordOf, succeed, TEMPLATES, VAULTS } from './estate.ts'

const NO_LISTS = {
  ...{ external_accounts: null, key_admins: null, key_admins_roles: null },
  ...{ key_users: null, key_users_roles: null },
}
const NO_ROLE = { assume_role_arn: '', assume_role_external_id: '' }

it('starts, reads a connection, and creates and changes a KMS account', async () => {
  const { admin, make } = await openEstate()
  expect(recordOf(await admin.get('/cluster/'))).toMatchObject({ status: { code: 'none' }, nodeCount: 0 })
  expect((await admin.get('/system/info/')).status).toBe(200)
  const connections = `${CONNECTIONS}/aws/connections`
  const connection = recordOf(await admin.get(`${connections}/aws-production`)).id
  expect(recordOf(await admin.get(`${connections}/${connection}`)).id).toBe(connection)
  const details = (await admin.post('/cckm/aws/accounts', { connection, ...NO_ROLE })).json
  expect(details).toMatchObject({ account_id: '123456789012', regions: expect.arrayContaining(['eu-west-1']) as [] })
  const kms = await make(KMS, {
    account_id: '210987654321',
    connection,
    name: 'tf',
    regions: ['eu-west-1'],
    ...NO_ROLE,
  })
  const change = { account_id: '', connection, name: '', regions: ['eu-west-1', 'us-east-1'], ...NO_ROLE }
  const changed = recordOf(await admin.request('PATCH', `${KMS}/${kms.id}`, { body: change }))
  expect(changed).toEqual({ ...kms, regions: ['eu-west-1', 'us-east-1'] })
  expect(await succeed(admin, `${KMS}/${kms.id}/archive`)).toMatchObject({ status: 'ARCHIVED' })
  expect(await succeed(admin, `${KMS}/${kms.id}/recover`)).toMatchObject({ status: 'ACTIVE' })
})

it('creates keys and policy templates, whose policy is spelled Policy', async () => {
  const { admin, make, kms } = await openEstate()
  const Policy = { Version: '2012-10-17', Statement: [{ Sid: 'of-the-plan' }] }
  const template = await make(TEMPLATES, { account_id: '', kms: kms.id, name: 'tf', ...NO_LISTS, Policy })
  expect(template).toMatchObject({ kms: kms.id, account_id: kms.account_id, policy: Policy, key_admins: [] })
  const update = (body: object) => admin.request('PATCH', `${TEMPLATES}/${template.id}`, { body })
  const listed = await update({ ...NO_LISTS, key_admins: ['alice'], Policy: null, auto_push: false })
  expect(recordOf(listed)).toMatchObject({ 'key-admins': ['alice'], key_admins: ['alice'] })

  const aws_param = {
    ...{ Alias: 'tf', BypassPolicyLockoutSafetyCheck: false, CustomerMasterKeySpec: '', Description: '' },
    ...{ KeyUsage: '', MultiRegion: false, Policy: null, Tags: null, Origin: '' },
  }
  const key = await make(KEYS, { kms: kms.id, region: 'us-east-1', ...NO_LISTS, policytemplate: null, aws_param })
  expect(key.aws_param).toMatchObject({
    ...{ Alias: ['alias/tf'], CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' },
    ...{ Origin: 'AWS_KMS', Tags: [] },
  })
  const policy = { ...NO_LISTS, Policy: null, policytemplate: template.id }
  expect(await succeed(admin, `${KEYS}/${key.id}/policy`, policy)).toMatchObject({ key_admins: ['alice'] })
  expect(refusal(await admin.delete(`${TEMPLATES}/${template.id}`), 409)).toContain('has one or more key associated')
  expect(refusal(await update({ ...NO_LISTS, Policy, auto_push: false }), 400)).toContain('auto_push')
  expect(recordOf(await update({ ...NO_LISTS, Policy, auto_push: true }))).toMatchObject({ policy: Policy })
  await succeed(admin, `${KEYS}/${key.id}/remove-tags`, { tags: ['cckm_policy_template_id'] })
  await succeed(admin, `${KEYS}/${key.id}/schedule-deletion`, { days: 7 })
  expect((await admin.delete(`${TEMPLATES}/${template.id}`)).status).toBe(204)
})

it('creates Azure keys in a vault named by its id, and backs them up', async () => {
  const { admin, make, vault } = await openEstate()
  const discovered = { subscription_id: 'sub-1', connection: 'azure-production' }
  const vaults = [{ name: 'other', location: 'eastus', tags: null, properties: { vaultUri: 'https://other/' } }]
  const { resources } = await make('/cckm/azure/add-vaults', { ...discovered, vaults })
  const [{ id: other }] = resources as [{ id: string }]
  expect(recordOf(await admin.get(`${VAULTS}/${other}`))).toMatchObject({ id: other, tags: {} })
  const azure_param = { kty: 'RSA', crv: '', key_ops: null, tags: null, attributes: null }
  const key = await make(AZURE_KEYS, { key_name: 'tf', key_vault: vault.id, azure_param, release_policy: null })
  expect(key).toMatchObject({ key_vault_id: vault.id, key_size: 2048 })
  const latest = `${AZURE_KEYS}?skip=0&limit=100&key_vault_id=${vault.id}&key_name=tf&version=-1`
  expect((await admin.get(latest)).ids).toEqual([key.id])
  const backup = await make(`${AZURE_KEYS}/${key.id}/backups`, { name: 'pit', description: '' })
  expect(backup).toMatchObject({ key_name: 'tf', key_vault: 'soft::sub-1', vault_name: 'soft' })
  const job = await make('/cckm/azure/bulkjobs', {
    ...{ operation: 'delete-key-backups', delete_key_backups_param: { key_id: key.id } },
  })
  expect(job).toMatchObject({ overall_status: 'in_progress' })
  await succeed(admin, `${AZURE_KEYS}/${key.id}/soft-delete`)
  await succeed(admin, `${AZURE_KEYS}/${key.id}/hard-delete`)
  expect((await admin.post(`${AZURE_KEYS}/${key.id}/delete-backup`)).status).toBe(204)
})
