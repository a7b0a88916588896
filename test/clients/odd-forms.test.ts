// Requests of real clients, byte for byte: recorded from the network for the clients that are named here. An HTTP
// library would normalize most of them, so they are written to the socket.

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

/** Creates a job and returns its path. It never completes, since the clock is frozen. */
async function newJob(path: string): Promise<string> {
  const [length, text] = withLength(
    path === azure ? { operation: 'delete-key-backups' } : { operation: 'disablekey', keys: ['k'] },
  )
  const answer = await call(`POST ${path}`, [json, length], text)
  expect(answer.status).toBe(201)
  return `${path}/${String(valueOf(answer).id)}`
}

describe('sign-ins of real clients', () => {
  it.each<[string, object, string[]?, string?]>([
    [
      'the Terraform provider: an empty bearer, two Content-Types, empty domains',
      { username: 'admin', password: 'admin', auth_domain: '', domain: '' },
      ['User-Agent: Go-http-client/1.1', 'Authorization: Bearer ', json, json, 'Accept-Encoding: gzip'],
    ],
    [
      'the Terraform provider: renewing, with an expired token',
      { username: 'admin', password: 'admin', auth_domain: '', domain: '' },
      ['Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.over', json, json],
    ],
    [
      'Ansible 1.0.4: with a path of the auth domain',
      { grant_type: 'password', username: 'admin', password: 'admin', auth_domain_path: 'root' },
      [json, 'Accept-Encoding: identity', 'Connection: close', 'User-Agent: Python-urllib/3.11'],
    ],
    [
      'Ansible 1.0.2: with an empty path',
      { grant_type: 'password', username: 'admin', password: 'admin', auth_domain_path: '' },
      [json, 'Accept-Encoding: identity', 'Connection: close'],
    ],
    [
      'ciphertrust-skills: a trailing slash',
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
    ['an axios helper: without grant_type', { username: 'admin', password: 'admin' }],
    ['without a Content-Type', { username: 'admin', password: 'admin' }, []],
    [
      'the Content-Type of forms, like curl -d',
      { username: 'admin', password: 'admin' },
      ['Content-Type: application/x-www-form-urlencoded'],
    ],
  ])('signs in %s', async (_who, body, headers, path) => {
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

  it('refreshes for ciphertrust-sdk and returns the same refresh token', async () => {
    const { refresh_token } = valueOf(await signIn({ username: 'admin', password: 'admin' }))
    const body = { grant_type: 'refresh_token', cookies: false, labels: [], refresh_token, renew_refresh_token: false }
    expect(valueOf(await signIn(body))).toMatchObject({ refresh_token, refresh_token_id: expect.any(String) as string })
  })
})

describe('cancels of real clients', () => {
  it.each([azure, aws])('accepts every form of an empty body at a cancel of %s, and returns the job', async (path) => {
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

describe('deletes of real clients', () => {
  it('accepts every form of an empty body at a delete', async () => {
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

describe('creates of real clients', () => {
  it.each([
    ['in one chunk', (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`],
    ['byte by byte', (text: string) => `${Array.from(text, (letter) => `1\r\n${letter}\r\n`).join('')}0\r\n\r\n`],
  ])('accepts a chunked body %s', async (_how, chunks) => {
    const text = JSON.stringify({ operation: 'enablekey', keys: ['k1'] })
    const answer = await call(`POST ${aws}`, [json, 'Transfer-Encoding: chunked'], chunks(text))
    expect(answer.status).toBe(201)
    expect(valueOf(answer)).toMatchObject({ keys: ['k1'], overall_status: 'in_progress' })
  })

  it('accepts the body of the Ansible example, which has an undocumented field', async () => {
    const [length, text] = withLength({
      operation: 'delete-key-backups',
      delete_key_backups_param: { key_vaults: ['production-vault'] },
    })
    const answer = await call(`POST ${azure}`, [json, length, 'Accept-Encoding: identity', 'Connection: close'], text)
    expect({ status: answer.status, isClosed: answer.isClosed }).toEqual({ status: 201, isClosed: true })
    expect(answer.headers['x-emulator-hint']).toContain('key_vaults')
  })
})

describe('reads of real clients', () => {
  it('accepts a Content-Type without a body', async () => {
    const job = await newJob(aws)
    for (const path of [job, aws, `${aws}?overall_status=in_progress&skip=0&limit=1&sort=-createdAt`])
      for (const headers of [[json], [json, json], [json, 'Content-Length: 0']])
        expect((await call(`GET ${path}`, headers)).status).toBe(200)
  })

  it('filters by a query after a trailing slash', async () => {
    const id = (await newJob(azure)).split('/').at(-1)
    const { resources } = valueOf(await call(`GET ${azure}/?skip=0&limit=1&id=${id}`)) as { resources: object[] }
    expect(resources).toEqual([expect.objectContaining({ id })])
  })

  it('answers 404 to a job id that is an escaped path', async () => {
    const answer = await call(`GET ${aws}/..%2Fbulkjobs%2Fx`, [json])
    expect(answer.status).toBe(404)
    expect(valueOf(answer)).toMatchObject({
      code: 16,
      codeDesc: expect.stringContaining('NCERRResourceNotFound') as string,
    })
  })

  it("closes the connection only at the client's request", async () => {
    expect((await call(`GET ${aws}`, ['Connection: close'])).isClosed).toBe(true)
    expect((await call(`GET ${aws}`, ['Connection: keep-alive'])).isClosed).toBe(false)
  })
})
