// Creating domains: by which callers, under which names, and which users can then sign in.

import { describe, expect, it } from 'vitest'
import { claimsOf, UUID } from '../support/world.ts'
import { AWS, enable, openWorld, refusal, TOKENS, type TestWorld } from '../support/world.ts'

const ROOT_ID = '00000000-0000-0000-0000-000000000000'
const SOME_ID = '7e51012c-ec57-4527-9987-d159ecc190c8'
const USERS = [
  { name: 'boss', password: 'boss-secret', groups: ['admin'] },
  { name: 'a', password: 'pa', domain: 'ci-a', groups: ['admin', 'CCKM Admins'] },
]

/** A locked emulator that allows domains `ci-*`, and the token of the administrator of `ci-a`. */
async function openLocked(): Promise<TestWorld & { readonly own: string }> {
  const world = await openWorld({ adminToken: 'top', users: USERS, domains: '*-*' })
  const own = (await world.anyone.post(TOKENS, { username: 'a', password: 'pa' })).token.jwt
  return { ...world, own }
}

const codeOf = (json: unknown): unknown => (json as { error?: { code?: unknown } }).error?.code

describe('the credentials in the response', () => {
  it.each(['root', 't-1', 'T-1', 'x.y_z'])(
    'returns a user name for %s that signs in without naming the domain',
    async (name) => {
      const { server, anyone } = await openWorld()
      const { json } = await server.put(`/domains/${name}`)
      const { name: written, username, user, password, domain } = json as Record<string, string>
      expect([username, domain]).toEqual([`admin@${written}`, written])
      expect((await anyone.post(TOKENS, { username, password })).domain).toBe(written)
      expect((await anyone.post(TOKENS, { username: user, password, domain })).domain).toBe(written)
      expect((await anyone.post(TOKENS, { username, password, domain })).domain).toBe(written)
    },
  )

  it.each([
    [
      "the domain's administrator before that of the configuration",
      [{ name: 'ops', password: 'x', groups: ['admin'] }],
      'ops',
    ],
    [
      "the domain's first administrator, not its first user",
      [
        { name: 'reader', password: 'r' },
        { name: 'ops', password: 'x', groups: ['admin'] },
      ],
      'ops',
    ],
    ['an administrator whose name has an @', [{ name: 'ops@corp', password: 'x', groups: ['admin'] }], 'ops@corp'],
    ['the configuration’s where it has users and no administrator', [{ name: 'reader', password: 'r' }], 'boss'],
    [
      'nobody whose home is another domain',
      [{ name: 'ops', password: 'x', domain: 'other', groups: ['admin'] }],
      'boss',
    ],
  ])('returns %s', async (_what, users, expected) => {
    const { server, anyone } = await openWorld({ users: USERS })
    const { user, username, password, jwt } = (await server.put('/domains/t-2', { settings: { users } }))
      .json as Record<string, string>
    expect([user, username]).toEqual([expected, `${expected}@t-2`])
    const signIn = await anyone.post(TOKENS, { username, password })
    expect([signIn.status, signIn.domain]).toEqual([200, 't-2'])
    expect(claimsOf(signIn.token.jwt).cust.groups).toEqual(['admin'])
    expect(claimsOf(String(jwt))).toMatchObject({ preferred_username: expected })
  })

  it('returns the administrator whose home the domain is, if no other can sign in', async () => {
    const { server, anyone } = await openWorld({ users: USERS.slice(1) })
    const { username, password } = (await server.put('/domains/ci-a')).json as Record<string, string>
    expect(username).toBe('a@ci-a')
    expect((await anyone.post(TOKENS, { username, password })).domain).toBe('ci-a')
  })
})

describe('a CM token on a locked emulator', () => {
  it.each([undefined, {}])('gets no password with its own domain (body %j)', async (body) => {
    const { serverAs, own, as } = await openLocked()
    const { status, json, text } = await serverAs(own).put('/domains/CI-A', body)
    const { jwt, id } = json as Record<string, string>
    expect([status, json]).toEqual([200, { name: 'ci-a', id, created: false, domain: 'ci-a', jwt }])
    expect(text).not.toMatch(/boss|secret/)
    expect(claimsOf(String(jwt))).toMatchObject({
      preferred_username: 'a',
      cust: { domain_id: id, groups: ['admin', 'CCKM Admins'] },
    })
    expect((await as(String(jwt)).get(AWS)).status).toBe(200)
    expect((await serverAs(own).put(`/domains/${id}`)).json).toMatchObject({ name: 'ci-a' })
  })

  it.each([{ scenario: 'slow' }, { settings: { users: [] } }, { unknown: 1 }, [1]])(
    'cannot send %j as a body for its own domain',
    async (body) => {
      const { serverAs, own } = await openLocked()
      const { status, json } = await serverAs(own).put('/domains/ci-a', body)
      expect([status, codeOf(json)]).toEqual([403, 'forbidden'])
    },
  )

  it.each(['t-1', 'root', 'ci-b', 'prod', ROOT_ID, SOME_ID, 'a%20b'])(
    'cannot PUT %s, whether it exists or not',
    async (name) => {
      const { serverAs, own, server } = await openLocked()
      const before = (await server.get('/domains')).text
      for (const body of [undefined, {}, { scenario: 'slow' }])
        expect((await serverAs(own).put(`/domains/${name}`, body)).status).toBe(403)
      expect((await server.get('/domains')).text).toBe(before)
    },
  )

  it.each(['ci-b', 'ci-a', 't-1', 'prod', ROOT_ID, 'a b', ''])('cannot fork to %j', async (to) => {
    const { serverAs, own, server } = await openLocked()
    const before = (await server.get('/domains')).text
    for (const domain of ['ci-a', 'CI-A', 't-1'])
      expect((await serverAs(own).post(`/domains/${domain}/fork`, { to })).status).toBe(403)
    expect((await serverAs(own).post('/fork', { to })).status).toBe(403)
    expect((await server.get('/domains')).text).toBe(before)
  })

  it("gives no access to a new domain that meanwhile has its domain's name", async () => {
    const { serverAs, own, server } = await openLocked()
    await server.delete('/domains/ci-a')
    await server.put('/domains/ci-a')
    expect((await serverAs(own).put('/domains/ci-a')).status).toBe(401)
    expect((await serverAs(own).get('/domains/ci-a/settings')).status).toBe(401)
  })
})

describe('a name that --domains does not allow', () => {
  it.each([
    ['unlocked', {}],
    ['locked, with the admin token', { adminToken: 'top' }],
  ])('refuses it for PUT and fork alike (%s)', async (_which, lock) => {
    const { server, emulator } = await openWorld({ domains: 't-*', ...lock })
    expect((await server.put('/domains/prod')).status).toBe(403)
    const refused = await server.post('/fork', { to: 'prod' })
    expect([refused.status, codeOf(refused.json), refused.hint]).toEqual([403, 'forbidden', '--domains is t-*'])
    await expect(emulator.token({ domain: 'prod' })).rejects.toThrow('this emulator creates no domain named prod')
    expect((await server.put('/domains/root')).status).toBe(200)
    expect((await server.post('/fork', { to: 'root' })).status).toBe(409)
    expect((await server.post('/fork', { to: 'T-2' })).status).toBe(201)
  })
})

describe('a name in the form of an id', () => {
  const names = [SOME_ID, SOME_ID.toUpperCase(), ROOT_ID.replace(/0$/, '1')]

  it.each(names)('refuses it for a new domain: %s', async (name) => {
    const { server, control, anyone, emulator } = await openWorld()
    const before = (await server.get('/domains')).text
    expect((await server.put(`/domains/${name}`)).status).toBe(400)
    expect((await control.post('/fork', { to: name })).status).toBe(400)
    refusal(await anyone.post(TOKENS, { username: 'admin', password: 'admin', domain: name }), 401)
    refusal(await anyone.post(TOKENS, { username: `admin@${name}`, password: 'admin' }), 401)
    await expect(emulator.token({ domain: name })).rejects.toThrow('has the form of an id')
    await expect(emulator.domain(name).token()).rejects.toThrow('has the form of an id')
    expect((await server.get('/domains')).text).toBe(before)
  })

  it('refuses it as the home of a user', async () => {
    const users = [{ name: 'ci', password: 'x', domain: SOME_ID }]
    await expect(openWorld({ users })).rejects.toThrow('users.0.domain: has the form of an id')
  })

  it('finds the domain with that id', async () => {
    const { server, access, anyone, vendor } = await openWorld()
    const byId = await server.put(`/domains/${access.id.toUpperCase()}`, {})
    expect([byId.status, byId.json]).toMatchObject([200, { name: 't-1', id: access.id, created: false }])
    expect((await server.put(`/domains/${ROOT_ID}`)).json).toMatchObject({ name: 'root', username: 'admin@root' })
    await vendor.post(AWS, enable('k1'))
    expect((await server.get(`/domains/${access.id}`)).json).toMatchObject({ name: 't-1', jobs: 1 })
    expect((await anyone.post(TOKENS, { username: 'admin', password: 'admin', domain: access.id })).domain).toBe('t-1')
    expect(access.id).toMatch(UUID)
    expect((await server.delete(`/domains/${access.id}`)).status).toBe(204)
    expect((await server.get('/domains/t-1')).status).toBe(404)
  })
})
