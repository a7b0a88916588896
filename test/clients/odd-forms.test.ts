// What real clients send, in the forms in which they send it: recorded on the wire from the clients that are named here.
// An HTTP library would tidy most of it up, so it is written to the socket as it stands.

import { beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { exchange, type RawAnswer } from './raw.ts'

const azure = '/api/v1/cckm/azure/bulkjobs'
const aws = '/api/v1/cckm/aws/bulkjob'
const json = 'Content-Type: application/json'

let port: number
let token: string
beforeAll(async () => {
  const emulator: Emulator = await createEmulator({ seed: 'none', clock: 'frozen' })
  port = (await emulator.listen()).port
  token = await emulator.token()
  return () => emulator.close()
})

const host = 'Host: localhost'
const call = (line: string, headers: string[] = [], body?: string) =>
  exchange(port, [`${line} HTTP/1.1`, host, `Authorization: Bearer ${token}`, ...headers], body)
const withLength = (body: object) => {
  const text = JSON.stringify(body)
  return [`Content-Length: ${text.length}`, text] as const
}
const signIn = (body: object, headers: string[] = [json], path = '/api/v1/auth/tokens') => {
  const [length, text] = withLength(body)
  return exchange(port, [`POST ${path} HTTP/1.1`, host, ...headers, length], text)
}
const valueOf = ({ body }: RawAnswer) => JSON.parse(body) as Record<string, unknown>

/** The path of a new job that is still running, since the clock stands. */
async function newJob(path: string): Promise<string> {
  const [length, text] = withLength(
    path === azure ? { operation: 'delete-key-backups' } : { operation: 'disablekey', keys: ['k'] },
  )
  const answer = await call(`POST ${path}`, [json, length], text)
  expect(answer.status).toBe(201)
  return `${path}/${String(valueOf(answer).id)}`
}

describe('Signing in', () => {
  it.each<[string, object, string[]?, string?]>([
    [
      'the Terraform provider: an empty bearer, two Content-Types, empty domains',
      { username: 'admin', password: 'admin', auth_domain: '', domain: '' },
      ['User-Agent: Go-http-client/1.1', 'Authorization: Bearer ', json, json, 'Accept-Encoding: gzip'],
    ],
    [
      'the Terraform provider: renewing, with a token that is over',
      { username: 'admin', password: 'admin', auth_domain: '', domain: '' },
      ['Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.over', json, json],
    ],
    [
      'Ansible 1.0.4: with a path of the auth domain',
      { grant_type: 'password', username: 'admin', password: 'admin', auth_domain_path: 'root' },
      [json, 'Accept-Encoding: identity', 'Connection: close', 'User-Agent: Python-urllib/3.11'],
    ],
    [
      'Ansible 1.0.2: with an empty one',
      { grant_type: 'password', username: 'admin', password: 'admin', auth_domain_path: '' },
      [json, 'Accept-Encoding: identity', 'Connection: close'],
    ],
    [
      'ciphertrust-skills: a slash at the end',
      { grant_type: 'password', username: 'admin', password: 'admin', connection: 'local_account' },
      [json, 'Accept: application/json'],
      '/api/v1/auth/tokens/',
    ],
    [
      'ciphertrust-sdk: every field',
      {
        ...{ grant_type: 'password', cookies: false, labels: [], username: 'admin', password: 'admin' },
        ...{ connection: 'local_account', renew_refresh_token: false },
      },
    ],
    [
      'ciphertrust-info: root twice',
      { grant_type: 'password', username: 'admin', password: 'admin', domain: 'root', auth_domain: 'root' },
    ],
    ['an axios helper: no grant_type', { username: 'admin', password: 'admin' }],
    ['no Content-Type at all', { username: 'admin', password: 'admin' }, []],
    [
      'a Content-Type of forms, as curl -d has',
      { username: 'admin', password: 'admin' },
      ['Content-Type: application/x-www-form-urlencoded'],
    ],
  ])('as %s', async (_who, body, headers, path) => {
    const answer = await signIn(body, headers, path)
    expect(answer.status).toBe(200)
    expect(valueOf(answer)).toMatchObject({
      jwt: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      duration: 300,
      token_type: 'Bearer',
      refresh_token: expect.stringMatching(/^[0-9A-Za-z]{64}$/) as string,
      refresh_token_id: expect.any(String) as string,
    })
    expect(answer.isClosed).toBe(headers?.includes('Connection: close') ?? false)
  })

  it('renews as ciphertrust-sdk does, and gives the same refresh token back', async () => {
    const { refresh_token } = valueOf(await signIn({ username: 'admin', password: 'admin' }))
    const body = { grant_type: 'refresh_token', cookies: false, labels: [], refresh_token, renew_refresh_token: false }
    expect(valueOf(await signIn(body))).toMatchObject({ refresh_token, refresh_token_id: expect.any(String) as string })
  })
})

describe('A cancel', () => {
  it.each([azure, aws])('of %s takes every form of an empty body, and answers with the job', async (path) => {
    const forms: [string[], string?][] = [
      [['Content-Length: 0']],
      [[json, 'Content-Length: 0']],
      [[json]],
      [[]],
      [[json, json, 'Content-Length: 0']],
      [[json, 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
      [[json, 'Content-Length: 2'], '{}'],
      [[json, 'Content-Length: 0', 'Accept-Encoding: identity', 'Connection: close']],
    ]
    for (const [headers, body] of forms) {
      const answer = await call(`POST ${await newJob(path)}/cancel`, headers, body)
      expect({ headers, status: answer.status }).toEqual({ headers, status: 200 })
      expect(valueOf(answer)).toMatchObject({ abort: true })
      expect(valueOf(answer)).not.toHaveProperty('codeDesc')
    }
  })
})

describe('A delete', () => {
  it('takes every form of an empty body', async () => {
    for (const headers of [
      [],
      [json],
      ['Content-Length: 0'],
      [json, 'Content-Length: 0'],
      [json, json, 'Connection: close'],
    ]) {
      const job = await newJob(azure)
      await call(`POST ${job}/cancel`)
      const answer = await call(`DELETE ${job}`, headers)
      expect({ headers, status: answer.status, body: answer.body }).toEqual({ headers, status: 204, body: '' })
      expect((await call(`GET ${job}`)).status).toBe(404)
    }
  })
})

describe('A create', () => {
  it.each([
    ['in one chunk', (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`],
    ['letter by letter', (text: string) => `${Array.from(text, (letter) => `1\r\n${letter}\r\n`).join('')}0\r\n\r\n`],
  ])('takes a body without a length, %s', async (_how, chunks) => {
    const text = JSON.stringify({ operation: 'enablekey', keys: ['k1'] })
    const answer = await call(`POST ${aws}`, [json, 'Transfer-Encoding: chunked'], chunks(text))
    expect(answer.status).toBe(201)
    expect(valueOf(answer)).toMatchObject({ keys: ['k1'], overall_status: 'in_progress' })
  })

  it('takes the body of the Ansible example, whose field no page has', async () => {
    const [length, text] = withLength({
      operation: 'delete-key-backups',
      delete_key_backups_param: { key_vaults: ['production-vault'] },
    })
    const answer = await call(`POST ${azure}`, [json, length, 'Accept-Encoding: identity', 'Connection: close'], text)
    expect({ status: answer.status, isClosed: answer.isClosed }).toEqual({ status: 201, isClosed: true })
    expect(answer.headers['x-emulator-hint']).toContain('key_vaults')
  })
})

describe('A get and a list', () => {
  it('take a Content-Type without a body', async () => {
    const job = await newJob(aws)
    for (const path of [job, aws, `${aws}?overall_status=in_progress&skip=0&limit=1&sort=-createdAt`])
      for (const headers of [[json], [json, json], [json, 'Content-Length: 0']])
        expect((await call(`GET ${path}`, headers)).status).toBe(200)
  })

  it('find by query, with a slash before the question mark', async () => {
    const id = (await newJob(azure)).split('/').at(-1)
    const { resources } = valueOf(await call(`GET ${azure}/?skip=0&limit=1&id=${id}`)) as { resources: object[] }
    expect(resources).toEqual([expect.objectContaining({ id })])
  })

  it('know no job whose id is an escaped path', async () => {
    const answer = await call(`GET ${aws}/..%2Fbulkjobs%2Fx`, [json])
    expect(answer.status).toBe(404)
    expect(valueOf(answer)).toMatchObject({
      code: 16,
      codeDesc: expect.stringContaining('NCERRResourceNotFound') as string,
    })
  })

  it('close the connection only when they are asked to', async () => {
    expect((await call(`GET ${aws}`, ['Connection: close'])).isClosed).toBe(true)
    expect((await call(`GET ${aws}`, ['Connection: keep-alive'])).isClosed).toBe(false)
  })
})
