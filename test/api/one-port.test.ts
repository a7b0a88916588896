import { request } from 'node:https'
import { expect, it } from 'vitest'
import { AZURE, DOCUMENTED_AZURE_ID, DOCUMENTED_SEED, start } from '../support/world.ts'
import { exchange, open } from '../support/raw.ts'

const JOB = `/api/v1${AZURE}/${DOCUMENTED_AZURE_ID}`

it('answers http and https on one port with the same bytes', async () => {
  const { emulator, admin } = await start({ seed: DOCUMENTED_SEED })
  const expected = (await admin.send('GET', JOB)).text
  const address = await emulator.listen()
  expect(address.url).toBe(`http://127.0.0.1:${address.port}`)
  expect(address.httpsUrl).toBe(`https://127.0.0.1:${address.port}`)
  const lines = ['Host: cm.example', `Authorization: Bearer ${await emulator.token()}`]
  for (const scheme of ['http', 'https'] as const)
    for (const method of ['GET', 'POST']) {
      const answer = await exchange(open(address, scheme), [`${method} ${JOB} HTTP/1.1`, ...lines])
      expect([scheme, method, answer.status, answer.text]).toEqual([scheme, method, 200, expected])
    }
})

it("serves Node's http and https clients and fetch", async () => {
  const { emulator } = await start({ seed: DOCUMENTED_SEED })
  const { url, httpsUrl } = await emulator.listen()
  const headers = { authorization: `Bearer ${await emulator.token()}` }
  const text = await (await fetch(`${url}${JOB}`, { headers })).text()
  const secure = await new Promise<string>((resolve, reject) => {
    request(`${httpsUrl!}${JOB}`, { headers, rejectUnauthorized: false, agent: false }, (response) => {
      response.setEncoding('utf8')
      let body = ''
      response.on('data', (chunk: string) => (body += chunk)).on('end', () => resolve(body))
    })
      .on('error', reject)
      .end()
  })
  expect(secure).toBe(text)
  expect(await (await emulator.fetch(JOB, { headers })).text()).toBe(text)
})

it('sends no body with a response to HEAD or a 204', async () => {
  const { emulator, admin } = await start({ seed: DOCUMENTED_SEED })
  const expected = (await admin.send('GET', JOB)).text
  const address = await emulator.listen()
  const lines = ['Host: x', `Authorization: Bearer ${await emulator.token()}`]
  const head = await exchange(open(address), [`HEAD ${JOB} HTTP/1.1`, ...lines])
  expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', String(expected.length)])
  const deleted = await exchange(open(address), [`DELETE ${JOB} HTTP/1.1`, ...lines])
  expect([deleted.status, deleted.text, deleted.headers['content-length']]).toEqual([204, '', undefined])
})
