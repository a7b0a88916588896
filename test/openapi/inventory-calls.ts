// Every operation on the inventory once, in an order in which each succeeds.

export interface InventoryCall {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  body?: object
  status?: number
}

type Call = (call: InventoryCall) => Promise<Record<string, unknown>>

const create = (call: Call, path: string, body: object): Promise<string> =>
  call({ method: 'POST', path, body, status: 201 }).then(({ id }) => String(id))

/** Calls one word of a resource after the other; each answers 200. */
async function actions(call: Call, path: string, words: readonly (readonly [string, object?])[]): Promise<void> {
  for (const [word, body] of words)
    await call({ method: 'POST', path: `${path}/${word}`, ...(body !== undefined && { body }) })
}

async function callConnections(call: Call): Promise<void> {
  for (const service of ['aws', 'azure', 'gcp', 'oci']) {
    const path = `/connectionmgmt/services/${service}/connections`
    const id = await create(call, path, { name: `of-${service}`, secret: 'x' })
    await call({ path })
    await call({ path: `${path}/${id}` })
    await call({ method: 'PATCH', path: `${path}/${id}`, body: { description: 'd' } })
    await call({ method: 'POST', path: `${path}/${id}/test` })
    const dropped = await create(call, path, { name: `second-of-${service}` })
    await call({ method: 'DELETE', path: `${path}/${dropped}`, status: 204 })
  }
}

async function callAws(call: Call): Promise<void> {
  for (const path of ['/cckm/aws/accounts', '/cckm/aws/get-all-regions'])
    await call({ method: 'POST', path, body: { connection: 'of-aws' } })
  const account = { name: 'kms', account_id: '123456789012', connection: 'of-aws', regions: ['us-east-1'] }
  const kms = `/cckm/aws/kms/${await create(call, '/cckm/aws/kms', account)}`
  await call({ path: '/cckm/aws/kms' })
  await call({ path: kms })
  await call({ method: 'PATCH', path: kms, body: { regions: ['us-east-1', 'eu-west-1'] } })
  const acls = [{ group: 'g', permit: true, actions: ['keyupdate'] }]
  await actions(call, kms, [['archive'], ['recover'], ['update-acls', { acls }]])
  const policytemplate = await create(call, '/cckm/aws/templates', { name: 't', kms: 'kms' })
  await call({ path: '/cckm/aws/templates' })
  await call({ path: '/cckm/aws/templates/t' })
  await call({ method: 'PATCH', path: '/cckm/aws/templates/t', body: { key_users: ['u'] } })
  const wanted = { kms: 'kms', region: 'us-east-1', aws_param: { Alias: 'a', CustomerMasterKeySpec: 'RSA_2048' } }
  const key = `/cckm/aws/keys/${await create(call, '/cckm/aws/keys', wanted)}`
  await call({ path: '/cckm/aws/keys' })
  await call({ method: 'POST', path: '/cckm/aws/alias/verify', body: { kms: 'kms', region: 'us-east-1', alias: 'a' } })
  await call({ path: key })
  await actions(call, key, [
    ['disable'],
    ['enable'],
    ['policy', { policytemplate }],
    ['update-description', { description: 'd' }],
    ['add-tags', { tags: [{ tag_key: 'a', tag_value: 'b' }] }],
    ['add-alias', { alias: 'b' }],
    ['delete-alias', { alias: 'b' }],
    ['remove-tags', { tags: ['cckm_policy_template_id'] }],
    ['schedule-deletion', { days: 7 }],
    ['cancel-deletion'],
    ['refresh'],
  ])
  await call({ method: 'DELETE', path: '/cckm/aws/templates/t', status: 204 })
  await call({ method: 'DELETE', path: key, status: 204 })
  await call({ method: 'DELETE', path: kms, status: 204 })
}

async function callAzure(call: Call): Promise<void> {
  const place = { connection: 'of-azure', subscription_id: 's' }
  await call({
    method: 'POST',
    path: '/cckm/azure/add-vaults',
    body: { ...place, vaults: [{ name: 'v' }] },
    status: 201,
  })
  for (const path of ['/cckm/azure/get-vaults', '/cckm/azure/get-managed-hsms'])
    await call({ method: 'POST', path, body: place })
  await call({ method: 'POST', path: '/cckm/azure/get-subscriptions', body: { connection: 'of-azure' } })
  const vault = '/cckm/azure/vaults/v::s'
  await call({ path: '/cckm/azure/vaults' })
  await call({ path: vault })
  await call({ method: 'PATCH', path: vault, body: { cloud_key_backup_limit: 5 } })
  const acls = [{ user_id: 'local|u', permit: true, actions: ['view'] }]
  await actions(call, vault, [['update-acls', { acls }]])
  const wanted = { key_vault: 'v::s', key_name: 'k', azure_param: { kty: 'EC', crv: 'P-256', tags: { a: 'b' } } }
  const key = `/cckm/azure/keys/${await create(call, '/cckm/azure/keys', wanted)}`
  await call({ path: '/cckm/azure/keys?version=-1' })
  await call({ path: key })
  await call({ method: 'PATCH', path: key, body: { attributes: { enabled: false, exp: 1_900_000_000 } } })
  const backup = `${key}/backups/${await create(call, `${key}/backups`, { name: 'b' })}`
  await call({ path: `${key}/backups` })
  await call({ path: backup })
  await call({ method: 'PATCH', path: backup, body: { description: 'd' } })
  await actions(call, key, [
    ['soft-delete'],
    ['recover'],
    ['soft-delete'],
    ['hard-delete'],
    ['restore', {}],
    ['refresh'],
  ])
  await call({ method: 'DELETE', path: backup, status: 204 })
  await call({ method: 'POST', path: `${key}/delete-backup`, status: 204 })
  await call({ method: 'POST', path: `${vault}/remove-vault`, status: 204 })
}

export async function callInventory(call: Call, empty: readonly string[]): Promise<void> {
  await callConnections(call)
  await callAws(call)
  await callAzure(call)
  for (const path of empty) {
    await call({ path })
    await call({ path: `${path}/x`, status: 404 })
  }
}
