import { describe, expect, it } from 'vitest'
import { AZURE, DOCUMENTED_AZURE_ID, refusal, start, TOKENS, UUID, type Running } from '../support/world.ts'

const ADMIN = { username: 'admin', password: 'admin' }

interface WireRefreshToken {
  readonly id: string
  readonly labels: readonly string[]
  readonly expired: boolean
  readonly revoked: boolean
  readonly user_id: string
  readonly updatedAt: string
}

/** The refresh tokens that the list shows for this query. */
async function listed({ admin }: Running, query = ''): Promise<WireRefreshToken[]> {
  const answer = await admin.get(`${TOKENS}${query}`)
  expect(answer.status).toBe(200)
  return [...(answer.json as { resources: WireRefreshToken[] }).resources]
}

describe('listing refresh tokens', () => {
  it('lists the refresh tokens of the domain, never their values', async () => {
    const running = await start()
    const { token } = await running.signIn(ADMIN)
    const other = await running.signIn({ ...ADMIN, domain: 't-42' })
    const answer = await running.admin.get(TOKENS)
    expect(answer.json).toMatchObject({ skip: 0, limit: 10, total: 1 })
    expect((await listed(running))[0]).toMatchObject({ id: token.refresh_token_id, expired: false, revoked: false })
    for (const secret of [token.refresh_token, token.jwt, other.token.refresh_token_id])
      expect(answer.text).not.toContain(secret)
  })

  it('filters refresh tokens by label, expiry, revocation and user', async () => {
    const running = await start({ users: ['admin:admin:admin', 'eve:eve:admin'] })
    const { token } = await running.signIn({ ...ADMIN, labels: ['ci', 'night'] })
    const eve = await running.signIn({ username: 'eve', password: 'eve', refresh_token_lifetime: 0.000_000_1 })
    await running.admin.delete(`${TOKENS}/${token.refresh_token_id}`)
    const mine = [token.refresh_token_id]
    const hers = [eve.token.refresh_token_id]
    const ids = async (query: string): Promise<string[]> => (await listed(running, query)).map(({ id }) => id)
    const user = (await listed(running, '?labels=ci'))[0]!.user_id
    expect(await ids('?labels=ci&labels=night')).toEqual(mine)
    expect(await ids('?labels=day')).toEqual([])
    expect(await ids('?revoked=true')).toEqual(mine)
    expect(await ids('?revoked=false')).toEqual(hers)
    expect(await ids('?expired=true')).toEqual(hers)
    expect(await ids(`?user_id=${encodeURIComponent(user)}`)).toEqual(mine)
    expect(await ids('?refreshed_before=-1D')).toEqual([])
    expect(await ids('?refreshed_before=-1Y-2M-5D')).toEqual([])
    expect(await ids('?refreshed_before=2100-01-01T00:00:00Z')).toHaveLength(2)
  })

  it('pages the list of refresh tokens', async () => {
    const running = await start()
    for (let count = 0; count < 12; count += 1) await running.signIn(ADMIN)
    expect(await listed(running)).toHaveLength(10)
    expect(await listed(running, '?skip=10')).toHaveLength(2)
    expect(await listed(running, '?limit=-1')).toHaveLength(12)
    expect(await listed(running, '?limit=5&skip=3')).toHaveLength(5)
  })

  it.each(['skip=-1', 'limit=x', 'refreshed_before=yesterday', 'skip=1&skip=2'])(
    'refuses %s and names the field',
    async (query) => {
      const { admin } = await start()
      expect(refusal(await admin.get(`${TOKENS}?${query}`), 400)).toContain(`${query.split('=')[0]}: `)
    },
  )
})

describe('one refresh token', () => {
  it('shows and deletes a refresh token, which is then invalid', async () => {
    const running = await start()
    const { token } = await running.signIn(ADMIN)
    const path = `${TOKENS}/${token.refresh_token_id}`
    expect((await running.admin.get(path)).json).toMatchObject({ id: token.refresh_token_id, revoked: false })
    const deleted = await running.admin.delete(path)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect((await running.admin.get(path)).json).toMatchObject({ revoked: true })
    refusal(await running.signIn({ grant_type: 'refresh_token', refresh_token: token.refresh_token }), 401)
  })

  it('answers 404 to the refresh token of another domain', async () => {
    const running = await start()
    const { token } = await running.signIn({ ...ADMIN, domain: 't-42' })
    const path = `${TOKENS}/${token.refresh_token_id}`
    expect(refusal(await running.admin.get(path), 404)).toBe('Resource not found')
    expect(refusal(await running.admin.delete(path), 404)).toBe('Resource not found')
    expect(refusal(await running.admin.get(`${TOKENS}/nobody`), 404)).toBe('Resource not found')
  })
})

describe('revoking', () => {
  it('revokes a refresh token by its value, without a sign-in', async () => {
    const running = await start()
    const { token } = await running.signIn(ADMIN)
    const answer = await running.anyone.post('/auth/revoke', { token: token.refresh_token, client_id: 'any' })
    expect([answer.status, answer.text]).toEqual([204, ''])
    refusal(await running.signIn({ grant_type: 'refresh_token', refresh_token: token.refresh_token }), 401)
  })

  it('revokes one JWT and no other', async () => {
    const { anyone, as, emulator } = await start()
    const [one, other] = [await emulator.token(), await emulator.token()]
    expect((await as(one).get(AZURE)).status).toBe(200)
    expect((await anyone.post('/auth/revoke', { token: one })).status).toBe(204)
    expect(refusal(await as(one).get(AZURE), 401)).toBe('Token has been revoked')
    expect((await as(other).get(AZURE)).status).toBe(200)
  })

  it.each(['nonsense', 'a.b.c', 'e30.e30.c2ln', '__proto__'])(
    'accepts the revocation of %s, which is not valid anyway',
    async (token) => {
      const { anyone } = await start()
      expect((await anyone.post('/auth/revoke', { token })).status).toBe(204)
    },
  )

  it('requires the body of a revocation to name a token', async () => {
    const { anyone } = await start()
    for (const body of [undefined, {}, { token: '' }, { token: 5 }])
      expect(refusal(await anyone.post('/auth/revoke', body), 400)).toMatch(/^Validation errors:\n.*token/)
  })

  it('revokes the JWT that logs out', async () => {
    const { admin } = await start()
    const answer = await admin.post('/auth/logout', undefined, { 'content-type': 'application/json' })
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(refusal(await admin.get(`${AZURE}/${DOCUMENTED_AZURE_ID}`), 401)).toBe('Token has been revoked')
    expect(refusal(await admin.post('/auth/logout'), 401)).toBe('Token has been revoked')
  })
})

it('pages the domains of a token like jobs', async () => {
  const { admin } = await start()
  const page = async (query: string) => (await admin.get(`/auth/self/domains${query}`)).json
  const root = { name: 'root' }
  expect(await page('')).toMatchObject({ skip: 0, limit: 10, total: 1, resources: [root] })
  expect(await page('?limit=-1')).toMatchObject({ skip: 0, limit: -1, total: 1, resources: [root] })
  expect(await page('?skip=1&limit=5')).toEqual({ skip: 1, limit: 5, total: 1, resources: [] })
  expect(await page('?limit=0')).toEqual({ skip: 0, limit: 0, total: 1, resources: [] })
  for (const query of ['skip=-1', 'limit=ten', 'limit=1&limit=2'])
    expect(refusal(await admin.get(`/auth/self/domains?${query}`), 400)).toMatch(/is not a whole number from/)
})

it('tells a client its user, domain and server', async () => {
  const running = await start({ users: ['ci:ci:CCKM Admins,ops'] })
  const ci = await running.signedIn({ username: 'ci', password: 'ci', domain: 't-42' })
  const user = (await ci.get('/auth/self/user')).json as { user_id: string; domain: { id: string } }
  expect(user).toMatchObject({ username: 'ci', name: 'ci', groups: ['CCKM Admins', 'ops'], domain: { name: 't-42' } })
  expect(user.domain.id).toMatch(UUID)
  expect((await ci.get('/auth/self/domains')).json).toMatchObject({ total: 1, resources: [user.domain] })
  expect((await ci.get('/system/info')).json).toMatchObject({ name: 'cckm-emulator', version: '2.18' })
  for (const path of ['/auth/self/user', '/auth/self/domains', '/system/info', '/cluster'])
    refusal(await running.anyone.get(path), 401)
})
