// The vendor's sample playbook and the integration targets of its Ansible collection 1.1.0, call by call.

import { expect, it } from 'vitest'
import { AWS, AZURE, openWorld, refusal, start } from '../support/world.ts'
import { collectionOf } from './collection.ts'
import { AZURE_KEYS, CONNECTIONS, KEYS, KMS, TEMPLATES, VAULTS } from './estate.ts'

const CCKM = '/cckm'
const AWS_CONNECTIONS = `${CONNECTIONS}/aws/connections`

it('runs playbooks/cckmAwsSample.yml but for the rotation, which is not emulated', async () => {
  const { admin } = await start({ seed: 'none', scenario: 'instant' })
  const { create, get, post } = collectionOf(admin)
  const connection = 'AnsibleAwsConnection'
  const secrets = { access_key_id: 'AKIA', secret_access_key: 'hidden' }
  await create(AWS_CONNECTIONS, { name: connection }, { name: connection, products: ['cckm'], ...secrets })
  expect(await post(`${AWS_CONNECTIONS}/${connection}/test`)).toMatchObject({ connection_ok: true })
  const [account] = (await post('/cckm/aws/accounts', { connection })).accounts as string[]
  const region = 'us-east-1'
  const account_id = account
  const container = { name: 'AnsibleAwsAccount', account_id, connection, regions: [region] }
  const kms = (await create(KMS, { name: container.name }, container)).response

  const { id } = await post(`${CCKM}/aws/synchronization-jobs`, { kms: [kms.id], regions: null, synchronize_all: null })
  expect(await get(`${CCKM}/aws/synchronization-jobs/${id}`)).toMatchObject({
    ...{ overall_status: 'completed', kms: [kms.id] },
    detailed_status: { [`${account}/us-east-1`]: 'region synchronized successfully' },
  })

  const name = 'AnsibleDemoKeyPolicy'
  const template = (await create(TEMPLATES, { name }, { name, kms: kms.id, key_admins: [], key_users: [] })).response
  const aws_param = {
    Alias: 'AnsibleDemoKey',
    Description: 'Created by Ansible',
    Tags: [{ TagKey: 'managed-by', TagValue: 'ansible' }],
  }
  const lookUp = { alias: 'AnsibleDemoKey', region, kms: kms.id }
  const request = { kms: kms.id, region, policytemplate: template.id, aws_param }
  const key = await create(KEYS, lookUp, request)
  expect(key.isChanged).toBe(true)
  expect((await create(KEYS, lookUp, request)).isChanged).toBe(false)
  const rotation = await admin.post(`${KEYS}/${key.response.id}/enable-auto-rotation`, { rotation_period_in_days: 180 })
  expect(refusal(rotation, 501)).toContain('enable-auto-rotation')
  expect((await get(`${KEYS}/${key.response.id}`)).aws_param).toMatchObject({
    ...{ Alias: ['alias/AnsibleDemoKey'], Description: 'Created by Ansible', KeyState: 'Enabled' },
    Tags: [
      { TagKey: 'managed-by', TagValue: 'ansible' },
      { TagKey: 'cckm_policy_template_id', TagValue: template.id },
    ],
  })
  expect(await get(KEYS, { kms: ['AnsibleAwsAccount'], region: [region], enabled: true })).toMatchObject({ total: 1 })
})

it('runs both halves of the target module_cckm_aws', async () => {
  const { admin, make } = await openAws()
  const { create, get, patch, post, remove } = collectionOf(admin)
  for (const list of ['kms', 'templates', 'custom-key-stores', 'bulkjob', 'reports', 'keys?limit=5'])
    expect(await get(`${CCKM}/aws/${list}`)).toMatchObject({ total: 0, resources: [] })
  for (const scope of ['synchronization-jobs', 'custom-key-stores/synchronization-jobs'])
    expect(await get(`${CCKM}/aws/${scope}`)).toMatchObject({ resources: [] })
  expect(await get(KEYS, { region: ['us-east-1', 'eu-west-1'], limit: 5 })).toMatchObject({ resources: [] })
  const check = { name: 'checked', account_id: '123456789012', connection: 'does-not-exist', regions: ['us-east-1'] }
  expect(await create(KMS, { name: 'checked' }, check, { isCheck: true })).toMatchObject({ isChanged: true })
  expect(await get(KMS, { name: 'checked' })).toMatchObject({ total: 0 })

  await make('live')
  expect((await post('/cckm/aws/get-all-regions', { connection: 'live' })).regions).toContain('eu-west-1')
  const container = { name: 'live', account_id: '123456789012', connection: 'live', regions: ['eu-west-1'] }
  const { response: kms } = await create(KMS, { name: 'live' }, container)
  expect(await create(KMS, { name: 'live' }, container)).toEqual({ isChanged: false, response: kms })
  expect(await patch(`${KMS}/${kms.id}`, { regions: ['eu-west-1'] })).toMatchObject({ isChanged: false })
  const template = { name: 'live', kms: kms.id, key_admins: ['alice'] }
  const { response } = await create(TEMPLATES, { name: 'live' }, template)
  expect(await create(TEMPLATES, { name: 'live' }, template)).toMatchObject({ isChanged: false })
  // The module compares with the spelling that it has seen.
  expect(await patch(`${TEMPLATES}/${response.id}`, { 'key-admins': ['alice'] })).toMatchObject({ isChanged: false })
  const lookUp = { alias: 'live', region: 'eu-west-1', kms: kms.id }
  const { response: key } = await create(KEYS, lookUp, {
    ...{ kms: kms.id, region: 'eu-west-1' },
    aws_param: { Alias: 'live', Description: 'd', Tags: [{ TagKey: 'created-by', TagValue: 'ansible' }] },
  })
  expect(await create(KEYS, lookUp, lookUp)).toMatchObject({ isChanged: false })
  expect((await get(`${KEYS}/${key.id}`)).aws_param.Description).toBe('d')
  await post(`${KEYS}/${key.id}/add-tags`, { tags: [{ tag_key: 'purpose', tag_value: 'test' }] })
  await post(`${KEYS}/${key.id}/disable`)
  await post(`${KEYS}/${key.id}/enable`)
  await post(`${KEYS}/${key.id}/schedule-deletion`, { days: 7 })
  for (const path of [`${TEMPLATES}/${response.id}`, `${KMS}/${kms.id}`]) {
    expect(await remove(path)).toEqual({ isChanged: true })
    expect(await remove(path)).toEqual({ isChanged: false })
  }
})

it('runs both halves of the target module_cckm_azure, and the bulk example with the ids that it lists', async () => {
  const { admin } = await start({ seed: 'none', scenario: 'instant' })
  const { create, get, post } = collectionOf(admin)
  for (const list of ['vaults', 'keys', 'secrets', 'certificates', 'subscriptions', 'reports', 'bulkjobs'])
    expect(await get(`${CCKM}/azure/${list}`)).toMatchObject({ total: 0, resources: [] })
  for (const scope of ['', 'certificates/', 'secrets/'])
    expect(await get(`${CCKM}/azure/${scope}synchronization-jobs`)).toMatchObject({ resources: [] })
  const absent = { key_name: 'checked', key_vault: 'absent' }
  const param = { azure_param: { kty: 'RSA', key_size: 2048 } }
  expect(await create(AZURE_KEYS, absent, { ...absent, ...param }, { isCheck: true })).toMatchObject({
    isChanged: true,
  })
  expect(await get(AZURE_KEYS, { key_name: 'checked' })).toMatchObject({ total: 0 })

  const connection = 'live'
  const secrets = { client_id: 'c', tenant_id: 't', client_secret: 'hidden', cloud_name: 'AzureCloud' }
  await create(`${CONNECTIONS}/azure/connections`, { name: connection }, { name: connection, ...secrets })
  const discovered = await post('/cckm/azure/get-subscriptions', { connection })
  const [{ subscriptionId }] = discovered.subscriptions as [{ subscriptionId: string }]
  expect(await post('/cckm/azure/get-vaults', { connection, subscription_id: subscriptionId })).toMatchObject({
    vaults: [],
  })
  const vaults = [{ name: 'production', location: 'eastus', tags: null }]
  const added = await post('/cckm/azure/add-vaults', { connection, subscription_id: subscriptionId, vaults })
  const [vault] = added.resources as [{ id: string; name: string }]
  const key = { key_name: 'payments', key_vault: vault.name }
  const { response } = await create(AZURE_KEYS, key, { ...key, ...param })
  expect(await create(AZURE_KEYS, key, { ...key, ...param })).toMatchObject({ isChanged: false })
  for (const name of ['monday', 'tuesday']) await post(`${AZURE_KEYS}/${response.id}/backups`, { name })
  // list_backups sends the filters of keys.
  const listed = await get(`${AZURE_KEYS}/${response.id}/backups`, {
    ...{ key_vault: vault.name, key_name: 'payments', enabled: true, tags: ['a', 'b'], skip: 0, limit: -1 },
  })
  const backups = (listed.resources as { id: string }[]).map(({ id }) => id)
  expect(backups).toHaveLength(2)
  const job = await post(AZURE, { operation: 'delete-key-backups', delete_key_backups_param: { backups } })
  expect((await get(`${AZURE}/${job.id}`)).overall_status).toBe('completed')
  for (const id of backups) refusal(await admin.get(`${AZURE_KEYS}/${response.id}/backups/${id}`), 404)
  expect(await get(`${AZURE_KEYS}/${response.id}`)).toMatchObject({ status: 'AVAILABLE' })
  expect(await get(`${VAULTS}/${encodeURIComponent(vault.name)}`)).toMatchObject({ id: vault.id })
})

it('runs the target module_connection_manager, with a fault for credentials that the cloud refuses', async () => {
  const { vendor, handle } = await openWorld()
  const { create, patch, remove } = collectionOf(vendor)
  for (const [service, secrets] of Object.entries({
    aws: { access_key_id: 'AKIA', secret_access_key: 'hidden', cloud_name: 'aws', products: ['cckm'] },
    azure: { client_id: 'c', tenant_id: 't', client_secret: 'hidden', cloud_name: 'AzureCloud' },
    gcp: { key_file: '{}' },
    oci: { user_ocid: 'u', tenancy_ocid: 't', fingerprint: 'f', region: 'r', credentials: { key_file: 'hidden' } },
  })) {
    const path = `${CONNECTIONS}/${service}/connections`
    const name = `ansible-${service}`
    const checked = await create(path, { name }, { name, ...secrets }, { isCheck: true })
    expect([checked.isChanged, (await vendor.post(`${path}/${name}/test`)).status]).toEqual([true, 404])
    const { response } = await create(path, { name }, { name, description: 'created', ...secrets })
    expect(await create(path, { name }, { name, ...secrets })).toEqual({ isChanged: false, response })
    expect(await patch(`${path}/${response.id}`, { description: 'patched' })).toMatchObject({ isChanged: true })
    expect(await patch(`${path}/${response.id}`, { description: 'patched' })).toMatchObject({ isChanged: false })
    const refused = { connection_ok: false, connection_error: 'The security token is invalid.' }
    await handle.fault({
      on: { operation: 'connections.test' },
      times: 1,
      do: { respond: { status: 200, body: refused } },
    })
    expect((await vendor.post(`${path}/${response.id}/test`)).json).toEqual(refused)
    expect(await remove(`${path}/${response.id}`)).toEqual({ isChanged: true })
    expect(await remove(`${path}/${response.id}`)).toEqual({ isChanged: false })
  }
})

it('runs the bulk example: the ids of a list, the loop, and the keys afterwards', async () => {
  const { admin, make } = await openAws({ scenario: 'third-poll' })
  const { create, get, post } = collectionOf(admin)
  await make('live')
  const container = { name: 'live', account_id: '123456789012', connection: 'live', regions: ['eu-west-1'] }
  await create(KMS, { name: 'live' }, container)
  for (const alias of ['one', 'two'])
    await post(KEYS, { kms: 'live', region: 'eu-west-1', aws_param: { Alias: alias, Tags: [] } })
  const { resources } = await get(KEYS, { kms: ['live'], keystate: ['Enabled'], sort: '-createdAt' })
  const keys = (resources as { id: string }[]).map(({ id }) => id)
  const { id } = await post(AWS, { keys, operation: 'disablekey', days: null, policy_template_id: null })
  let status = 'in_progress'
  for (let tries = 0; status === 'in_progress' && tries < 30; tries++)
    status = String((await get(`${AWS}/${id}`)).overall_status)
  expect(status).toBe('completed')
  expect(await get(KEYS, { keystate: ['Disabled'], id: keys })).toMatchObject({ total: 2 })
})

it('synchronizes as the modules for synchronization jobs do: start, the loop, lists and a cancel', async () => {
  const { vendor, handle } = await openWorld({ scenario: 'third-poll' })
  const { get, post } = collectionOf(vendor)
  await handle.resources.add({ kind: 'azure.vault', record: { id: 'v1', name: 'production::sub-1' } })
  await handle.resources.add({ kind: 'aws.kms', record: { name: 'live', regions: ['eu-west-1', 'us-east-1'] } })
  const key = { id: 'made-in-aws', kms: 'live', region: 'eu-west-1' }
  await handle.resources.add({ kind: 'aws.key', record: key, appears: 'on-sync' })
  const absent = { synchronize_all: null, take_cloud_key_backup: null }
  for (const [path, body, list] of [
    [`${CCKM}/aws/synchronization-jobs`, { kms: ['live'], regions: ['eu-west-1'] }, { kms: ['live', 'other'] }],
    [
      `${CCKM}/azure/synchronization-jobs`,
      { key_vaults: ['production::sub-1'] },
      { key_vaults: ['production::sub-1'] },
    ],
  ] as const) {
    const started = await post(path, { ...absent, ...body })
    expect(started).toMatchObject({ overall_status: 'in_progress', ...body })
    expect(await get(path, { overall_status: 'in_progress', ...list, skip: 0, limit: 5 })).toMatchObject({ total: 1 })
    let job = started
    for (let tries = 0; job.overall_status === 'in_progress' && tries < 30; tries++)
      job = await get(`${path}/${started.id}`)
    expect(job.overall_status).toBe('completed')
    expect(await get(path, { id: started.id, overall_status: 'completed' })).toMatchObject({ total: 1 })
    const { id } = await post(path, { synchronize_all: true })
    expect(await post(`${path}/${id}/cancel`)).toMatchObject({ id, abort: true })
  }
  // The synchronization has shown what was made in the cloud.
  expect(await get(KEYS, { kms: ['live'] })).toMatchObject({ total: 1, resources: [{ id: 'made-in-aws' }] })
})

/** An emulator without keys; `make` adds an AWS connection. */
async function openAws(options: Parameters<typeof start>[0] = {}) {
  const { admin } = await start({ seed: 'none', ...options })
  return { admin, make: (name: string) => admin.post(AWS_CONNECTIONS, { name }) }
}
