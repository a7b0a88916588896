import { describe, expect, it } from 'vitest'
import { AZURE, DOCUMENTED_AZURE_ID, DOCUMENTED_SEED, start } from '../support/world.ts'
import { exchange, open } from '../support/raw.ts'

// Real clients put a JSON Content-Type on calls that have no body: Ansible, the sdk, the Terraform provider.

const JOB = `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}`
const JSON_TYPE = 'Content-Type: application/json'

const FORMS = [
  { form: 'Content-Length: 0', lines: [JSON_TYPE, 'Content-Length: 0'], body: '' },
  { form: 'no Content-Length', lines: [JSON_TYPE], body: '' },
  { form: 'nothing at all', lines: [], body: '' },
  { form: 'an empty chunked body', lines: [JSON_TYPE, 'Transfer-Encoding: chunked'], body: '0\r\n\r\n' },
  { form: 'white space', lines: [JSON_TYPE, 'Content-Length: 2'], body: '\r\n' },
  { form: 'an empty object', lines: [JSON_TYPE, 'Content-Length: 2'], body: '{}' },
  { form: 'two Content-Types', lines: [JSON_TYPE, JSON_TYPE, 'Content-Length: 0'], body: '' },
  { form: 'a Content-Type that is none', lines: ['Content-Type: nonsense', 'Content-Length: 0'], body: '' },
  { form: 'an empty Content-Type', lines: ['Content-Type:', 'Content-Length: 0'], body: '' },
  { form: 'a form', lines: ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 0'], body: '' },
]

describe.each(['http', 'https'] as const)('over %s', (scheme) => {
  it.each(FORMS)('cancels, shows and deletes jobs with $form', async ({ lines, body }) => {
    const { emulator } = await start({ seed: DOCUMENTED_SEED })
    const address = await emulator.listen()
    const authorization = `Authorization: Bearer ${await emulator.token()}`
    const send = (line: string) =>
      exchange(open(address, scheme), [`${line} HTTP/1.1`, 'Host: cm.example', authorization, ...lines], body)

    const cancelled = await send(`POST ${JOB}/cancel`)
    expect([cancelled.status, (JSON.parse(cancelled.text) as { abort: boolean }).abort]).toEqual([200, true])
    expect((await send(`POST ${JOB}`)).text).toBe(cancelled.text)
    expect((await send(`GET ${JOB}`)).text).toBe(cancelled.text)
    const deleted = await send(`DELETE ${JOB}`)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect((await send(`GET ${JOB}`)).status).toBe(404)
  })
})

describe('ignored bodies', () => {
  it.each(['{"reason":"because"}', '[]', '"text"', 'null', '5'])(
    'ignores the body of a cancel: %s',
    async (payload) => {
      const { admin } = await start({ seed: DOCUMENTED_SEED })
      const answer = await admin.post(`${AZURE}/${DOCUMENTED_AZURE_ID}/cancel`, payload, {
        'content-type': 'application/json',
      })
      expect(answer.status).toBe(200)
    },
  )

  it('ignores any body of a GET', async () => {
    const { emulator } = await start({ seed: DOCUMENTED_SEED })
    const address = await emulator.listen()
    const lines = ['Host: x', `Authorization: Bearer ${await emulator.token()}`, JSON_TYPE, 'Content-Length: 9']
    const answer = await exchange(open(address), [`GET ${JOB} HTTP/1.1`, ...lines], '{not json')
    expect(answer.status).toBe(200)
  })
})
