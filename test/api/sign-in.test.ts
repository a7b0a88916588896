import { describe, expect, it } from 'vitest'
import { AZURE, claimsOf, refusal, start, TOKENS, UUID } from '../support/world.ts'

const ADMIN = { username: 'admin', password: 'admin' }
const ALL_FIELDS = ['jwt', 'duration', 'token_type', 'client_id', 'refresh_token_id', 'refresh_token']

describe('a sign-in', () => {
  it('answers a sign-in with 200 and every documented field, in order', async () => {
    const { signIn } = await start()
    const answer = await signIn(ADMIN)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(Object.keys(answer.token)).toEqual(ALL_FIELDS)
    expect(answer.token).toMatchObject({ duration: 300, token_type: 'Bearer' })
    expect(answer.token.client_id).toMatch(UUID)
    expect(answer.token.refresh_token_id).toMatch(UUID)
    expect(answer.token.refresh_token).toMatch(/^[A-Za-z0-9]{64}$/)
    expect(answer.token.jwt.split('.')).toHaveLength(3)
  })

  it('states when the refresh token expires for a lifetime in minutes', async () => {
    const { signIn } = await start()
    const { token } = await signIn({ ...ADMIN, refresh_token_lifetime: 30 })
    expect(Object.keys(token)).toEqual([...ALL_FIELDS, 'refresh_token_expires_in'])
    expect(token.refresh_token_expires_in).toBeGreaterThan(1790)
    expect(token.refresh_token_expires_in).toBeLessThanOrEqual(1800)
  })

  it.each([`/api/v1${TOKENS}`, `/api/v1${TOKENS}/`, `/v1${TOKENS}`, `//v1${TOKENS}/`])(
    'signs in at %s',
    async (url) => {
      const { anyone } = await start()
      expect((await anyone.send('POST', url, { body: ADMIN })).status).toBe(200)
    },
  )

  it.each([
    ['username', { username: 'admin' }],
    ['name', { name: 'admin' }],
    ['a user name with its connection', { username: 'local_account|admin' }],
    ['a connection', { username: 'admin', connection: 'local_account' }],
    ['an explicit grant', { grant_type: 'password', username: 'admin' }],
    ['empty strings', { username: 'admin', name: '', grant_type: '', domain: '', auth_domain: '', connection: '' }],
    ['nulls', { username: 'admin', name: null, grant_type: null, domain: null, labels: null, cookies: null }],
    ['unknown fields', { username: 'admin', otp: '123456', __typename: 'SignIn', nested: { deep: [1] } }],
    ['every known field', { username: 'admin', labels: ['ci'], cookies: false, client_id: 'playground' }],
    ['a label that is not a list', { username: 'admin', labels: 'ci' }],
  ])('accepts %s', async (_what, fields) => {
    const { signIn, as } = await start()
    const { status, token } = await signIn({ ...fields, password: 'admin' })
    expect(status).toBe(200)
    expect(claimsOf(token.jwt).preferred_username).toBe('admin')
    expect((await as(token.jwt).get(AZURE)).status).toBe(200)
  })

  it.each(['', 'Bearer', 'Bearer ', 'Bearer not.a.token', 'Basic YWRtaW46YWRtaW4='])(
    'ignores the Authorization header %j',
    async (authorization) => {
      const { signIn } = await start()
      expect((await signIn(ADMIN, { authorization })).status).toBe(200)
    },
  )

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense', ''])(
    'reads JSON with the Content-Type %j',
    async (type) => {
      const { anyone } = await start()
      const answer = await anyone.post(TOKENS, JSON.stringify(ADMIN), { 'content-type': type })
      expect(answer.status).toBe(200)
    },
  )
})

describe('refusals of a sign-in', () => {
  it.each([
    ['a wrong password', { username: 'admin', password: 'wrong' }],
    ['an unknown name', { username: 'nobody', password: 'admin' }],
    ['another connection', { username: 'admin', password: 'admin', connection: 'ldap' }],
    ['a user of another connection', { username: 'ldap|admin', password: 'admin' }],
    ['the name of a property of every object', { username: '__proto__', password: 'constructor' }],
  ])('refuses a sign-in with %s', async (_what, body) => {
    const { signIn } = await start()
    const answer = await signIn(body)
    expect(refusal(answer, 401)).toBe('Wrong username or password.')
    expect(answer.hint).toMatch(/--user/)
    expect(answer.text).not.toContain(body.password === 'admin' ? '"admin"' : body.password)
  })

  it.each([
    [undefined, 'username: is required'],
    [{}, 'username: is required'],
    [{ username: 'admin' }, 'password: is required'],
    [{ password: 'admin' }, 'username: is required'],
    [{ username: '', password: 'admin' }, 'username: is required'],
    [{ username: 'admin', password: null }, 'password: is required'],
    [{ grant_type: 'refresh_token' }, 'refresh_token: is required'],
    [{ grant_type: 'client_credential' }, 'client_id: is required'],
    [{ grant_type: 'client_credential', client_id: 'admin' }, 'client_secret: is required'],
    [{ username: 5, password: ['admin'] }, 'username: must be string\npassword: must be string'],
    [{ ...ADMIN, renew_refresh_token: 'yes' }, 'renew_refresh_token: must be boolean'],
    [{ ...ADMIN, refresh_token_lifetime: '30' }, 'refresh_token_lifetime: must be number'],
    [{ ...ADMIN, refresh_token_lifetime: -1 }, 'refresh_token_lifetime: must be > 0'],
    [{ ...ADMIN, labels: [5] }, 'labels.0: must be string'],
    [[], 'body: must be object'],
    ['"admin"', 'body: must be object'],
  ])('refuses %j with 400 and names the field', async (body, lines) => {
    const { anyone } = await start()
    const answer = await anyone.post(TOKENS, body, { 'content-type': 'application/json' })
    expect(refusal(answer, 400)).toBe(`Validation errors:\n${lines}`)
  })

  it('answers 400 to an unknown grant and 501 to one that is not emulated', async () => {
    const { signIn } = await start()
    expect(refusal(await signIn({ ...ADMIN, grant_type: 'magic' }), 400)).toMatch(/^Validation errors:\ngrant_type: /)
    const certificate = await signIn({ grant_type: 'user_certificate' })
    expect(refusal(certificate, 501)).toBe('grant_type user_certificate')
    expect(certificate.hint).toMatch(/fidelity/)
  })
})

describe('client_credential', () => {
  it('issues a token without a refresh token for a client credential', async () => {
    const { signIn, as } = await start()
    const { status, token } = await signIn({
      grant_type: 'client_credential',
      client_id: 'admin',
      client_secret: 'admin',
    })
    expect(status).toBe(200)
    expect(Object.keys(token)).toEqual(['jwt', 'duration', 'token_type', 'client_id'])
    expect((await as(token.jwt).get(AZURE)).status).toBe(200)
  })

  it('refuses a wrong client secret', async () => {
    const { signIn } = await start()
    refusal(await signIn({ grant_type: 'client_credential', client_id: 'admin', client_secret: 'wrong' }), 401)
  })
})
