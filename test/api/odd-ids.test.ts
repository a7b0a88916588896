import { describe, expect, it } from 'vitest'
import { AWS, AZURE, refusal, start } from '../support/world.ts'
import { exchange, open } from '../support/raw.ts'

const ODD = {
  unknown: 'ee4482eb-0b97-4702-8ef6-7e86df66eaa6',
  'no uuid': 'x',
  'a parent folder, encoded': '..%2Fx',
  "Ansible's own": '..%2Fbulkjobs%2Fx',
  'a slash': 'a%2Fb',
  'a backslash': 'a%5Cb',
  'a NUL': '%00',
  'a NUL inside': 'a%00b',
  'a line break': 'a%0D%0Ab',
  'an emoji': '%F0%9F%94%91',
  'half an emoji': '%F0%9F',
  'a bad percent': '%zz',
  'half a percent': 'a%',
  'a percent': '%25',
  'a double encoding': '%252e%252e%252f',
  'a quote': "'%20or%201=1--",
  'a star': '*',
  'a colon': ':id',
  __proto__: '__proto__',
  'a space': '%20',
  'a tab': '%09',
  '10 kB': 'x'.repeat(10_000),
  '10 kB, encoded': '%41'.repeat(3_333),
  'a word of the API': 'cancel',
} as const

describe.each([AZURE, AWS])('%s', (path) => {
  it.each(Object.entries(ODD))('answers 404 to the job id %s', async (_what, id) => {
    const { admin } = await start()
    const calls = [
      await admin.get(`${path}/${id}`),
      await admin.post(`${path}/${id}/cancel`),
      await admin.send('HEAD', `/api/v1${path}/${id}`),
      ...(path === AZURE ? [await admin.delete(`${path}/${id}`), await admin.post(`${path}/${id}`)] : []),
    ]
    expect(calls.map(({ status }) => status)).toEqual(calls.map(() => 404))
    const [got] = calls
    expect(refusal(got!, 404)).toBe('Resource not found')
    expect(got!.domain).toBe('root')
  })
})

describe('an odd request line over a socket', () => {
  const PATH = `/api/v1${AZURE}`

  it.each([
    ['a parent folder', `${PATH}/../x`],
    ['two of them', `${PATH}/../../x`],
    ['a folder itself', `${PATH}/./x`],
    ['dots, encoded', `${PATH}/%2e%2e`],
    ['a parent folder inside', `${PATH}/x/../y`],
    ['a bad percent', `${PATH}/%zz`],
    ['a NUL, encoded', `${PATH}/%00`],
    ['30 kB', `${PATH}/${'x'.repeat(30_000)}`],
    ['a backslash', `${PATH}/\\x`],
    ['angle brackets', `${PATH}/<x>`],
  ])('answers 404 to an unescaped id: %s', async (_what, target) => {
    const { emulator } = await start()
    const lines = ['Host: x', `Authorization: Bearer ${await emulator.token()}`]
    const answer = await exchange(open(await emulator.listen()), [`GET ${target} HTTP/1.1`, ...lines])
    expect(answer.status, answer.text).toBe(404)
    expect(JSON.parse(answer.text)).toMatchObject({ code: 16, codeDesc: 'NCERRResourceNotFound: Resource not found' })
  })

  it.each([
    ['an emoji that is not encoded', `GET ${PATH}/\u{1f511} HTTP/1.1`, 400],
    ['a NUL', `GET ${PATH}/a\u0000b HTTP/1.1`, 400],
    ['a space', `GET ${PATH}/a b HTTP/1.1`, 400],
    ['a line longer than the limit', `GET ${PATH}/${'x'.repeat(40_000)} HTTP/1.1`, 431],
    ['a line that is not HTTP', 'nonsense', 400],
    ['another version', `GET ${PATH} HTTP/9.9`, 400],
  ])("refuses %s in the request line in the vendor's shape", async (_what, line, status) => {
    const { emulator } = await start()
    const answer = await exchange(open(await emulator.listen()), [line, 'Host: x'])
    expect(answer.status).toBe(status)
    expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(['code', 'codeDesc', 'message', 'requestID'])
  })

  it('reads a whole URL in the request line as its path', async () => {
    const { emulator } = await start()
    const lines = ['Host: x', `Authorization: Bearer ${await emulator.token()}`]
    const answer = await exchange(open(await emulator.listen()), [`GET http://cm.example${PATH} HTTP/1.1`, ...lines])
    expect([200, 404]).toContain(answer.status)
  })
})
