import { describe, expect, it } from 'vitest'
import { AZURE, NOW, refusal, start, UUID } from '../support/world.ts'

const DELETE = { operation: 'delete-key-backups' }

/** Creates a job that completes at its first poll, and returns the ids of its items. */
async function itemsOf(body: object, randomSeed = 42): Promise<string[]> {
  const { admin } = await start({ scenario: 'instant', randomSeed })
  const created = await admin.post(AZURE, body)
  expect(created.status, created.text).toBe(201)
  const { job } = await admin.get(`${AZURE}/${created.job.id}`)
  expect(job.overall_status).toBe('completed')
  return Object.keys(job.detailed_status!)
}

describe('creating an Azure job', () => {
  it('answers 201 with the new Azure job, in the documented order and without completed_at', async () => {
    const { admin } = await start()
    const { status, text, headers, job } = await admin.post(AZURE, DELETE)
    expect(status).toBe(201)
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(job.id).toMatch(UUID)
    expect(text).toBe(
      JSON.stringify({
        id: job.id,
        uri: `kylo:kylo:cckm:azure-bulkjob:${job.id}`,
        account: 'kylo:kylo:admin:accounts:kylo',
        createdAt: NOW,
        updatedAt: NOW,
        overall_status: 'in_progress',
        detailed_status: {},
        abort: false,
        cloud: 'AzureCloud',
        operation: 'delete-key-backups',
      }),
    )
  })

  it('returns the bytes of the create response at the first GET', async () => {
    const { admin } = await start()
    const created = await admin.post(AZURE, DELETE)
    expect((await admin.get(`${AZURE}/${created.job.id}`)).text).toBe(created.text)
    expect((await admin.get(AZURE)).text).toBe(`{"skip":0,"limit":10,"total":1,"resources":[${created.text}]}`)
  })

  it.each([
    ['nothing', {}, 2],
    ['a vault', { vault_id: 'v' }, 2],
    ['a range', { created_after: '2024-01-01T00:00:00Z', created_before: '2025-01-01T00:00:00.123456789+02:00' }, 2],
    ['one key', { key_id: 'k' }, 2],
    ['one key of a list', { keys: ['k'] }, 2],
    ['three keys', { keys: ['a', 'b', 'c'] }, 6],
    ['three keys, two of them the same', { keys: ['a', 'b', 'a'] }, 4],
    ['no keys', { keys: [] }, 2],
  ])('makes up the right number of backups for %s, nested or not', async (_what, selectors, count) => {
    for (const body of [
      { ...DELETE, ...selectors },
      { ...DELETE, delete_key_backups_param: selectors },
    ]) {
      const items = await itemsOf(body)
      expect(items).toHaveLength(count)
      for (const id of items) expect(id).toMatch(UUID)
    }
  })

  it('makes up the same backups for the same request and random seed', async () => {
    const body = { ...DELETE, keys: ['a', 'b'] }
    expect(await itemsOf(body)).toEqual(await itemsOf(body))
    expect(await itemsOf(body)).not.toEqual(await itemsOf(body, 43))
    expect(await itemsOf(body)).not.toEqual(await itemsOf({ ...DELETE, keys: ['a', 'c'] }))
  })

  it('creates two jobs for two equal requests', async () => {
    const { admin } = await start()
    const [one, other] = [await admin.post(AZURE, DELETE), await admin.post(AZURE, DELETE)]
    expect(one.job.id).not.toBe(other.job.id)
    expect((await admin.get(AZURE)).page.total).toBe(2)
  })

  it('uses the named backups, in their order and without duplicates', async () => {
    const backups = ['b', '10', '9', 'a', 'b', '__proto__', 'with "quotes"', 'ü🔑']
    const { admin } = await start({ scenario: 'instant' })
    const { job } = await admin.post(AZURE, { ...DELETE, delete_key_backups_param: { backups } })
    const { text } = await admin.get(`${AZURE}/${job.id}`)
    expect(text).toContain(
      '"detailed_status":{"b":"Success","10":"Success","9":"Success","a":"Success","__proto__":"Success","with \\"quotes\\"":"Success","ü🔑":"Success"}',
    )
  })

  it("accepts the body of Ansible's example and names the ignored fields", async () => {
    const { admin } = await start()
    const answer = await admin.post(AZURE, {
      ...DELETE,
      delete_key_backups_param: { key_vaults: ['production-vault'] },
    })
    expect(answer.status).toBe(201)
    expect(answer.hint).toBe('ignored, since the vendor does not document it: delete_key_backups_param.key_vaults')
  })

  it("treats null as absent, as CM's Go services do", async () => {
    const { admin } = await start()
    const nulls = { key_id: null, keys: null, vault_id: 'v', delete_key_backups_param: { backups: null } }
    const answer = await admin.post(AZURE, { ...DELETE, ...nulls })
    expect([answer.status, answer.hint]).toEqual([201, ''])
  })
})

describe('refusals of an Azure job', () => {
  const PARAM = 'delete_key_backups_param'
  it.each([
    ['no body', undefined, ['operation']],
    ['an empty body', {}, ['operation']],
    ['another operation', { operation: 'enablekey' }, ['operation: ']],
    ['an operation that is not a string', { operation: ['delete-key-backups'] }, ['operation: ']],
    ['a param that is a string', { ...DELETE, [PARAM]: 'backups' }, [`${PARAM}: must be object`]],
    ['a param that is a list', { ...DELETE, [PARAM]: [] }, [`${PARAM}: must be object`]],
    ['keys that are a string', { ...DELETE, keys: 'k' }, ['keys: must be array']],
    ['a key that is a number', { ...DELETE, keys: ['k', 5] }, ['keys.1: must be string']],
    ['a key id that is a number', { ...DELETE, [PARAM]: { key_id: 5 } }, [`${PARAM}.key_id: must be string`]],
    ['an empty id', { ...DELETE, backups: [''] }, ['backups.0: ']],
    [
      'a date that does not exist',
      { ...DELETE, created_after: '2024-02-30T00:00:00Z' },
      ['created_after: is not an RFC 3339'],
    ],
    [
      'a time without zone',
      { ...DELETE, [PARAM]: { created_before: '2024-02-06T09:22:54' } },
      [`${PARAM}.created_before: `],
    ],
    ['several at once', { keys: 5, vault_id: 5 }, ['operation', '\nkeys: ', '\nvault_id: ']],
    ['a body that is a list', [DELETE], ['body: must be object']],
  ])('refuses to create an Azure job: %s', async (_what, body, fields) => {
    const { admin } = await start()
    const message = refusal(await admin.post(AZURE, body), 400)
    expect(message).toMatch(/^Validation errors:\n/)
    for (const field of fields) expect(message).toContain(field)
    expect((await admin.get(AZURE)).page.total).toBe(0)
  })

  it.each([
    [{ key_id: 'k', keys: ['k'] }, 'keys'],
    [{ key_id: 'k', vault_id: 'v' }, 'vault_id'],
    [{ keys: ['k'], vault_id: 'v' }, 'vault_id'],
    [{ key_id: 'k', [PARAM]: { vault_id: 'v' } }, `${PARAM}.vault_id`],
    [{ vault_id: 'v', [PARAM]: { key_id: 'k' } }, 'vault_id'],
    [{ [PARAM]: { keys: ['k'], vault_id: 'v' } }, `${PARAM}.vault_id`],
  ])('refuses selectors that exclude each other: %j', async (selectors, field) => {
    const { admin } = await start()
    const message = refusal(await admin.post(AZURE, { ...DELETE, ...selectors }), 400)
    expect(message).toContain(`${field}: cannot go with `)
  })

  it('refuses a selector that is both nested and not', async () => {
    const { admin } = await start()
    const body = { ...DELETE, key_id: 'a', [PARAM]: { key_id: 'b' } }
    expect(refusal(await admin.post(AZURE, body), 400)).toContain(`${PARAM}.key_id: is given twice`)
  })
})
