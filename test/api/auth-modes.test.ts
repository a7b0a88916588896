import { describe, expect, it } from 'vitest'
import {
  AZURE,
  DOCUMENTED_AZURE_ID,
  DOCUMENTED_SEED,
  refusal,
  start,
  unsigned,
  type Running,
} from '../support/world.ts'
import { DOCUMENTED_TOKEN } from '../support/documented-token.ts'

const JOB = `${AZURE}/${DOCUMENTED_AZURE_ID}`

describe('--auth any', () => {
  const begin = (): Promise<Running> => start({ auth: { mode: 'any' }, seed: DOCUMENTED_SEED })

  it("accepts the documentation's own token, so that its curl line works", async () => {
    const { as } = await begin()
    expect((await as(DOCUMENTED_TOKEN).post(JOB)).job.id).toBe(DOCUMENTED_AZURE_ID)
  })

  it('trusts the user in an unverified token, and uses root for an unknown domain', async () => {
    const { as } = await begin()
    const cust = { domain_id: 'none', groups: ['CCKM Admins'] }
    const answer = await as(unsigned({ preferred_username: 'eve', cust })).get('/auth/self/user')
    expect(answer.json).toMatchObject({ username: 'eve', groups: ['CCKM Admins'], domain: { name: 'root' } })
  })

  it("treats a token without claims as admin's", async () => {
    const { as } = await begin()
    expect((await as(unsigned({})).get(JOB)).status).toBe(200)
  })

  it('uses the domain that an unverified token names', async () => {
    const { signedIn } = await begin()
    expect((await (await signedIn({ username: 'admin', password: 'admin', domain: 't-42' })).get(JOB)).status).toBe(404)
  })

  it('refuses a malformed token with --auth any', async () => {
    const { anyone, as } = await begin()
    expect(refusal(await anyone.get(JOB), 401)).toBe('Bearer token missing')
    expect(refusal(await as('AUTHTOKEN').get(JOB), 401)).toMatch(/number of segments/)
    expect(refusal(await as(unsigned({ cust: { groups: 5 } })).get(JOB), 401)).toMatch(/cust.groups/)
  })

  it('signs any user in with any password', async () => {
    const { signIn, as } = await begin()
    const { status, token } = await signIn({ username: 'nobody', password: 'anything' })
    expect(status).toBe(200)
    expect((await as(token.jwt).get(JOB)).status).toBe(200)
  })

  it('logs out a token with odd or missing claims', async () => {
    const { as } = await begin()
    for (const claims of [{}, { jwtid: 'x' }, { exp: 5 }])
      expect((await as(unsigned(claims)).post('/auth/logout')).status).toBe(204)
    for (const claims of [
      { jwtid: {}, exp: 1 },
      { jwtid: 'x', exp: 'y' },
      { jwtid: 'x', exp: 1e300 },
    ])
      refusal(await as(unsigned(claims)).post('/auth/logout'), 401)
  })
})

describe('--auth off', () => {
  const begin = (): Promise<Running> => start({ auth: { mode: 'off' }, seed: DOCUMENTED_SEED })

  it('treats a client without a token as admin of the root domain', async () => {
    const { anyone } = await begin()
    expect((await anyone.get(JOB)).status).toBe(200)
    expect((await anyone.post(AZURE, { operation: 'delete-key-backups' })).status).toBe(201)
    expect((await anyone.get('/auth/self/user')).json).toMatchObject({ username: 'admin', groups: ['admin'] })
  })

  it.each(['AUTHTOKEN', 'a.b.c', '..', DOCUMENTED_TOKEN])(
    'accepts any Authorization, such as the token %j',
    async (token) => {
      const { as } = await begin()
      expect((await as(token).get(JOB)).status).toBe(200)
    },
  )

  it('uses the domain that a token names with --auth off', async () => {
    const { signedIn } = await begin()
    expect((await (await signedIn({ username: 'admin', password: 'admin', domain: 't-42' })).get(JOB)).status).toBe(404)
  })

  it('logs out a client that never signed in', async () => {
    const { anyone } = await begin()
    expect((await anyone.post('/auth/logout')).status).toBe(204)
  })
})
