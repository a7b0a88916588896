// Entries of fidelity.json that no other test shows.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { startCli, temporaryFolder } from '../cli/run-cli.ts'
import {
  AWS,
  AZURE,
  claimsOf,
  DOCUMENTED_AWS_ID,
  DOCUMENTED_AZURE_ID,
  DOCUMENTED_SEED,
  NOW,
  refusal,
  start,
  TOKENS,
  unsigned,
  type WireError,
} from '../support/world.ts'
import { exchange, open } from '../support/raw.ts'

const ADMIN = { username: 'admin', password: 'admin' }
const DELETE = { operation: 'delete-key-backups' }
const ENABLE = { operation: 'enablekey', keys: ['a', 'b'] }

describe('a job', () => {
  it('shows microseconds in the create response, without trailing zeros', async () => {
    for (const [now, written] of [
      ['2026-01-01T00:00:00.123456Z', '2026-01-01T00:00:00.123456Z'],
      ['2026-01-01T00:00:00.120000Z', '2026-01-01T00:00:00.12Z'],
    ] as const) {
      const { admin } = await start({ clock: `frozen@${now}` })
      expect((await admin.post(AZURE, DELETE)).job).toMatchObject({ createdAt: written, updatedAt: written })
    }
  })

  it('changes updatedAt at a cancel and at completion, not at results of items', async () => {
    const { admin, emulator } = await start()
    const { clock } = emulator.domain('root')
    const { job } = await admin.post(AWS, ENABLE, { 'x-emulator-scenario': 'cancel-slow' })
    const read = async () => (await admin.get(`${AWS}/${job.id}`)).job
    await clock.advance('3s')
    expect(await read()).toMatchObject({ detailed_status: { a: 'Success' }, updatedAt: NOW })
    await admin.post(`${AWS}/${job.id}/cancel`)
    expect((await read()).updatedAt).toBe('2026-01-01T00:00:03Z')
    await clock.advance('1m')
    const { overall_status, updatedAt, completed_at } = await read()
    expect(overall_status).not.toBe('in_progress')
    expect(updatedAt).toBe(completed_at)
  })

  it('does not show an AWS job as an Azure job, nor the reverse', async () => {
    const { admin } = await start({ seed: DOCUMENTED_SEED })
    for (const path of [`${AZURE}/${DOCUMENTED_AWS_ID}`, `${AWS}/${DOCUMENTED_AZURE_ID}`]) {
      refusal(await admin.get(path), 404)
      refusal(await admin.post(`${path}/cancel`), 404)
    }
    refusal(await admin.delete(`${AZURE}/${DOCUMENTED_AWS_ID}`), 404)
  })

  it('shows a deleted job in the past through the control API only', async () => {
    const { admin, emulator } = await start({ scenario: 'instant' })
    const { clock, jobs } = emulator.domain('root')
    const { job } = await admin.post(AZURE, DELETE)
    const { text } = await admin.get(`${AZURE}/${job.id}`)
    await clock.advance('1m')
    await admin.delete(`${AZURE}/${job.id}`)
    expect((await jobs.get(job.id, NOW)).job).toEqual(JSON.parse(text))
    expect((await jobs.list({ at: NOW })).total).toBe(1)
    refusal(await admin.get(`${AZURE}/${job.id}?at=${NOW}`), 404)
    expect((await admin.get(`${AZURE}?at=${NOW}`)).page.total).toBe(0)
  })
})

describe('creating a job', () => {
  it.each([
    [AZURE, {}, 'operation: is required'],
    [AZURE, { operation: 'purge' }, 'operation: must be "delete-key-backups"'],
    [AWS, { keys: ['k'] }, 'operation: is required'],
    [AWS, { operation: 'enablekey' }, 'keys: is required'],
    [
      AWS,
      { keys: ['k'], operation: 'purge' },
      'operation: must be one of enablekey, disablekey, schedulekeydeletion, cancelkeydeletion, applypolicytemplate',
    ],
  ])('names the missing field or the allowed words at %s for %j', async (path, body, line) => {
    const { admin } = await start()
    expect(refusal(await admin.post(path, body), 400)).toBe(`Validation errors:\n${line}`)
  })

  it('accepts a whole scenario as JSON in the header', async () => {
    const { admin } = await start()
    const scenario = JSON.stringify({ polls: 1, items: [{ index: 1, status: 'no such key' }] })
    const { job } = await admin.post(AWS, ENABLE, { 'x-emulator-scenario': scenario })
    expect((await admin.get(`${AWS}/${job.id}`)).job).toMatchObject({
      overall_status: 'completed',
      detailed_status: { a: 'Success', b: 'no such key' },
    })
  })

  it.each(['{', '{"polls":0}', '{"pols":1}'])('refuses the header %s and creates no job', async (scenario) => {
    const { admin } = await start()
    refusal(await admin.post(AWS, ENABLE, { 'x-emulator-scenario': scenario }), 400)
    expect((await admin.get(AWS)).page.total).toBe(0)
  })
})

describe('compression', () => {
  const GZIP = { 'accept-encoding': 'gzip' }

  it('compresses a single job from 4096 characters', async () => {
    const { admin } = await start({ scenario: 'stuck' })
    const create = (length: number) => admin.post(AWS, { ...ENABLE, keys: ['k'.repeat(length)] }, GZIP)
    const others = (await create(1)).text.length - 1
    expect((await create(4095 - others)).headers).not.toHaveProperty('content-encoding')
    const long = await create(4096 - others)
    expect(long.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    const id = (await admin.get(`${AWS}?limit=-1`)).ids[2]!
    for (const answer of [
      await admin.get(`${AWS}/${id}`, GZIP),
      await admin.post(`${AWS}/${id}/cancel`, undefined, GZIP),
      await admin.get(AWS, GZIP),
    ])
      expect(answer.headers['content-encoding']).toBe('gzip')
    expect((await admin.get(`${AWS}/${id}`)).headers).not.toHaveProperty('content-encoding')
  })
})

describe('a sign-in', () => {
  it.each([0, '', null])('gives a refresh token no expiry for the lifetime %j', async (lifetime) => {
    const { signIn, admin } = await start()
    const wishes = { refresh_token_lifetime: lifetime, refresh_token_revoke_unused_in: lifetime }
    const { status, token } = await signIn({ ...ADMIN, ...wishes })
    expect(status).toBe(200)
    expect(token).not.toHaveProperty('refresh_token_expires_in')
    expect((await admin.get(`${TOKENS}/${token.refresh_token_id}`)).json).not.toHaveProperty('expires_at')
    expect((await signIn({ grant_type: 'refresh_token', refresh_token: token.refresh_token })).status).toBe(200)
  })

  it('accepts cookies and sets none', async () => {
    const { signIn } = await start()
    const { headers, token } = await signIn({ ...ADMIN, cookies: true })
    expect(headers).not.toHaveProperty('set-cookie')
    expect(token.jwt).not.toBe('')
  })

  it('returns the same client_id to every user in every domain', async () => {
    const [one, other] = [await start(), await start({ users: ['ci:ci'] })]
    const ids = [await one.signIn(ADMIN), await other.signIn({ username: 'ci', password: 'ci', domain: 't-42' })]
    expect(new Set(ids.map(({ token }) => token.client_id)).size).toBe(1)
  })

  it('issues a new session id and token id at each sign-in and refresh', async () => {
    const { signIn } = await start()
    const first = await signIn(ADMIN)
    const refresh = { grant_type: 'refresh_token', refresh_token: first.token.refresh_token }
    const claims = [first, await signIn(ADMIN), await signIn(refresh)].map(({ token }) => claimsOf(token.jwt))
    expect(new Set(claims.map(({ jwtid }) => jwtid)).size).toBe(3)
    expect(new Set(claims.map(({ cust }) => cust.sid)).size).toBe(3)
  })

  it('issues ES256 tokens with the claims of HS256 tokens', async () => {
    const [es256, hs256] = [await start({ auth: { algorithm: 'ES256' } }), await start()]
    const [one, other] = [await es256.emulator.token(), await hs256.emulator.token()]
    expect(decodeProtectedHeader(one).alg).toBe('ES256')
    expect(Object.keys(claimsOf(one))).toEqual(Object.keys(claimsOf(other)))
    expect(Object.keys(claimsOf(one).cust)).toEqual(Object.keys(claimsOf(other).cust))
  })

  it('prefers the domain in the user name to all other fields', async () => {
    const { signIn } = await start()
    const others = { domain: 't-1', auth_domain: 't-2', auth_domain_path: 't-3' }
    expect((await signIn({ ...ADMIN, username: 'admin@t-42', ...others })).domain).toBe('t-42; new')
  })
})

it('logs one info line for a domain that a sign-in creates, and the request ids of the responses', async () => {
  const { ready, child, ended } = await startCli(['--log-format', 'json', '--seed', 'none'])
  const body = JSON.stringify({ ...ADMIN, domain: 't-42' })
  const answers = []
  for (let times = 0; times < 3; times += 1)
    answers.push(await fetch(`${ready.url}/api/v1${TOKENS}`, { method: 'POST', body }))
  answers.push(await fetch(`${ready.url}/api/v1${AZURE}`))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 401])
  const { requestID } = (await answers[3]!.json()) as WireError
  const ids = answers.map(({ headers }) => headers.get('x-emulator-request-id'))
  child.kill('SIGTERM')
  const { stdout } = await ended
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  const logged = lines.map((line) => JSON.parse(line) as { level: string; msg: string; domain?: string; id?: string })

  expect(logged.filter(({ level }) => level === 'warn')).toEqual([])
  expect(logged.filter(({ msg }) => msg.startsWith('a sign-in')).map(({ level, domain }) => [level, domain])).toEqual([
    ['info', 't-42'],
  ])
  expect(logged.filter(({ msg }) => msg === 'request').map(({ id }) => id)).toEqual(ids)
  expect(ids[3]).toBe(requestID)
})

describe('refresh tokens', () => {
  it('keeps expiry and labels of a refresh token at renewal, and lists these fields', async () => {
    const { signIn, admin } = await start()
    const { token } = await signIn({ ...ADMIN, labels: ['ci'], refresh_token_lifetime: 30 })
    const grant = { grant_type: 'refresh_token', refresh_token: token.refresh_token, renew_refresh_token: true }
    const renewed = (await signIn(grant)).token
    const read = async (id: string) =>
      (await admin.get(`${TOKENS}/${id}`)).json as { createdAt: string; labels: string[]; expires_at: string }
    const [before, after] = [await read(token.refresh_token_id), await read(renewed.refresh_token_id)]
    expect(Object.keys(before)).toEqual([
      ...['id', 'createdAt', 'updatedAt', 'user_id', 'labels', 'expired', 'revoked', 'expires_at'],
    ])
    expect([after.labels, after.expires_at]).toEqual([['ci'], before.expires_at])
    expect(Date.parse(before.expires_at) - Date.parse(before.createdAt)).toBe(30 * 60_000)
  })

  it('shows the refresh tokens of a domain to each of its users', async () => {
    const { signIn, signedIn } = await start({ users: ['admin:admin:admin', 'eve:eve'] })
    const { token } = await signIn(ADMIN)
    const eve = await signedIn({ username: 'eve', password: 'eve' })
    expect((await eve.get(TOKENS)).json).toMatchObject({ total: 2 })
    expect((await eve.get(`${TOKENS}/${token.refresh_token_id}`)).status).toBe(200)
  })
})

it('returns the documented fields for the current user and for the server', async () => {
  const { admin, anyone } = await start()
  expect(Object.keys((await admin.get('/auth/self/user')).json as object)).toEqual([
    ...['user_id', 'username', 'name', 'groups', 'connection', 'domain'],
  ])
  expect(Object.keys((await admin.get('/system/info')).json as object)).toEqual(['name', 'version', 'model', 'vendor'])
  for (const path of ['/auth/self/user', '/system/info']) refusal(await anyone.get(path), 401)
})

it('reports that it is not clustered, in the words that the Terraform provider expects', async () => {
  const { admin, anyone } = await start()
  for (const path of ['/cluster', '/cluster/'])
    expect((await admin.get(path)).json).toEqual({
      status: { code: 'none', description: 'not clustered' },
      nodeCount: 0,
    })
  refusal(await anyone.get('/cluster'), 401)
})

it("treats a token without a name as admin's and one without groups as an administrator's with --auth any", async () => {
  const { as } = await start({ auth: { mode: 'any' } })
  const self = async (claims: object) => (await as(unsigned(claims)).get('/auth/self/user')).json
  expect(await self({})).toMatchObject({ username: 'admin', groups: ['admin'] })
  expect(await self({ preferred_username: 'eve', cust: {} })).toMatchObject({ username: 'eve', groups: ['admin'] })
  expect(await self({ preferred_username: 'eve', cust: { groups: [] } })).toMatchObject({ groups: [] })
})

describe('a domain', () => {
  it('loads the seed for its name into a domain that a sign-in creates', async () => {
    const seed = join(temporaryFolder(), 'seed.json')
    await writeFile(seed, JSON.stringify({ domain: 'ci-*', jobs: [{ family: 'aws.bulkjob', request: ENABLE }] }))
    const { signedIn } = await start({ seed })
    const totalOf = async (domain: string) => (await (await signedIn({ ...ADMIN, domain })).get(AWS)).page.total
    expect([await totalOf('ci-7'), await totalOf('dev-7'), await totalOf('root')]).toEqual([1, 0, 0])
  })

  it('refuses the tokens of a deleted domain, even after another domain takes its name', async () => {
    const { signIn, signedIn, as, emulator } = await start()
    const inDomain = { ...ADMIN, domain: 't-42' }
    const { token } = await signIn(inDomain)
    expect((await as(token.jwt).get(AZURE)).status).toBe(200)
    await emulator.domain('t-42').drop()
    const message = 'Invalid token: its domain does not exist'
    const refused = await as(token.jwt).get(AZURE)
    expect(refusal(refused, 401)).toBe(message)
    expect(refused.hint).toMatch(/deleted/)
    expect((await (await signedIn(inDomain)).get(AZURE)).domain).toBe('t-42')
    expect(refusal(await as(token.jwt).get(AZURE), 401)).toBe(message)
    const grant = { grant_type: 'refresh_token', refresh_token: token.refresh_token }
    expect(refusal(await signIn(grant), 401)).toBe('Invalid token')
  })
})

describe('HTTP details', () => {
  it('sends no CORS headers', async () => {
    const { anyone, admin } = await start()
    const asked = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    for (const { headers } of [
      await anyone.send('OPTIONS', `/api/v1${AZURE}`, { headers: asked }),
      await admin.get(AZURE, asked),
    ])
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  it.each(['nonsense', `GET /api/v1${AZURE}/\u{1f511} HTTP/1.1`, `GET /${'x'.repeat(40_000)} HTTP/1.1`])(
    'answers an unreadable request with a request id: %#',
    async (line) => {
      const { emulator } = await start()
      const { text, headers } = await exchange(open(await emulator.listen()), [line, 'Host: x'])
      expect(headers['x-emulator-request-id']).toBe((JSON.parse(text) as { requestID: string }).requestID)
      expect(headers.connection).toBe('close')
    },
  )
})
