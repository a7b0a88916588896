// Who may do what: each action by each group of users.

import { expect, it } from 'vitest'
import { KEYS, KMS, openEstate, recordOf, succeed, VAULTS, AZURE_KEYS, TEMPLATES, type Estate } from './estate.ts'

const USERS = [
  { name: 'cckm-admin', password: 'p', groups: ['CCKM Admins'] },
  { name: 'user', password: 'p', groups: ['CCKM Users'] },
  { name: 'nobody', password: 'p', groups: ['others'], acls: ['view', 'keyupdate'] },
]

async function openWith(acls: readonly string[] = []) {
  const users = [...USERS, { name: 'holder', password: 'p', groups: ['CCKM Users'], acls }]
  const estate = await openEstate({ users: [{ name: 'admin', password: 'admin', groups: ['admin'] }, ...users] })
  const as = (username: string) => estate.signedIn({ username, password: 'p' })
  return {
    ...estate,
    cckmAdmin: await as('cckm-admin'),
    user: await as('user'),
    nobody: await as('nobody'),
    holder: await as('holder'),
  }
}

/** Each action with a call that needs it. Paths name an AWS key, an Azure key, a backup, or their containers. */
const ACTIONS: readonly [string, string, string, object?][] = [
  ['viewnative', 'GET', `${KEYS}/{aws}`],
  ['viewnative', 'GET', `${KMS}/kms`],
  ['keyupdate', 'POST', `${KEYS}/{aws}/disable`],
  ['keyupdate', 'POST', `${KEYS}/{aws}/add-tags`, { tags: [] }],
  ['keyupdate', 'POST', `${KEYS}/{aws}/add-alias`, { alias: 'x' }],
  ['keyupdate', 'POST', `${KEYS}/{aws}/update-description`, { description: 'x' }],
  ['keydelete', 'POST', `${KEYS}/{aws}/schedule-deletion`, { days: 7 }],
  ['keycanceldelete', 'POST', `${KEYS}/{aws}/cancel-deletion`],
  ['keycreate', 'POST', KEYS, { kms: 'kms', region: 'ap-south-1' }],
  ['keycreate', 'POST', '/cckm/aws/alias/verify', { kms: 'kms', region: 'ap-south-1', alias: 'a' }],
  ['keycreate', 'POST', TEMPLATES, { kms: 'kms', name: 'new' }],
  ['view', 'GET', `${AZURE_KEYS}/{azure}`],
  ['view', 'GET', `${VAULTS}/soft`],
  ['view', 'GET', `${AZURE_KEYS}/{azure}/backups`],
  ['keycreate', 'POST', AZURE_KEYS, { key_vault: 'soft', key_name: 'new', azure_param: { kty: 'RSA' } }],
  ['keyupdate', 'PATCH', `${AZURE_KEYS}/{azure}`, { tags: {} }],
  ['keydelete', 'POST', `${AZURE_KEYS}/{azure}/soft-delete`],
  ['keypurge', 'POST', `${AZURE_KEYS}/{azure}/hard-delete`],
  ['keyrecover', 'POST', `${AZURE_KEYS}/{azure}/recover`],
  ['deletebackup', 'DELETE', `${AZURE_KEYS}/{azure}/backups/{backup}`],
  ['deletebackup', 'POST', `${AZURE_KEYS}/{azure}/delete-backup`],
]

async function pathsOf({ makeKey, makeAzureKey, make }: Estate) {
  const [aws, azure] = [(await makeKey('k')).id, (await makeAzureKey('k')).id]
  const backup = (await make(`${AZURE_KEYS}/${azure}/backups`, {})).id
  const ids: Record<string, string> = { aws, azure, backup }
  return (path: string) => path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name]!)
}

it.each(ACTIONS)('%s is needed by members of CCKM Users for %s %s', async (action, method, template, body) => {
  const estate = await openWith([action])
  const path = (await pathsOf(estate))(template)
  const send = async (caller: Estate['admin']) =>
    (await caller.request(method, path, body === undefined ? {} : { body })).status
  expect([await send(estate.user), await send(estate.nobody)]).toEqual([403, 403])
  // Some of these calls are wrong for the state of the key: then the caller is told so, and not that a right is missing.
  expect(await send(estate.holder)).not.toBe(403)
  expect(await send(estate.cckmAdmin)).not.toBe(403)
})

it.each([
  ['POST', KMS, { name: 'n', account_id: '1', connection: 'aws-production', regions: ['a'] }],
  ['DELETE', `${KMS}/kms`, undefined],
  ['POST', `${KMS}/kms/archive`, undefined],
  ['POST', `${KMS}/kms/update-acls`, { acls: [{ group: 'g', permit: true, actions: ['view'] }] }],
  ['POST', '/cckm/aws/accounts', { connection: 'aws-production' }],
  ['POST', `${VAULTS}/soft/remove-vault`, undefined],
  ['POST', '/connectionmgmt/services/aws/connections', { name: 'n' }],
] as const)('only administrators may %s %s', async (method, path, body) => {
  const { holder, cckmAdmin } = await openWith(['view', 'keycreate', 'keyupdate', 'keydelete'])
  const options = body === undefined ? {} : { body }
  expect((await holder.request(method, path, options)).status).toBe(403)
  expect((await cckmAdmin.request(method, path, options)).status).toBeLessThan(300)
})

it.each([
  ['/cckm/aws/synchronization-jobs', 'kms', 'kms', KMS, 'kms', 'KMS account'],
  ['/cckm/azure/synchronization-jobs', 'key_vaults', 'soft', VAULTS, 'soft::sub-1', 'vault'],
])('a container can grant keysynchronize for %s', async (jobs, field, name, containers, path, noun) => {
  const { admin, user } = await openWith()
  const acl = { group: 'CCKM Users', permit: true, actions: ['keysynchronize'] }
  const start = async (...names: string[]) => (await user.post(jobs, { [field]: names })).status
  expect([await start(name), (await user.get(jobs)).status]).toEqual([403, 403])
  await succeed(admin, `${containers}/${path}/update-acls`, { acls: [acl] })
  expect([await start(name, 'other'), await start('other')]).toEqual([403, 403])
  const refusal = await user.post(jobs, { [field]: [name, 'other'] })
  expect(refusal.json).toMatchObject({
    message: `Insufficient permissions: keysynchronize is required in the ${noun} other`,
  })
  expect(refusal.hint).toContain(`in the configuration, or with \`update-acls\` of each ${noun}`)
  expect(await start(name)).toBe(201)
  const [id] = (await user.get(jobs)).ids
  expect((await user.post(`${jobs}/${id}/cancel`)).status).toBe(200)
  expect((await user.get(`${jobs}/${id}`)).status).toBe(200)
  await succeed(admin, `${containers}/${path}/update-acls`, { acls: [{ ...acl, permit: false }] })
  expect((await user.get(`${jobs}/${id}`)).status).toBe(403)
})

it('lets a synchronization of everything start if every container grants it, and honours what one takes away', async () => {
  const { admin, user, holder, make } = await openWith(['keysynchronize'])
  const jobs = '/cckm/aws/synchronization-jobs'
  const start = async (caller: Estate['admin']) => (await caller.post(jobs, { synchronize_all: true })).status
  const change = (kms: string, group: string, permit: boolean) =>
    succeed(admin, `${KMS}/${kms}/update-acls`, { acls: [{ group, permit, actions: ['keysynchronize'] }] })
  await make(KMS, { name: 'other', account_id: '2', connection: 'aws-production', regions: ['a'] })
  await change('kms', 'CCKM Users', true)
  expect((await user.post(jobs, { synchronize_all: true })).text).toContain('in the KMS account other')
  await change('other', 'CCKM Users', true)
  expect(await start(user)).toBe(201)
  await change('other', 'CCKM Users', false)
  await change('other', 'CCKM Users', false)
  expect(await start(holder)).toBe(403)
})

it('shows each user the keys of the accounts that it may see, and takes actions away', async () => {
  const estate = await openWith(['view'])
  const { admin, user, holder, nobody, make, makeKey } = estate
  const { id } = await makeKey('k')
  await make(KMS, { name: 'other', account_id: '2', connection: 'aws-production', regions: ['a'] })
  const { id: hidden } = await make(KEYS, { kms: 'other', region: 'a' })
  expect((await user.get(KEYS)).ids).toEqual([])
  expect((await user.get(KMS)).page.total).toBe(0)
  expect((await holder.get(KEYS)).ids).toEqual([id, hidden])
  expect((await nobody.get(KEYS)).status).toBe(403)
  expect((await nobody.get('/cckm/azure/secrets')).status).toBe(403)

  const acl = { group: 'CCKM Users', permit: true, actions: ['keyupdate'] }
  const granted = await succeed(admin, `${KMS}/kms/update-acls`, { acls: [acl] })
  expect(granted.acls).toEqual([{ user_id: '', group: 'CCKM Users', actions: ['keyupdate', 'viewnative', 'viewbyok'] }])
  expect((await user.get(KEYS)).ids).toEqual([id])
  expect((await user.get(`${KEYS}/${hidden}`)).status).toBe(403)
  expect((await user.post(`${KEYS}/${id}/disable`)).status).toBe(200)
  expect((await user.post(`${KEYS}/${id}/schedule-deletion`, { days: 7 })).status).toBe(403)

  const { user_id } = recordOf(await user.get('/auth/self/user')) as unknown as { user_id: string }
  const taken = { user_id, permit: false, actions: ['keyupdate'] }
  await succeed(admin, `${KMS}/kms/update-acls`, { acls: [taken] })
  expect((await user.post(`${KEYS}/${id}/enable`)).status).toBe(403)
  expect((await user.get(`${KEYS}/${id}`)).status).toBe(200)
  await succeed(admin, `${KMS}/kms/update-acls`, {
    acls: [
      { ...acl, permit: false },
      { ...taken, permit: true },
    ],
  })
  expect((await user.post(`${KEYS}/${id}/enable`)).status).toBe(200)
})

it('tells native keys from imported ones', async () => {
  const { holder, makeKey } = await openWith(['viewnative'])
  const native = await makeKey('a')
  const imported = await makeKey('b', { Origin: 'EXTERNAL' })
  expect((await holder.get(KEYS)).ids).toEqual([native.id])
  expect((await holder.get(`${KEYS}/${imported.id}`)).status).toBe(403)
})

it.each([
  {},
  { acls: [] },
  { acls: [{ permit: true, actions: ['view'] }] },
  { acls: [{ group: 'g', permit: true, actions: [] }] },
])('refuses the entries %j', async (body) => {
  const { admin } = await openEstate()
  expect((await admin.post(`${KMS}/kms/update-acls`, body)).status).toBe(400)
})
