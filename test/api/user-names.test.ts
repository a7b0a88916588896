// CM compares user names without case (thalesdocs, Managing Users). The emulator shows a name as configured.

import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { claimsOf } from '../support/world.ts'
import { AWS, enable, openWorld, refusal, TOKENS, type TestWorld } from '../support/world.ts'

const USERS = [
  { name: 'Zoe', password: 'pw', groups: ['CCKM Users'], acls: ['keybulkoperation'] },
  { name: 'admin', password: 'admin', groups: ['admin'] },
]

const signIn = ({ anyone }: TestWorld, body: object) => anyone.post(TOKENS, body)
const nameIn = (jwt: string) => claimsOf(jwt).preferred_username

describe('a user name in another case', () => {
  it.each(['Zoe', 'zoe', 'ZOE', 'local_account|zOE', 'zoe@t-1', 'local_account|ZOE@T-1'])(
    'signs in as %j and shows the configured name in the claims',
    async (username) => {
      const world = await openWorld({ users: USERS })
      const { token } = await signIn(world, { username, password: 'pw', domain: 't-1' })
      expect([nameIn(token.jwt), claimsOf(token.jwt).cust.groups]).toEqual(['Zoe', ['CCKM Users']])
      const self = (await world.as(token.jwt).get('/auth/self/user')).json
      expect(self).toMatchObject({ username: 'Zoe', name: 'Zoe', user_id: claimsOf(token.jwt).sub })
    },
  )

  it('has the same id, permissions and refresh tokens in any case', async () => {
    const world = await openWorld({ users: USERS })
    const tokens = []
    for (const username of ['zoe', 'ZOE']) {
      const { token } = await signIn(world, { grant_type: 'password', username, password: 'pw', domain: 't-1' })
      expect((await world.as(token.jwt).post(AWS, enable('k'))).status).toBe(201)
      tokens.push(token)
    }
    const [first, second] = tokens.map(({ jwt }) => claimsOf(jwt).sub as string)
    expect(first).toBe(second)
    const list = await world.vendor.get(`${TOKENS}?user_id=${encodeURIComponent(first ?? '')}`)
    expect(list.json).toMatchObject({ total: 2 })
    const again = await signIn(world, { grant_type: 'refresh_token', refresh_token: tokens[0]?.refresh_token })
    expect(nameIn(again.token.jwt)).toBe('Zoe')
  })

  it('accepts the client id of a client credential in any case', async () => {
    const world = await openWorld({ users: USERS })
    const grant = { grant_type: 'client_credential', client_id: 'ADMIN', client_secret: 'admin' }
    expect(nameIn((await signIn(world, grant)).token.jwt)).toBe('admin')
  })

  it('treats a name in any case as one user with --auth any', async () => {
    const world = await openWorld({ users: USERS, auth: { mode: 'any' } })
    const subjects = new Set()
    for (const username of ['zoe', 'ZOE', 'Zoe'])
      subjects.add(claimsOf((await signIn(world, { username, password: 'whatever' })).token.jwt).sub)
    expect(subjects.size).toBe(1)
    expect(nameIn((await signIn(world, { username: 'zoe', password: 'x' })).token.jwt)).toBe('Zoe')
    expect(nameIn((await signIn(world, { username: 'Nobody', password: 'x' })).token.jwt)).toBe('Nobody')
  })

  it('refuses a wrong password for a name in another case', async () => {
    const world = await openWorld({ users: USERS })
    refusal(await signIn(world, { username: 'zoe', password: 'PW' }), 401)
  })

  it('issues a token for a name in any case, from the library and from the control API', async () => {
    const world = await openWorld({ users: USERS })
    expect(nameIn(await world.emulator.token({ username: 'ZOE' }))).toBe('Zoe')
    const { jwt } = (await world.control.post('/tokens', { username: 'zoe' })).token
    expect([nameIn(jwt), claimsOf(jwt).cust.groups]).toEqual(['Zoe', ['CCKM Users']])
  })

  it('prefers a user of the domain to one of the configuration', async () => {
    const world = await openWorld({ users: USERS })
    const own = await world.enter('own', { settings: { users: [{ name: 'ZOE', password: 'own' }] } })
    const { token } = await signIn(world, { username: 'zoe', password: 'own', domain: own.name })
    expect([nameIn(token.jwt), claimsOf(token.jwt).cust.groups]).toEqual(['ZOE', []])
  })
})

describe('two users whose names differ only in case', () => {
  const users = [
    { name: 'ci', password: 'a' },
    { name: 'CI', password: 'b' },
  ]

  it('refuses them in the configuration unless their homes differ', () => {
    const problemsOf = (sources: Parameters<typeof readConfig>[0]) => {
      const reading = readConfig(sources)
      return 'problems' in reading ? reading.problems.map(({ message }) => message) : []
    }
    expect(problemsOf({ file: { folder: '/', values: { users } } })).toEqual(['names "CI" twice'])
    expect(problemsOf({ flags: { user: ['ci:a', 'CI:b'] } })).toEqual(['names "CI" twice'])
    expect(problemsOf({ env: { CCKM_EMULATOR_USER: 'ci:a;CI:b' } })).toEqual(['names "CI" twice'])
    const apart = users.map((user, index) => ({ ...user, domain: `t-${index}` }))
    expect(problemsOf({ file: { folder: '/', values: { users: apart } } })).toEqual([])
  })

  it("refuses them in a domain's settings, which then stay unchanged", async () => {
    const { server, control } = await openWorld()
    const made = await server.put('/domains/t-2', { settings: { users } })
    expect([made.status, made.json]).toMatchObject([400, { error: { pointer: '/settings/users' } }])
    expect((await server.get('/domains/t-2')).status).toBe(404)
    const changed = await control.put('/settings', { users })
    expect([changed.status, changed.json]).toMatchObject([400, { error: { pointer: '/users' } }])
    expect((await control.get('/settings')).json).toMatchObject({ users: [] })
  })
})
