import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { AZURE, claimsOf, refusal, SECRET, signed, start, UUID } from '../support/world.ts'

const ADMIN = { username: 'admin', password: 'admin' }

describe('the claims of a token', () => {
  it("issues tokens with the claims of the vendor's samples, in their order", async () => {
    const { signIn } = await start()
    const claims = claimsOf((await signIn(ADMIN)).token.jwt)
    expect(Object.keys(claims)).toEqual([
      'aud',
      'sub',
      'iss',
      'acc',
      'preferred_username',
      'cust',
      'jwtid',
      'iat',
      'exp',
    ])
    expect(Object.keys(claims.cust)).toEqual(['domain_id', 'groups', 'sid', 'zone_id'])
  })

  it('names user, domain and lifetime in the claims', async () => {
    const { signIn } = await start()
    const claims = claimsOf((await signIn(ADMIN)).token.jwt)
    expect(claims).toMatchObject({ iss: 'kylo', acc: 'kylo', preferred_username: 'admin', exp: claims.iat + 300 })
    expect(claims.cust).toMatchObject({
      domain_id: '00000000-0000-0000-0000-000000000000',
      groups: ['admin'],
      zone_id: '00000000-0000-0000-0000-000000000000',
    })
    for (const id of [claims.aud, claims.jwtid, claims.cust.sid]) expect(id).toMatch(UUID)
    expect(claims.sub).toMatch(/^local\|[0-9a-f-]{36}$/)
    expect(Math.abs(claims.iat - Date.now() / 1000)).toBeLessThan(60)
  })

  it('issues tokens with the header of the samples: HS256, JWT and no kid', async () => {
    const { emulator } = await start()
    expect(decodeProtectedHeader(await emulator.token())).toEqual({ alg: 'HS256', typ: 'JWT' })
  })

  it('issues a new token for the same user at each sign-in', async () => {
    const { signIn } = await start()
    const [a, b] = [claimsOf((await signIn(ADMIN)).token.jwt), claimsOf((await signIn(ADMIN)).token.jwt)]
    expect(a.jwtid).not.toBe(b.jwtid)
    expect(a.sub).toBe(b.sub)
  })

  it('signs a token that another library verifies with the configured secret', async () => {
    const { emulator } = await start({ auth: { jwtSecret: SECRET } })
    const { payload } = await jwtVerify(await emulator.token(), new TextEncoder().encode(SECRET), { issuer: 'kylo' })
    expect(payload.preferred_username).toBe('admin')
  })
})

describe('ES256', () => {
  const es256 = { auth: { algorithm: 'ES256' } } as const

  it('signs tokens that another library verifies with the public keys of jwks.json', async () => {
    const { anyone, emulator } = await start(es256)
    const jwks = (await anyone.get('/auth/jwks.json')).json as JSONWebKeySet
    expect(jwks.keys).toHaveLength(1)
    expect(jwks.keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
    expect(jwks.keys[0]).not.toHaveProperty('d')
    const token = await emulator.token()
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), { issuer: 'kylo' })
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT' })
    expect(payload.exp! - payload.iat!).toBe(300)
  })

  it('accepts its own ES256 tokens', async () => {
    const { admin, signedIn } = await start(es256)
    expect((await admin.get(AZURE)).status).toBe(200)
    expect((await (await signedIn()).get(AZURE)).status).toBe(200)
  })

  it('refuses a token that is signed with the public key as a shared secret', async () => {
    const { anyone, as, emulator } = await start(es256)
    const { keys } = (await anyone.get('/auth/jwks.json')).json as { keys: [JsonWebKey] }
    const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
    const forged = await signed(claimsOf(await emulator.token()), pem)
    expect(refusal(await as(forged).get(AZURE), 401)).toBe('Bearer token malformed: signing method HS256 is invalid')
  })

  it('refuses an ES256 token of another emulator', async () => {
    const [one, other] = [await start(es256), await start(es256)]
    expect(refusal(await one.as(await other.emulator.token()).get(AZURE), 401)).toBe(
      'Bearer token malformed: signature is invalid',
    )
  })
})

it('shows no public keys while tokens are HS256', async () => {
  const { anyone } = await start()
  expect((await anyone.get('/auth/jwks.json')).json).toEqual({ keys: [] })
})
