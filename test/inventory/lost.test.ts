// Keys that the cloud has lost while CM does not know of it yet.

import { expect, it } from 'vitest'
import { openWorld, refusal } from '../support/world.ts'
import { AZURE_KEYS, KEYS, openEstate, recordOf, succeed, TEMPLATES } from './estate.ts'

it('words what the cloud refuses of a lost key as of any other', async () => {
  const { admin, makeAzureKey } = await openEstate()
  const { json } = await admin.send('POST', '/__admin/domains/root/resources', {
    body: { kind: 'aws.key', vanishes: 'on-sync', record: { kms: 'kms' } },
  })
  const key = `${KEYS}/${(json as { id: string }).id}`
  const { id } = await makeAzureKey('k')
  await admin.send('POST', '/__admin/domains/root/resources', {
    body: { kind: 'azure.key', vanishes: 'on-sync', record: { id: 'lost', key_name: 'l', key_vault: 'soft::sub-1' } },
  })
  expect(recordOf(await admin.get(key)).gone).toBe(false)
  expect(refusal(await admin.post(`${key}/enable`), 400)).toContain('Error Enabling AWS Key : NotFoundException: ')
  const lost = `${AZURE_KEYS}/lost`
  expect(refusal(await admin.post(`${lost}/soft-delete`), 409)).toContain(
    'Error deleting Azure key: Key l was not found',
  )
  expect(refusal(await admin.post(`${lost}/backups`), 409)).toContain('Error backing up Azure key')
  await succeed(admin, `${AZURE_KEYS}/${id}/soft-delete`)
})

it('shows a key whose day has passed as lost from the start', async () => {
  const { control } = await openWorld()
  const record = { deletion_date: '2020-01-01T00:00:00Z' }
  const added = await control.post('/resources', { kind: 'aws.key', record })
  expect(added.json).toMatchObject({ record: { gone: true } })
  expect((await control.get('/resources')).json).toMatchObject({ resources: [added.json] })
})

it('gives a changed template to the keys that are left', async () => {
  const { admin, emulator, make } = await openEstate({ settings: { goneShown: 'on-sync' } })
  const { id: template } = await make(TEMPLATES, { name: 't', kms: 'kms', key_users: ['a'] })
  const body = { kms: 'kms', region: 'us-east-1', policytemplate: template }
  const [lost, left] = [await make(KEYS, body), await make(KEYS, body)]
  await succeed(admin, `${KEYS}/${lost.id}/schedule-deletion`, { days: 7 })
  await emulator.domain('root').clock.advance('7d')
  expect(refusal(await admin.post(`${KEYS}/${lost.id}/cancel-deletion`), 400)).toContain(
    'Error Cancelling Deletion of AWS Key : NotFoundException: ',
  )
  const changed = await admin.request('PATCH', `${TEMPLATES}/t`, { body: { key_users: ['b'], auto_push: true } })
  expect(changed.status, changed.text).toBe(200)
  expect(recordOf(await admin.get(`${KEYS}/${left.id}`)).key_users).toEqual(['b'])
  expect(recordOf(await admin.get(`${KEYS}/${lost.id}`)).key_users).toEqual(['a'])
})
