// Requests in the forms of real clients, over the shipped estate.

import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { callerOf, SHIPPED_SEEDS, type Caller } from '../support/world.ts'
import { AZURE_KEYS, CONNECTIONS, KEYS, KMS, recordOf, TEMPLATES, VAULTS } from './estate.ts'

const KEY = `${KEYS}/2387500d-bcac-4055-a48d-19592c3332ff`
const AZURE_KEY = `${AZURE_KEYS}/94a392f3-52e8-4542-90b6-b8554c046492`
const VAULT = 'keyvault-softkeys::12e533dd-b5c2-4e58-a264-0cd812dc5a34'
const JSON_BODY = { 'content-type': 'application/json' }

let emulator: Emulator
let admin: Caller
beforeAll(async () => {
  emulator = await createEmulator({ seed: `${SHIPPED_SEEDS}/estate.json`, clock: 'frozen' })
  admin = callerOf(emulator, '/api/v1', { authorization: `Bearer ${await emulator.token()}` })
  return () => emulator.close()
})

it.each([KEYS, KEY, VAULTS, `${KMS}/kms`, AZURE_KEY])('answers HEAD %s as GET, without the body', async (path) => {
  const [head, get] = [await admin.request('HEAD', path), await admin.get(path)]
  expect([head.status, head.text]).toEqual([200, ''])
  expect(head.headers['content-length']).toBe(String(get.bytes.length))
})

it.each([
  [`${KMS}/?limit=-1`, `${KMS}?limit=-1`],
  [`${KEY}/`, KEY],
  [`${VAULTS}/${encodeURIComponent(VAULT)}`, `${VAULTS}/${VAULT}`],
  [`${TEMPLATES}/%74emplate`, `${TEMPLATES}/template`],
  [`${CONNECTIONS}/aws/connections/aws%2Dconnection`, `${CONNECTIONS}/aws/connections/aws-connection`],
  [`${KEYS}?region=&alias=&kms=&enabled=&sort=&limit=&skip=`, KEYS],
  [`${KEYS}?region=ap-south-1&region=us-east-1`, KEYS],
  [`${KEYS}?kms=kms&kms=of-nobody`, KEYS],
])('answers %s as %s', async (odd, plain) => {
  const answer = await admin.get(odd)
  expect([answer.status, answer.json]).toEqual([200, (await admin.get(plain)).json])
})

it.each(['%2E%2E%2Fkms', '%00', 'x'.repeat(9000), '%F0%9F%94%91', "'%20or%201=1"])(
  'does not know the id %s',
  async (id) => {
    for (const path of [KEYS, KMS, VAULTS, AZURE_KEYS, TEMPLATES])
      expect((await admin.get(`${path}/${id}`)).status).toBe(404)
  },
)

it.each(['enable', 'disable', 'refresh', 'schedule-deletion', 'cancel-deletion'])(
  'takes an empty body with a JSON Content-Type for %s',
  async (word) => {
    const answer = await admin.request('POST', `${KEY}/${word}`, { headers: JSON_BODY, body: '' })
    expect(answer.status, answer.text).toBe(200)
  },
)

it('takes null, {} and an empty body for a backup, and for a PATCH that changes nothing', async () => {
  for (const body of ['', '{}', 'null', '{"name":null,"description":null}'])
    expect((await admin.request('POST', `${AZURE_KEY}/backups`, { headers: JSON_BODY, body })).status).toBe(201)
  for (const path of [`${KMS}/kms`, `${TEMPLATES}/template`, `${VAULTS}/${VAULT}`, AZURE_KEY]) {
    const before = recordOf(await admin.get(path))
    for (const body of ['', '{}', JSON.stringify({ connection: before.connection, regions: before.regions })])
      expect(recordOf(await admin.request('PATCH', path, { headers: JSON_BODY, body }))).toEqual(before)
  }
})

it('compresses a long list for a client that takes gzip', async () => {
  await emulator.domain('root').seed({ resources: [{ kind: 'aws.key', count: 60, record: { kms: 'kms' } }] })
  const plain = await admin.get(`${KEYS}?limit=-1`)
  const packed = await admin.get(`${KEYS}?limit=-1`, { 'accept-encoding': 'gzip' })
  expect(packed.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(packed.bytes).toString()).toBe(plain.text)
  expect(plain.page).toMatchObject({ total: 62, limit: -1 })
})
