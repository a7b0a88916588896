// What bulk jobs do to keys and backups, as the clients of the vendor's examples see it.

import { expect, it } from 'vitest'
import { AWS, AZURE } from '../support/world.ts'
import { AZURE_KEYS, KEYS, KMS, openEstate, recordOf, succeed, TEMPLATES } from './estate.ts'

it('runs the bulk example of the Ansible collection: list keys, start a job, poll, look', async () => {
  const { admin, emulator, makeKey } = await openEstate()
  await makeKey('a')
  await makeKey('b')
  const keys = (await admin.get(`${KEYS}?region=ap-south-1&enabled=true`)).ids
  const { id } = (await admin.post(AWS, { keys, operation: 'disablekey' })).job
  await emulator.domain('root').clock.advance('1h')
  expect((await admin.get(`${AWS}/${id}`)).job.overall_status).toBe('completed')
  expect((await admin.get(`${KEYS}?enabled=false&keystate=Disabled`)).ids).toEqual(keys)
})

it('applies a policy template to keys: they are tagged, and the template is verified and in use', async () => {
  const { admin, emulator, make, makeKey } = await openEstate()
  const template = await make(TEMPLATES, { name: 't', kms: 'kms', key_users: ['u'] })
  const { id } = await makeKey('a')
  const body = { keys: [id], operation: 'applypolicytemplate', policy_template_id: template.id }
  expect((await admin.post(AWS, body)).status).toBe(201)
  await emulator.domain('root').clock.advance('1h')
  expect(recordOf(await admin.get(`${KEYS}/${id}`)).aws_param).toMatchObject({
    Policy: template.policy,
    Tags: [{ TagKey: 'cckm_policy_template_id', TagValue: template.id }],
  })
  expect(recordOf(await admin.get(`${TEMPLATES}/t`)).is_verified).toBe(true)
  expect((await admin.delete(`${TEMPLATES}/t`)).status).toBe(409)
})

it('fails the items that the cloud refuses', async () => {
  const { admin, emulator, makeKey } = await openEstate()
  const [a, b] = [await makeKey('a'), await makeKey('b')]
  await succeed(admin, `${KEYS}/${b.id}/schedule-deletion`, { days: 7 })
  const { id } = (await admin.post(AWS, { keys: [a.id, b.id, 'unknown'], operation: 'disablekey' })).job
  await emulator.domain('root').clock.advance('1h')
  const { overall_status, detailed_status } = (await admin.get(`${AWS}/${id}`)).job
  expect(overall_status).toBe('completed')
  expect(detailed_status).toMatchObject({ [a.id]: 'Success', unknown: 'Success' })
  expect(detailed_status?.[b.id]).toContain('is pending deletion.')
})

it('deletes the backups of a job, and leaves their key', async () => {
  const { admin, emulator, make, makeAzureKey } = await openEstate()
  const { id: key } = await makeAzureKey('k')
  const backup = await make(`${AZURE_KEYS}/${key}/backups`, {})
  await admin.post(AZURE, { operation: 'delete-key-backups', delete_key_backups_param: { backups: [backup.id] } })
  expect((await admin.get(`${AZURE_KEYS}/${key}/backups/${backup.id}`)).status).toBe(200)
  await emulator.domain('root').clock.advance('1h')
  expect((await admin.get(`${AZURE_KEYS}/${key}/backups/${backup.id}`)).status).toBe(404)
  expect((await admin.get(`${AZURE_KEYS}/${key}/backups`)).page.total).toBe(0)
  expect(recordOf(await admin.get(`${AZURE_KEYS}/${key}`)).status).toBe('AVAILABLE')
})

it('explains which later change made the effect of a successful item impossible', async () => {
  const { admin, emulator, makeKey } = await openEstate({ clock: 'frozen@2026-01-01T12:00:00Z' })
  const { clock, jobs, resources } = emulator.domain('root')
  const ids = [(await makeKey('a')).id, (await makeKey('b')).id, (await makeKey('c')).id]
  const [a = '', b = ''] = ids
  const { id } = (await admin.post(AWS, { keys: ids, operation: 'enablekey' })).job
  await clock.advance('1s')
  await succeed(admin, `${KEYS}/${a}/schedule-deletion`, { days: 7 })
  await resources.remove(b)
  await clock.advance('1h')
  const { text, effects } = await jobs.explain(id)
  expect(effects.map(({ item }) => item)).toEqual(ids.slice(2))
  const by = async (key: string, at?: string) => (await resources.get(key, at)).effects.at(-1)?.by
  expect(text).toContain(
    `${a} (deletion-scheduled by the request ${Object.values((await by(a)) ?? {}).join()} 1s after the start of this job)`,
  )
  expect(text).toContain(`${b} (deleted by the request `)
})

it('explains the change that made an effect impossible, not the synchronization that came after it', async () => {
  const { admin, emulator, makeKey } = await openEstate({ clock: 'frozen@2026-01-01T12:00:00Z' })
  const { clock, jobs, resources } = emulator.domain('root')
  const { id: key } = await makeKey('a')
  expect((await admin.post('/cckm/aws/synchronization-jobs', { synchronize_all: true })).status).toBe(201)
  await clock.advance('1s')
  const { id } = (await admin.post(AWS, { keys: [key], operation: 'enablekey' })).job
  await clock.advance('1s')
  await succeed(admin, `${KEYS}/${key}/schedule-deletion`, { days: 7 })
  await clock.advance('1h')
  const changes = (await resources.get(key)).effects.map(({ change }) => change)
  expect(changes).toEqual(['created', 'deletion-scheduled', 'synchronized', 'gone'])
  const { text } = await jobs.explain(id)
  expect(text).toContain(`without effect, because of a later change: ${key} (deletion-scheduled by the request `)
})

it('blames no change of a resource on which the job cannot act', async () => {
  const { admin, emulator, kms } = await openEstate({ clock: 'frozen@2026-01-01T12:00:00Z' })
  const { clock, jobs } = emulator.domain('root')
  const { id } = (await admin.post(AWS, { keys: [kms.id], operation: 'enablekey' })).job
  await clock.advance('1s')
  await succeed(admin, `${KMS}/kms/update-acls`, { acls: [{ group: 'g', permit: true, actions: ['view'] }] })
  await clock.advance('1h')
  expect((await admin.get(`${AWS}/${id}`)).job.detailed_status).toMatchObject({ [kms.id]: 'Success' })
  expect((await jobs.explain(id)).text).not.toContain('without effect')
})
