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

  it("takes the documentation's own token, so that its curl line works", async () => {
    const { as } = await begin()
    expect((await as(DOCUMENTED_TOKEN).post(JOB)).job.id).toBe(DOCUMENTED_AZURE_ID)
  })

  it('believes what the token says of the user, and takes an unknown domain for root', async () => {
    const { as } = await begin()
    const cust = { domain_id: 'none', groups: ['CCKM Admins'] }
    const answer = await as(unsigned({ preferred_username: 'eve', cust })).get('/auth/self/user')
    expect(answer.json).toMatchObject({ username: 'eve', groups: ['CCKM Admins'], domain: { name: 'root' } })
  })

  it('takes a token that says nothing at all for admin', async () => {
    const { as } = await begin()
    expect((await as(unsigned({})).get(JOB)).status).toBe(200)
  })

  it('keeps to the domain of a token', async () => {
    const { signedIn } = await begin()
    expect((await (await signedIn({ username: 'admin', password: 'admin', domain: 't-42' })).get(JOB)).status).toBe(404)
  })

  it('still wants a well-formed token', async () => {
    const { anyone, as } = await begin()
    expect(refusal(await anyone.get(JOB), 401)).toBe('Bearer token missing')
    expect(refusal(await as('AUTHTOKEN').get(JOB), 401)).toMatch(/number of segments/)
    expect(refusal(await as(unsigned({ cust: { groups: 5 } })).get(JOB), 401)).toMatch(/cust.groups/)
  })

  it('lets anybody sign in with any password', async () => {
    const { signIn, as } = await begin()
    const { status, token } = await signIn({ username: 'nobody', password: 'anything' })
    expect(status).toBe(200)
    expect((await as(token.jwt).get(JOB)).status).toBe(200)
  })

  it('lets a token log out whose claims are odd or missing', async () => {
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

  it('wants no token, and makes whoever comes admin of the root domain', async () => {
    const { anyone } = await begin()
    expect((await anyone.get(JOB)).status).toBe(200)
    expect((await anyone.post(AZURE, { operation: 'delete-key-backups' })).status).toBe(201)
    expect((await anyone.get('/auth/self/user')).json).toMatchObject({ username: 'admin', groups: ['admin'] })
  })

  it.each(['AUTHTOKEN', 'a.b.c', '..', DOCUMENTED_TOKEN])('does not mind the token %j', async (token) => {
    const { as } = await begin()
    expect((await as(token).get(JOB)).status).toBe(200)
  })

  it('still lets a token choose the domain', async () => {
    const { signedIn } = await begin()
    expect((await (await signedIn({ username: 'admin', password: 'admin', domain: 't-42' })).get(JOB)).status).toBe(404)
  })

  it('logs out whoever never signed in', async () => {
    const { anyone } = await begin()
    expect((await anyone.post('/auth/logout')).status).toBe(204)
  })
})
