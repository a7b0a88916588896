import { expect, it } from 'vitest'
import { AZURE, claimsOf, refusal, SECRET, signed, start, unsigned, type Running } from '../support/world.ts'

const COMPLETE = {
  sub: 'local|5b9a3c1e-0000-4000-8000-000000000000',
  iss: 'kylo',
  acc: 'kylo',
  preferred_username: 'admin',
  cust: {
    domain_id: '00000000-0000-0000-0000-000000000000',
    groups: ['admin'],
    sid: 'a9aff6dc-a7cc-46bb-8ba5-0879ebdde105',
    zone_id: '00000000-0000-0000-0000-000000000000',
  },
  jwtid: 'd706508b-9eaf-4442-80f8-c850680e9e2d',
  iat: 1_603_104_084,
  exp: 32_503_680_000,
}

const without = (claim: keyof typeof COMPLETE): Record<string, unknown> =>
  Object.fromEntries(Object.entries(COMPLETE).filter(([name]) => name !== claim))

/** The error message for a request with this Authorization header, or with none. */
async function refused({ anyone }: Running, authorization?: string): Promise<string> {
  const answer = await anyone.get(AZURE, authorization === undefined ? {} : { authorization })
  expect(answer.hint).toMatch(/sign in/)
  return refusal(answer, 401)
}

it('accepts a token that was signed elsewhere with the same secret', async () => {
  const { as } = await start({ auth: { jwtSecret: SECRET } })
  expect((await as(await signed(COMPLETE)).get(AZURE)).status).toBe(200)
})

it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YWRtaW46YWRtaW4=', 'Bearer two words'])(
  'finds no token in the Authorization header %j',
  async (authorization) => {
    expect(await refused(await start(), authorization)).toBe('Bearer token missing')
  },
)

it.each([
  ['one part', 'abc', 'token contains an invalid number of segments (1, not 3)'],
  ['four parts', 'a.b.c.d', 'token contains an invalid number of segments (4, not 3)'],
  ['no JSON', 'a.b.c', 'its parts are not base64url JSON'],
  ['no base64url', '!!.??.!!', 'its parts are not base64url JSON'],
  ['empty parts', '..', 'its parts are not base64url JSON'],
  ['claims that are null', unsigned(null), 'its parts are not base64url JSON'],
  ['claims that are a number', unsigned(5), 'its parts are not base64url JSON'],
  ['claims of another type', unsigned({ ...COMPLETE, cust: 'root' }), 'Validation errors:\ncust: must be object'],
])('refuses a malformed token: %s', async (_what, token, reason) => {
  expect(await refused(await start(), `Bearer ${token}`)).toBe(`Bearer token malformed: ${reason}`)
})

it('refuses a token that is signed with another secret', async () => {
  const running = await start({ auth: { jwtSecret: SECRET } })
  const token = await signed(COMPLETE, 'another secret of thirty-two char')
  expect(await refused(running, `Bearer ${token}`)).toBe('Bearer token malformed: signature is invalid')
})

it('refuses a token whose claims were changed after it was signed', async () => {
  const running = await start()
  const [header = '', , signature = ''] = (await running.emulator.token()).split('.')
  const forged = [header, unsigned(COMPLETE).split('.')[1], signature].join('.')
  expect(await refused(running, `Bearer ${forged}`)).toBe('Bearer token malformed: signature is invalid')
})

it.each(['none', 'None', 'NONE'])('refuses the algorithm %s, with or without a signature', async (alg) => {
  const running = await start()
  const message = "Bearer token malformed: 'none' signature type is not allowed"
  expect(await refused(running, `Bearer ${unsigned(COMPLETE, { alg, typ: 'JWT' }, '')}`)).toBe(message)
  expect(await refused(running, `Bearer ${unsigned(COMPLETE, { alg, typ: 'JWT' })}`)).toBe(message)
})

it.each(['ES256', 'RS256', 'HS512', 'hs256', ''])('refuses the algorithm %j where tokens are HS256', async (alg) => {
  const token = unsigned(COMPLETE, { alg, typ: 'JWT' })
  expect(await refused(await start(), `Bearer ${token}`)).toBe(
    `Bearer token malformed: signing method ${alg} is invalid`,
  )
})

it('refuses an issuer that is not kylo', async () => {
  const running = await start({ auth: { jwtSecret: SECRET } })
  const token = await signed({ ...COMPLETE, iss: 'somebody' })
  expect(await refused(running, `Bearer ${token}`)).toBe(
    'Bearer token malformed: issuer is invalid: "somebody", not "kylo"',
  )
})

it.each(['iss', 'exp', 'iat', 'jwtid', 'cust'] as const)(
  'refuses a token without %s and names the claim',
  async (claim) => {
    const running = await start({ auth: { jwtSecret: SECRET } })
    const message = await refused(running, `Bearer ${await signed(without(claim))}`)
    expect(message).toMatch(/^Bearer token malformed: /)
    expect(message).toContain(claim)
  },
)

it('refuses a token that names no domain', async () => {
  const running = await start({ auth: { jwtSecret: SECRET } })
  const token = await signed({ ...COMPLETE, cust: { groups: ['admin'] } })
  expect(await refused(running, `Bearer ${token}`)).toBe('Bearer token malformed: cust.domain_id is missing')
})

it('refuses a token of a domain that does not exist', async () => {
  const running = await start({ auth: { jwtSecret: SECRET } })
  const cust = { ...COMPLETE.cust, domain_id: '11111111-0000-4000-8000-000000000000' }
  expect(await refused(running, `Bearer ${await signed({ ...COMPLETE, cust })}`)).toBe(
    'Invalid token: its domain does not exist',
  )
})

it('refuses a token that was revoked', async () => {
  const running = await start()
  const token = await running.emulator.token()
  await running.as(token).post('/auth/logout')
  expect(await refused(running, `Bearer ${token}`)).toBe('Token has been revoked')
})

it('checks the token before the rest of a request', async () => {
  const { anyone } = await start()
  for (const path of [AZURE, `${AZURE}/nobody`, '/auth/tokens', '/auth/self/user', '/system/info'])
    refusal(await anyone.get(path), 401)
  refusal(await anyone.post(AZURE, '{ not json', { 'content-type': 'application/json' }), 401)
})

it('accepts the word Bearer in any case', async () => {
  const { anyone, emulator } = await start()
  const token = await emulator.token()
  expect(claimsOf(token).iss).toBe('kylo')
  for (const word of ['Bearer', 'bearer', 'BEARER'])
    expect((await anyone.get(AZURE, { authorization: `${word} ${token}` })).status).toBe(200)
})
