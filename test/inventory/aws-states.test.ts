// What AWS allows in each state of a key, with the texts of its exceptions.

import { expect, it } from 'vitest'
import { refusal } from '../support/world.ts'
import { KEYS, openEstate, recordOf, succeed, type Estate, type WireRecord } from './estate.ts'

const STATES = {
  Enabled: ({ makeKey }: Estate) => makeKey('k'),
  Disabled: async ({ makeKey, admin }: Estate) => succeed(admin, `${KEYS}/${(await makeKey('k')).id}/disable`),
  PendingDeletion: async ({ makeKey, admin }: Estate) =>
    succeed(admin, `${KEYS}/${(await makeKey('k')).id}/schedule-deletion`, { days: 7 }),
  PendingImport: ({ makeKey }: Estate) => makeKey('k', { Origin: 'EXTERNAL' }),
} satisfies Record<string, (estate: Estate) => Promise<WireRecord>>

type State = keyof typeof STATES

const PENDING = 'is pending deletion.'
const IMPORT = 'is pending import.'
const NOT = 'is not pending deletion.'
const ALL: readonly State[] = ['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport']

/** The table "Key states of AWS KMS keys": what is sent, and in the order of ALL the state after it, or the refusal. */
const TABLE: readonly [string, object | undefined, readonly [string, string, string, string]][] = [
  ['enable', undefined, ['Enabled', 'Enabled', PENDING, IMPORT]],
  ['disable', undefined, ['Disabled', 'Disabled', PENDING, IMPORT]],
  ['schedule-deletion', { days: 7 }, ['PendingDeletion', 'PendingDeletion', PENDING, 'PendingDeletion']],
  ['cancel-deletion', undefined, [NOT, NOT, 'Disabled', NOT]],
  ['policy', { Policy: { Version: '2012-10-17' } }, ALL as [string, string, string, string]],
  ['update-description', { description: 'd' }, ['Enabled', 'Disabled', PENDING, 'PendingImport']],
  ['add-tags', { tags: [{ tag_key: 'a', tag_value: 'b' }] }, ['Enabled', 'Disabled', PENDING, 'PendingImport']],
  ['remove-tags', { tags: ['a'] }, ['Enabled', 'Disabled', PENDING, 'PendingImport']],
  ['add-alias', { alias: 'second' }, ['Enabled', 'Disabled', PENDING, 'PendingImport']],
  ['delete-alias', { alias: 'k' }, ALL as [string, string, string, string]],
]

const CELLS = TABLE.flatMap(([word, body, expected]) =>
  ALL.map((state, index) => ({ word, body, state, expected: expected[index]! })),
)

it.each(CELLS)('$word of a key that is $state: $expected', async ({ word, body, state, expected }) => {
  const estate = await openEstate()
  const key = await STATES[state](estate)
  expect(key.aws_param.KeyState).toBe(state)
  const answer = await estate.admin.post(`${KEYS}/${key.id}/${word}`, body)
  const shown = recordOf(await estate.admin.get(`${KEYS}/${key.id}`))
  if (ALL.includes(expected as State)) {
    expect(answer.status, answer.text).toBe(200)
    expect(shown).toEqual(recordOf(answer))
    expect(shown.aws_param).toMatchObject({ KeyState: expected, Enabled: expected === 'Enabled' })
  } else {
    const text = `KMSInvalidStateException: ${String(key.aws_param.Arn)} ${expected}`
    expect(refusal(answer, 400)).toMatch(/^Error [\w ]+ AWS Key : /)
    expect(refusal(answer, 400).endsWith(text)).toBe(true)
    expect(shown).toEqual(key)
  }
})

it('schedules a deletion, cancels it to Disabled, and destroys the key on its day', async () => {
  const { admin, emulator, makeKey } = await openEstate()
  const { id } = await makeKey('k')
  const path = `${KEYS}/${id}`
  for (const days of [6, 31, 7.5, '7']) {
    const answer = await admin.post(`${path}/schedule-deletion`, { days })
    expect(refusal(answer, 400)).toContain('days: ')
  }
  expect(await succeed(admin, `${path}/schedule-deletion`)).toMatchObject({ deletion_date: '2026-01-31T00:00:00Z' })
  const cancelled = await succeed(admin, `${path}/cancel-deletion`)
  expect('deletion_date' in cancelled).toBe(false)
  expect(await succeed(admin, `${path}/schedule-deletion`, { days: 7 })).toMatchObject({
    deletion_date: '2026-01-08T00:00:00Z',
    aws_param: { DeletionDate: '2026-01-08T00:00:00Z', Enabled: false, KeyRotationEnabled: false },
  })
  await emulator.domain('root').clock.advance('7d')
  expect(recordOf(await admin.get(path))).toMatchObject({ gone: true, aws_param: { KeyState: 'PendingDeletion' } })
  expect(refusal(await admin.post(`${path}/cancel-deletion`), 400)).toContain('NotFoundException: ')
  expect((await admin.delete(path)).status).toBe(204)
  expect((await admin.get(path)).status).toBe(404)
})

it('refuses a template whole for a key that is pending deletion', async () => {
  const { admin, make, makeKey } = await openEstate()
  const { id: policytemplate } = await make('/cckm/aws/templates', { name: 't', kms: 'kms' })
  const { id } = await makeKey('k')
  const pending = await succeed(admin, `${KEYS}/${id}/schedule-deletion`, { days: 7 })
  expect(refusal(await admin.post(`${KEYS}/${id}/policy`, { policytemplate }), 400)).toContain(PENDING)
  expect(recordOf(await admin.get(`${KEYS}/${id}`))).toEqual(pending)
  expect(recordOf(await admin.get(`/cckm/aws/templates/t`))).toMatchObject({ is_verified: false })
})
