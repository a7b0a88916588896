import { expect, it } from 'vitest'
import { AZURE, claimsOf, start } from '../support/world.ts'

// What public clients of real CMs send, recorded from the network; and what they require of the response.

interface Recorded {
  readonly client: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: object
}

const PASSWORD = { grant_type: 'password', username: 'admin', password: 'admin' }
const SDK = { cookies: false, labels: [], renew_refresh_token: false }

const CLIENTS: readonly Recorded[] = [
  {
    client: 'Ansible collection 1.0.4',
    path: '/auth/tokens',
    headers: { 'accept-encoding': 'identity', connection: 'close', 'user-agent': 'Python-urllib/3.11' },
    body: PASSWORD,
  },
  {
    client: 'Ansible collection 1.0.4 on CDSPaaS',
    path: '/auth/tokens',
    headers: {},
    body: { ...PASSWORD, auth_domain_path: 'root' },
  },
  {
    client: 'Ansible collection 1.0.2',
    path: '/auth/tokens',
    headers: {},
    body: { ...PASSWORD, auth_domain_path: '' },
  },
  {
    client: 'ciphertrust-skills',
    path: '/auth/tokens/',
    headers: { accept: 'application/json' },
    body: { ...PASSWORD, connection: 'local_account' },
  },
  {
    client: 'ciphertrust-skills with domains',
    path: '/auth/tokens/',
    headers: { accept: 'application/json' },
    body: { ...PASSWORD, connection: 'local_account', domain: 'root', auth_domain: 'root' },
  },
  {
    client: 'ciphertrust-sdk',
    path: '/auth/tokens',
    headers: { 'user-agent': 'python-requests/2.32.3', 'accept-encoding': 'gzip, deflate', accept: '*/*' },
    body: { ...PASSWORD, ...SDK, connection: 'local_account' },
  },
  {
    client: 'ciphertrust-info',
    path: '/auth/tokens',
    headers: { 'user-agent': 'python-requests/2.32.3' },
    body: { ...PASSWORD, domain: 'root', auth_domain: 'root' },
  },
  { client: 'the axios helper', path: '/auth/tokens', headers: {}, body: { username: 'admin', password: 'admin' } },
  {
    client: 'the Terraform provider, first time',
    path: '/auth/tokens',
    headers: { authorization: 'Bearer ', 'user-agent': 'Go-http-client/1.1', 'accept-encoding': 'gzip' },
    body: { username: 'admin', password: 'admin', auth_domain: '', domain: '' },
  },
  {
    client: 'the Terraform provider, renewing',
    path: '/auth/tokens',
    headers: { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln', 'user-agent': 'Go-http-client/1.1' },
    body: { username: 'admin', password: 'admin', auth_domain: '', domain: '' },
  },
  { client: 'ciphertrust-metrics', path: '/auth/tokens', headers: {}, body: { name: 'admin', password: 'admin' } },
]

it.each(CLIENTS)('signs $client in to the root domain', async ({ path, headers, body }) => {
  const { anyone, as } = await start()
  const { status, token, domain } = await anyone.post(path, body, headers)
  expect(status).toBe(200)
  expect(domain).toBe('root')
  expect((await as(token.jwt).get(AZURE)).status).toBe(200)
})

it('returns the fields that the sdk requires, at a sign-in and at a refresh', async () => {
  const { signIn } = await start()
  const { token } = await signIn({ ...PASSWORD, ...SDK, connection: 'local_account' })
  const refresh = { grant_type: 'refresh_token', ...SDK, refresh_token: token.refresh_token }
  for (const { status, token: given } of [await signIn(refresh), await signIn(refresh)]) {
    expect(status).toBe(200)
    expect(given).toMatchObject({ refresh_token: token.refresh_token, token_type: 'Bearer', duration: 300 })
    expect(given.refresh_token_id).toBe(token.refresh_token_id)
    expect(typeof claimsOf(given.jwt).exp).toBe('number')
    expect(typeof claimsOf(given.jwt).iat).toBe('number')
  }
})

it('refreshes for ciphertrust-skills, which names its domain again', async () => {
  const { signIn } = await start()
  const { token } = await signIn({ ...PASSWORD, connection: 'local_account', domain: 'root' })
  const refresh = { grant_type: 'refresh_token', refresh_token: token.refresh_token, domain: 'root' }
  const answer = await signIn(refresh)
  expect([answer.status, answer.token.refresh_token]).toEqual([200, token.refresh_token])
})

it('renews for the Terraform provider, which asks for a new refresh token', async () => {
  const { signIn, as } = await start()
  const { token } = await signIn({ username: 'admin', password: 'admin', auth_domain: '', domain: '' })
  const renewed = await signIn({
    grant_type: 'refresh_token',
    refresh_token: token.refresh_token,
    renew_refresh_token: true,
  })
  expect(renewed.token.refresh_token).not.toBe(token.refresh_token)
  expect((await as(renewed.token.jwt).get(AZURE)).status).toBe(200)
})

it('sends no codeDesc with a success, since Ansible treats it as a failure', async () => {
  const { signIn, admin } = await start()
  const answers = [
    await signIn(PASSWORD),
    await admin.post(AZURE, { operation: 'delete-key-backups' }),
    await admin.get(AZURE),
    await admin.get('/auth/tokens'),
    await admin.get('/auth/self/user'),
    await admin.get('/system/info'),
  ]
  for (const answer of answers) {
    expect(answer.status).toBeLessThan(300)
    expect(answer.json).not.toHaveProperty('codeDesc')
  }
})
