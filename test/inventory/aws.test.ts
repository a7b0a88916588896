// The flows of real clients over AWS keys, KMS accounts and policy templates.

import { expect, it } from 'vitest'
import { refusal } from '../support/world.ts'
import { CONNECTIONS, KEYS, KMS, namesIn, openEstate, recordOf, succeed, TEMPLATES } from './estate.ts'

it('runs the live test of the Ansible collection: each create is preceded by a GET that finds what is there', async () => {
  const { admin } = await openEstate()
  const patch = (path: string, body: object) => admin.request('PATCH', path, { body })
  expect(namesIn(await admin.get(`${KMS}?skip=0&limit=1&name=live`))).toEqual([])
  const account = { name: 'live', account_id: '210987654321', connection: 'aws-production', regions: ['eu-west-1'] }
  const kms = recordOf(await admin.post(KMS, account))
  expect(recordOf(await admin.get(`${KMS}/?limit=-1&name=live`))).toMatchObject({ total: 1, resources: [kms] })
  expect(kms).toMatchObject(account)
  expect(recordOf(await patch(`${KMS}/${kms.id}`, { regions: ['eu-west-1'] }))).toMatchObject({
    regions: ['eu-west-1'],
  })
  const policy = { Version: '2012-10-17', Statement: [{ Sid: 's' }] }
  const template = recordOf(await admin.post(TEMPLATES, { name: 'live', kms: kms.id, policy }))
  expect((await admin.get(`${TEMPLATES}?skip=0&limit=1&name=live`)).json).toMatchObject({
    resources: [{ name: 'live', policy }],
  })
  // The live test sends the id of the account, and takes a record with another text for another key.
  const lookUp = `${KEYS}?alias=live-key&region=eu-west-1&kms=${kms.id}&skip=0&limit=1`
  expect((await admin.get(lookUp)).json).toMatchObject({ total: 0 })
  const aws_param = { Alias: 'live-key', Description: 'of a test' }
  const key = recordOf(await admin.post(KEYS, { kms: kms.id, region: 'eu-west-1', aws_param }))
  expect((await admin.get(lookUp)).json).toMatchObject({ total: 1, resources: [{ region: 'eu-west-1', kms: kms.id }] })
  expect(recordOf(await admin.get(`${KEYS}/${key.id}`)).aws_param.Description).toBe('of a test')
  await succeed(admin, `${KEYS}/${key.id}/add-tags`, { tags: [{ tag_key: 'env', tag_value: 'test' }] })
  await succeed(admin, `${KEYS}/${key.id}/disable`)
  await succeed(admin, `${KEYS}/${key.id}/enable`)
  await succeed(admin, `${KEYS}/${key.id}/schedule-deletion`, { days: 7 })
  expect((await admin.delete(`${TEMPLATES}/${template.id}`)).status).toBe(204)
  expect((await admin.delete(`${KMS}/live`)).status).toBe(204)
  expect((await admin.get(`${KEYS}/${key.id}`)).status).toBe(404)
})

it('runs what the Terraform provider does with a key that has a policy template', async () => {
  const { admin, make } = await openEstate()
  const template = await make(TEMPLATES, { name: 't', kms: 'kms', key_admins: ['platform-admin'] })
  expect(template).toMatchObject({
    is_verified: false,
    key_admins: ['platform-admin'],
    'key-admins': ['platform-admin'],
  })
  const { id } = await make(KEYS, {
    kms: 'kms',
    region: 'us-east-1',
    aws_param: { Alias: 'one' },
    policytemplate: template.id,
  })
  const two = await succeed(admin, `${KEYS}/${id}/add-alias`, { alias: 'two' })
  expect(two.aws_param).toMatchObject({
    Alias: ['alias/one', 'alias/two'],
    Policy: template.policy,
    Tags: [{ TagKey: 'cckm_policy_template_id', TagValue: template.id }],
  })
  expect(two.key_admins).toEqual(['platform-admin'])
  expect(recordOf(await admin.get(`${TEMPLATES}/t`))).toMatchObject({ is_verified: true })
  expect((await admin.get(`${KEYS}?cckm_policy_template_id=${template.id}`)).json).toMatchObject({ total: 1 })
  expect(refusal(await admin.delete(`${TEMPLATES}/t`), 409)).toContain('has one or more key associated')
  await succeed(admin, `${KEYS}/${id}/remove-tags`, { tags: ['cckm_policy_template_id'] })
  await succeed(admin, `${KEYS}/${id}/schedule-deletion`, { days: 7 })
  expect((await admin.delete(`${TEMPLATES}/t`)).status).toBe(204)
})

it('gives the changed policy of a verified template to its keys, if asked to', async () => {
  const { admin, make } = await openEstate()
  const template = await make(TEMPLATES, { name: 't', kms: 'kms' })
  const { id } = await make(KEYS, { kms: 'kms', region: 'us-east-1', policytemplate: template.id })
  const policy = { Version: '2012-10-17', Id: 'new', Statement: [] }
  const update = (body: object) => admin.request('PATCH', `${TEMPLATES}/t`, { body })
  expect(refusal(await update({ policy }), 400)).toContain('auto_push: must be true')
  expect(refusal(await update({ policy, key_users: ['u'], auto_push: true }), 400)).toContain('policy: cannot go with')
  expect(recordOf(await update({ policy, auto_push: true }))).toMatchObject({ name: 't', policy, is_verified: true })
  expect(recordOf(await admin.get(`${KEYS}/${id}`)).aws_param.Policy).toEqual(policy)
})

it('changes the spelling of administrators that was not sent, too', async () => {
  const { admin, make } = await openEstate()
  await make(TEMPLATES, { name: 't', account_id: '123456789012', 'key-admins': ['a'] })
  const changed = await admin.request('PATCH', `${TEMPLATES}/t`, { body: { key_admins: ['b'] } })
  expect(recordOf(changed)).toMatchObject({ key_admins: ['b'], 'key-admins': ['b'] })
})

it('takes a policy from a template, from lists or as it is, but not from two of them', async () => {
  const { admin, make, makeKey } = await openEstate()
  const { id } = await makeKey('k')
  const { id: policytemplate } = await make(TEMPLATES, { name: 't', kms: 'kms' })
  const path = `${KEYS}/${id}/policy`
  for (const body of [{}, { policytemplate, policy: {} }, { Policy: {}, key_users: ['u'] }, { key_users: 'u' }])
    expect((await admin.post(path, body)).status, JSON.stringify(body)).toBe(400)
  expect((await admin.post(path, { policytemplate: 'of nobody' })).status).toBe(404)
  const made = await succeed(admin, path, { key_users: ['payments'] })
  expect(JSON.stringify(made.aws_param.Policy)).toContain('arn:aws:iam::123456789012:user/payments')
  expect(made.key_users).toEqual(['payments'])
  const policy = { Version: '2012-10-17', Id: 'own', Statement: [] }
  expect((await succeed(admin, path, { policy })).aws_param.Policy).toEqual(policy)
})

it('filters keys by each documented name', async () => {
  const { admin, makeKey, make } = await openEstate()
  const a = await makeKey('a', { Tags: [{ TagKey: 'env', TagValue: 'prod' }] })
  const b = await makeKey('b', { CustomerMasterKeySpec: 'RSA_2048', MultiRegion: true })
  const c = await make(KEYS, { kms: 'kms', region: 'us-east-1', aws_param: { Origin: 'EXTERNAL' } })
  await succeed(admin, `${KEYS}/${b.id}/disable`)
  const tags = (value: object) => `tags=${encodeURIComponent(JSON.stringify(value))}`
  const cases: [string, string[]][] = [
    ['alias=a', [a.id]],
    ['alias=alias/a&alias=b', [a.id, b.id]],
    ['alias=', [a.id, b.id, c.id]],
    ['region=ap-south-1&region=us-east-1', [a.id, b.id, c.id]],
    ['region=us-east-1', [c.id]],
    ['kms=kms&kms=other', [a.id, b.id, c.id]],
    [`kms=${String(a.kms_id)}`, [a.id, b.id, c.id]],
    ['kms=other', []],
    ['enabled=true', [a.id]],
    ['enabled=false', [b.id, c.id]],
    ['keystate=Disabled&keystate=pendingimport', [b.id, c.id]],
    ['gone=true', []],
    ['origin=EXTERNAL', [c.id]],
    ['CustomerMasterKeySpec=RSA_2048', [b.id]],
    ['multi_region=true', [b.id]],
    ['multi_region_key_type=PRIMARY', [b.id]],
    [`arn=${String(b.aws_param.Arn)}`, [b.id]],
    [`keyid=${String(a.aws_param.KeyID)}&keyid=${String(c.aws_param.KeyID)}`, [a.id, c.id]],
    [`id=${a.id}&region=us-east-1`, []],
    ['rotation_job_enabled=false', [a.id, b.id, c.id]],
    ['rotation_job_enabled=true', []],
    [tags({ env: 'prod' }), [a.id]],
    [tags({ env: 'test' }), []],
    ['keymanager=CUSTOMER&key_material_origin=native', [a.id, b.id]],
  ]
  for (const [query, ids] of cases)
    expect([query, (await admin.get(`${KEYS}?${query}&sort=createdAt`)).ids]).toEqual([query, ids])
  expect((await admin.get(`${KEYS}?sort=-alias,region`)).status).toBe(400)
  expect((await admin.get(`${KEYS}?sort=-region`)).ids).toEqual([c.id, a.id, b.id])
  expect((await admin.get(`${KEYS}?sort=-region&skip=1&limit=1`)).page).toMatchObject({ skip: 1, limit: 1, total: 3 })
  expect(refusal(await admin.get(`${KEYS}?enabled=perhaps`), 400)).toContain('enabled: is not true or false')
  const answer = await admin.get(`${KEYS}?colour=blue&enabled=true`)
  expect([answer.ids, answer.hint]).toEqual([[a.id], 'ignored, since the vendor does not document it: colour'])
})

it('does not show the keys of an archived account', async () => {
  const { admin, makeKey } = await openEstate()
  const { id } = await makeKey('k')
  expect(await succeed(admin, `${KMS}/kms/archive`)).toMatchObject({ status: 'ARCHIVED' })
  expect((await admin.get(KEYS)).ids).toEqual([])
  expect((await admin.get(`${KEYS}/${id}`)).status).toBe(404)
  expect((await admin.post(`${KEYS}/${id}/enable`)).status).toBe(404)
  expect((await admin.post(KEYS, { kms: 'kms', region: 'ap-south-1' })).status).toBe(404)
  expect(await succeed(admin, `${KMS}/kms/recover`)).toMatchObject({ status: 'ACTIVE' })
  expect((await admin.get(KEYS)).ids).toEqual([id])
})

it('refuses what names something that is not there, or is there already', async () => {
  const { admin, makeKey } = await openEstate()
  await makeKey('k')
  const account = { name: 'kms', account_id: '1', connection: 'aws-production', regions: ['a'] }
  expect((await admin.post(KMS, account)).status).toBe(409)
  expect((await admin.post(KMS, { ...account, name: 'b', connection: 'nobody' })).status).toBe(404)
  expect((await admin.post(KEYS, { kms: 'nobody', region: 'a' })).status).toBe(404)
  const twice = await admin.post(KEYS, { kms: 'kms', region: 'ap-south-1', aws_param: { Alias: 'k' } })
  expect(refusal(twice, 400)).toContain('Error Creating AWS Key : AlreadyExistsException: ')
  const tagless = { kms: 'kms', region: 'ap-south-1', aws_param: { Tags: [{ TagValue: 'v' }] } }
  expect(refusal(await admin.post(KEYS, tagless), 400)).toContain('aws_param.Tags.0.TagKey: is required')
  expect((await admin.post(TEMPLATES, { name: 't' })).status).toBe(400)
  expect((await admin.post(TEMPLATES, { name: 't', kms: 'nobody' })).status).toBe(404)
  expect((await admin.get(`${CONNECTIONS}/aws/connections/nobody`)).status).toBe(404)
  expect((await admin.get(KEYS)).page.total).toBe(1)
})

it("answers a refresh with a message, and keeps to the vendor's order of members", async () => {
  const { admin, makeKey } = await openEstate()
  const key = await makeKey('k')
  const refreshed = await admin.post(`${KEYS}/${key.id}/refresh`)
  expect(refreshed.json).toEqual({ message: `AWS key '${key.id}' will be refreshed and persisted` })
  const order = [
    'id',
    'uri',
    'account',
    'createdAt',
    'updatedAt',
    'kms_id',
    'kms',
    'synced_at',
    'rotation_status',
    'cloud_name',
  ]
  expect(Object.keys(key).slice(0, order.length)).toEqual(order)
})
