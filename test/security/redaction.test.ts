// Every view of a request hides its secrets, whatever their names and places.

import { describe, expect, it } from 'vitest'
import { redacted, withoutSecrets } from '../../src/journal/redaction.ts'
import { AZURE, deleteBackups, enable, AWS, openWorld, TOKENS, type TestWorld } from '../support/world.ts'

let secrets = 0
/** A unique value. */
const secret = (): string => `Zebra${(secrets += 1)}x`

const HEADERS = [
  ...[
    'X-Api-Key',
    'Api-Key',
    'X-Vault-Token',
    'X-Auth-Token',
    'X-Csrf-Token',
    'X-Amz-Security-Token',
    'X-Goog-Api-Key',
  ],
  ...['X-Auth', 'X-Auth-User', 'X-Authorization', 'X-Forwarded-Authorization', 'Proxy-Authorization', 'Authentication'],
  ...['Cookie', 'Cookie2', 'X-Secret', 'X-Client-Secret', 'X-My-Secret-Value', 'X-Password', 'X-Passwd', 'X-Pwd'],
  ...[
    'X-Credentials',
    'X-Amz-Signature',
    'X-Session-Id',
    'X-Session',
    'X-Jwt-Assertion',
    'X-Otp',
    'apikey',
    'X_API_KEY',
  ],
]
const QUERIES = [
  ...['access_token', 'api_key', 'apiKey', 'apikey', 'key', 'token', 'auth', 'password', 'client_secret', 'sig'],
  ...['X-Amz-Signature', 'X-Amz-Credential', 'refresh_token', 'id_token', 'jwt', 'sessionid', 'ACCESS_TOKEN'],
]
const FIELDS = [
  ...[
    'password',
    'Password',
    'newPassword',
    'passphrase',
    'client_secret',
    'secret',
    'secretValue',
    'apiKey',
    'api_key',
  ],
  ...[
    'private_key',
    'token',
    'tokens',
    'accessToken',
    'refresh_token',
    'jwt',
    'authorization',
    'basicAuth',
    'credentials',
  ],
]

/** All views of the requests of a domain. */
async function viewsOf({ control, server }: TestWorld): Promise<Record<string, string>> {
  const views: Record<string, string> = {}
  for (const part of [control, { ...server, get: (path: string) => server.get(`/domains/root${path}`) }]) {
    const name = part === control ? 't-1' : 'root'
    for (const path of ['/requests', '/requests/count?status=299&expect=1', '/reports/polling', '/trace'])
      views[`${name}${path}`] = (await part.get(path)).text
  }
  const wait = { path: '/nothing', job: 'none', count: 1, timeout: '1ms' }
  views['nearest miss'] = (await control.post('/requests/wait', wait)).text
  return views
}

async function expectNowhere(world: TestWorld, hidden: readonly string[]): Promise<void> {
  const views = await viewsOf(world)
  expect(views['t-1/requests']).toContain('[redacted]')
  const leaks = Object.entries(views).flatMap(([view, text]) =>
    hidden.filter((each) => text.includes(each)).map((each) => `${view}: ${each}`),
  )
  expect(leaks).toEqual([])
}

describe('redaction in every view of a request', () => {
  it('hides a header whose name looks like a secret', async () => {
    const world = await openWorld()
    const hidden = HEADERS.map(secret)
    for (const [index, name] of HEADERS.entries()) await world.vendor.get(AZURE, { [name]: hidden[index] ?? '' })
    await expectNowhere(world, hidden)
  })

  it('hides a query whose name looks like a secret, in the URL or in a header that quotes one', async () => {
    const world = await openWorld()
    const hidden = QUERIES.map(secret)
    for (const [index, name] of QUERIES.entries()) {
      const query = `?skip=0&${name}=${hidden[index]}&${name}=${hidden[index]}`
      await world.vendor.get(AZURE + query, { referer: `https://cm/ui${query}`, 'x-original-url': `/api${query}` })
      await world.vendor.get(`/no/such${query}`)
    }
    await expectNowhere(world, hidden)
  })

  it('hides a field whose name looks like a secret, at any depth and of any type', async () => {
    const world = await openWorld()
    const texts = FIELDS.map(secret)
    const numbers = FIELDS.map((_name, index) => 7_340_000_000 + index)
    for (const [index, name] of FIELDS.entries())
      await world.vendor.post(AZURE, {
        ...deleteBackups('b'),
        [name]: texts[index],
        deep: [{ [name]: { value: texts[index], list: [texts[index], numbers[index]] } }],
        pin: { [name]: numbers[index] },
        text: JSON.stringify({ inner: { [name]: texts[index] } }),
        form: `a=b&${name}=${texts[index]}`,
      })
    await expectNowhere(world, [...texts, ...numbers.map(String)])
  })

  it('hides the fields of a form, sent as JSON or as a form', async () => {
    const world = await openWorld()
    const hidden = [secret(), secret()]
    const form = (password?: string) => `grant_type=password&username=admin&password=${password}`
    await world.vendor.post(AZURE, JSON.stringify(form(hidden[0])), { 'content-type': 'application/json' })
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    await world.vendor.post(TOKENS, form(hidden[1]), type)
    await world.vendor.get(`${AZURE}?api_key=x`)
    await expectNowhere(world, hidden)
  })

  it('hides a token in a path, and a password in a URL', async () => {
    const world = await openWorld()
    const signedIn = (await world.anyone.post(TOKENS, { username: 'admin', password: 'admin', domain: 't-1' })).token
    const signature = signedIn.jwt.split('.')[2] ?? ''
    const password = secret()
    for (const value of [signedIn.jwt, signedIn.refresh_token]) {
      await world.vendor.get(`${AZURE}/${value}`)
      await world.vendor.delete(`${TOKENS}/${value}`)
      await world.vendor.get(`/no/${value};x=${value}`, { referer: `https://cm/${value}` })
    }
    await world.vendor.get(AZURE, { referer: `https://ci:${password}@cm.test/ui` })
    await expectNowhere(world, [signature, signedIn.refresh_token, password])
  })

  it('hides such fields in the response of a fault', async () => {
    const world = await openWorld()
    const hidden = [secret(), secret()]
    await world.handle.fault({ do: { respond: { status: 503, body: { api_key: hidden[0] } } } })
    await world.vendor.get(AZURE, { 'x-api-key': 'x' })
    await world.handle.clearFaults()
    await world.handle.fault({ do: { respond: { status: 503, body: `token=${hidden[1]}` } } })
    await world.vendor.get(AZURE)
    await expectNowhere(world, hidden)
  })
})

describe('limits of redaction', () => {
  it("keeps the vendor's fields with similar names", () => {
    const kept = {
      ...{ keys: ['k1'], key_id: 'k', vault_id: 'v', delete_key_backups_param: { key_id: 'k', backups: ['b'] } },
      ...{ auth_domain: 't', auth_domain_path: '/t', author: 'a', token_type: 'Bearer', renew_refresh_token: true },
      ...{ refresh_token_id: 'i', refresh_token_lifetime: 30, username: 'admin', client_id: 'c', password: null },
    }
    expect(redacted(kept)).toEqual(kept)
  })

  it('keeps items whose ids look like such names', async () => {
    const world = await openWorld({ scenario: 'instant' })
    const { id } = (await world.vendor.post(AWS, enable('prod-key', 'auth', 'db-password'))).job
    await world.vendor.get(`${AWS}/${id}`)
    const page = (await world.control.get('/trace')).text
    for (const item of ['prod-key', 'auth', 'db-password']) expect(page).toContain(`&quot;${item}&quot;: &quot;Success`)
  })

  it('keeps strings without secrets unchanged, including white space in JSON', () => {
    for (const text of ['', 'a=b', '{ "a" : 1 }', '[', '{broken', 'x=y&keys=k', 'https://cm/?skip=1', 'e=mc2; f = g'])
      expect(withoutSecrets(text)).toBe(text)
  })

  it('keeps the scheme of a credential', () => {
    expect(redacted({ 'x-forwarded-authorization': 'Basic abc', authorization: 'Bearer x' })).toEqual({
      'x-forwarded-authorization': 'Basic [redacted]',
      authorization: 'Bearer [redacted]',
    })
  })

  it('takes time proportional to the length of the text', () => {
    for (const text of [
      'a'.repeat(1e6),
      'a='.repeat(5e5),
      'token=x&'.repeat(1e5),
      '://'.repeat(3e5),
      '{"'.repeat(1e5),
    ]) {
      const since = performance.now()
      withoutSecrets(text)
      expect(performance.now() - since).toBeLessThan(5000)
    }
  })
})
