import { describe, expect, it } from 'vitest'
import { AWS, AZURE, refusal, start } from '../support/world.ts'

const DELETE = { operation: 'delete-key-backups' }
const PARAM = 'delete_key_backups_param'

describe.each(['2.16', '2.4', '1.10'])('CM %s', (cmVersion) => {
  it('ignores keys and vault_id like unknown fields', async () => {
    const { admin } = await start({ settings: { cmVersion } })
    const answer = await admin.post(AZURE, { ...DELETE, vault_id: 'v', [PARAM]: { keys: ['k'], key_id: 'k' } })
    expect(answer.status).toBe(201)
    expect(answer.hint).toMatch(
      /: delete_key_backups_param\.keys, vault_id$|: vault_id, delete_key_backups_param\.keys$/,
    )
  })

  it('refuses keys and vault_id with strictFields', async () => {
    const { admin } = await start({ settings: { cmVersion, strictFields: true } })
    expect(refusal(await admin.post(AZURE, { ...DELETE, vault_id: 'v' }), 400)).toContain('vault_id: is not a known')
  })

  it('accepts the other fields', async () => {
    const { admin } = await start({ settings: { cmVersion, strictFields: true } })
    expect((await admin.post(AZURE, { ...DELETE, key_id: 'k', [PARAM]: { backups: ['b'] } })).status).toBe(201)
  })

  it('reports its version', async () => {
    const { admin } = await start({ settings: { cmVersion } })
    expect((await admin.get('/system/info')).json).toMatchObject({ version: cmVersion })
  })
})

it.each(['2.18', '2.22', '3.0'])('accepts keys and vault_id as CM %s', async (cmVersion) => {
  const { admin } = await start({ settings: { cmVersion, strictFields: true } })
  expect((await admin.post(AZURE, { ...DELETE, vault_id: 'v' })).status).toBe(201)
  expect((await admin.post(AZURE, { ...DELETE, [PARAM]: { keys: ['k'] } })).status).toBe(201)
})

describe('a field that the vendor does not document', () => {
  const AWS_BODY = { operation: 'enablekey', keys: ['k'] }

  it.each([
    [AZURE, { ...DELETE, key_vaults: ['v'] }, 'key_vaults'],
    [AZURE, { ...DELETE, [PARAM]: { key_vaults: ['v'] } }, `${PARAM}.key_vaults`],
    [AWS, { ...AWS_BODY, region: 'eu-west-1' }, 'region'],
    [AWS, { ...AWS_BODY, constructor: 1 }, 'constructor'],
  ])(
    'names an undocumented field of %s in the hint, or refuses it with strictFields: %j',
    async (path, body, field) => {
      const lenient = await (await start()).admin.post(path, body)
      expect([lenient.status, lenient.hint]).toEqual([201, `ignored, since the vendor does not document it: ${field}`])
      const strict = await (await start({ settings: { strictFields: true } })).admin.post(path, body)
      expect(refusal(strict, 400)).toBe(`Validation errors:\n${field}: is not a known field`)
    },
  )

  it('writes a valid hint for a field of any name', async () => {
    const { admin } = await start()
    const answer = await admin.post(AWS, { ...AWS_BODY, 'line\nbreak': 1, 'ü🔑': 2, ['x'.repeat(5000)]: 3 })
    expect(answer.status).toBe(201)
    expect(answer.hint.length).toBeLessThan(1200)
    expect(answer.hint).toMatch(/line\?break/)
  })

  it('reports the other problems of a request with an undocumented field', async () => {
    const { admin } = await start()
    expect(refusal(await admin.post(AWS, { ...AWS_BODY, keys: 'k', region: 'x' }), 400)).toBe(
      'Validation errors:\nkeys: must be array',
    )
  })
})

it.each([200, 201, 202] as const)('answers a create with %d if so configured', async (createStatus) => {
  const { admin } = await start({ settings: { createStatus } })
  expect((await admin.post(AZURE, DELETE)).status).toBe(createStatus)
  expect((await admin.post(AWS, { operation: 'enablekey', keys: ['k'] })).status).toBe(createStatus)
})

it.each([
  ['empty', {}],
  ['absent', undefined],
] as const)('shows detailed_status of a new job as %s if so configured', async (initialDetails, expected) => {
  const { admin } = await start({ settings: { initialDetails } })
  const { job } = await admin.post(AZURE, DELETE)
  expect(job.detailed_status).toEqual(expected)
  expect('detailed_status' in job).toBe(expected !== undefined)
})
