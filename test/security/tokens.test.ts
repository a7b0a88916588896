// Forged, foreign or stale tokens get 401, whatever their header says. Expiry, revocation and plain forgeries have
// their own files (docs/explanation/security.md names them).

import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AZURE, claimsOf, refusal, SECRET, start, unsigned, type Running } from '../support/world.ts'

const HS256 = { alg: 'HS256', typ: 'JWT' }

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/**
 * A token with any header and an HMAC with any key. Header and claims may be strings, for values that no object can
 * express.
 */
function hmac(claims: unknown, header: unknown = HS256, key: string | Buffer = SECRET): string {
  const content = `${part(header)}.${part(claims)}`
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`
}

/** Claims that the emulator issued. */
const goodClaims = async ({ emulator }: Running) => claimsOf(await emulator.token())

async function refused(running: Running, token: string): Promise<string> {
  return refusal(await running.as(token).get(AZURE), 401)
}

describe('a token with another algorithm', () => {
  it.each(['pem', 'der', 'jwk'] as const)('is refused if the public key is the shared secret, as %s', async (form) => {
    const running = await start({ auth: { algorithm: 'ES256' } })
    const { json } = await running.anyone.get('/auth/jwks.json')
    const [jwk] = (json as { keys: [JsonWebKey] }).keys
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const secret = {
      pem: key.export({ type: 'spki', format: 'pem' }),
      der: key.export({ type: 'spki', format: 'der' }),
      jwk: JSON.stringify(jwk),
    }[form]
    const message = await refused(running, hmac(await goodClaims(running), HS256, secret))
    expect(message).toBe('Bearer token malformed: signing method HS256 is invalid')
  })

  it.each(['none', 'None', 'NONE', 'nOnE', ' none', 'none\u0000', ''])(
    'is refused with the algorithm %j',
    async (alg) => {
      const running = await start()
      const claims = await goodClaims(running)
      for (const token of [unsigned(claims, { alg }, ''), unsigned(claims, { alg }), hmac(claims, { alg }, '')])
        expect(await refused(running, token)).toMatch(/^Bearer token malformed: /)
    },
  )

  it.each([[['HS256']], [{ toString: 'HS256' }], [null], [256], [true]])(
    'is refused with %j as algorithm',
    async (alg) => {
      const running = await start({ auth: { jwtSecret: SECRET } })
      expect(await refused(running, hmac(await goodClaims(running), { alg }))).toMatch(/signing method .* is invalid$/)
    },
  )

  it('is refused if only the prototype of the header has an algorithm', async () => {
    const running = await start({ auth: { jwtSecret: SECRET } })
    const header = '{"__proto__":{"alg":"HS256"},"typ":"JWT"}'
    expect(await refused(running, hmac(await goodClaims(running), header))).toMatch(/signing method undefined/)
  })
})

describe('a token whose header names a key', () => {
  it.each([
    { kid: '../../../../dev/null' },
    { kid: '/dev/null' },
    { kid: "x' UNION SELECT '' --" },
    { kid: 'jwt-hs256' },
    { jwk: { kty: 'oct', k: '' } },
    { x5c: ['MIIB'] },
    { kid: '__proto__' },
  ])('is not verified with that key: %j', async (more) => {
    const running = await start()
    const claims = await goodClaims(running)
    for (const key of ['', 'own key'])
      expect(await refused(running, hmac(claims, { ...HS256, ...more }, key))).toBe(
        'Bearer token malformed: signature is invalid',
      )
  })

  it("causes no request for the key's address", async () => {
    const asked: unknown[] = []
    const server = createServer((request, response) => {
      asked.push(request.url)
      response.end('{"keys":[]}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
    const running = await start({ auth: { jwtSecret: SECRET } })
    const claims = await goodClaims(running)
    for (const name of ['jku', 'x5u']) {
      await refused(running, hmac(claims, { ...HS256, [name]: address }, 'own key'))
      // A valid signature stays valid: the header only names another source of the key.
      expect((await running.as(hmac(claims, { ...HS256, [name]: address })).get(AZURE)).status).toBe(200)
    }
    expect(asked).toEqual([])
  })

  it('is refused with a critical header, which the emulator does not know', async () => {
    const running = await start({ auth: { jwtSecret: SECRET } })
    const claims = await goodClaims(running)
    for (const crit of [['b64'], ['exp'], ['unheard-of']])
      expect(await refused(running, hmac(claims, { ...HS256, crit, b64: false }))).toMatch(/Critical extension/)
  })
})

describe('a token with malformed claims', () => {
  it.each([
    ['exp as text', { exp: '32503680000' }],
    ['exp with a fraction', { exp: 32_503_680_000.5 }],
    ['a null exp', { exp: null }],
    ['a negative exp', { exp: -1 }],
    ['an nbf in the future', { nbf: 32_503_680_000 }],
    ['nbf as text', { nbf: 'now' }],
    ['iat as text', { iat: 'now' }],
    ['a jwtid that is a number', { jwtid: 5 }],
    ['groups that are a string', { cust: { domain_id: '00000000-0000-0000-0000-000000000000', groups: 'admin' } }],
    ['a domain that is an object', { cust: { domain_id: { toString: 'root' } } }],
    ['a domain named like an inherited property', { cust: { domain_id: '__proto__' } }],
    ['a name that is a list', { preferred_username: ['admin'] }],
  ])('is refused even with a valid signature: %s', async (_what, more) => {
    const running = await start({ auth: { jwtSecret: SECRET } })
    const claims = await goodClaims(running)
    await refused(running, hmac({ ...claims, cust: { ...claims.cust }, ...more }))
  })

  it('is refused with an exp too large for a number', async () => {
    const running = await start({ auth: { jwtSecret: SECRET } })
    const claims = JSON.stringify({ ...(await goodClaims(running)), exp: 0 }).replace('"exp":0', '"exp":1e999')
    expect(await refused(running, hmac(claims))).toMatch(/exp: must be integer/)
  })

  it('is refused in time with claims of thousands of levels or many kilobytes', async () => {
    const running = await start({ auth: { jwtSecret: SECRET } })
    const claims = JSON.stringify(await goodClaims(running))
    const deep = claims.replace(/}$/, `,"x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)
    const large = claims.replace(/}$/, `,"x":"${'a'.repeat(20_000)}"}`)
    for (const text of [deep, large]) {
      expect((await running.as(hmac(text)).get(AZURE)).status).toBe(200)
      expect(await refused(running, hmac(text, HS256, 'own key'))).toMatch(/signature is invalid$/)
    }
  })
})

describe('a token of another emulator or domain', () => {
  it('is refused by an emulator with another secret', async () => {
    const [one, other] = [await start(), await start()]
    expect(await refused(one, await other.emulator.token())).toMatch(/signature is invalid$/)
  })

  it('shows only its own domain, not root', async () => {
    const running = await start()
    const { id } = (await running.admin.post(AZURE, { operation: 'delete-key-backups' })).job
    const stranger = running.as(await running.emulator.token({ domain: 't-1' }))
    expect((await stranger.get(`${AZURE}/${id}`)).status).toBe(404)
    expect((await stranger.post(`${AZURE}/${id}/cancel`)).status).toBe(404)
    expect((await stranger.delete(`${AZURE}/${id}`)).status).toBe(404)
    expect((await running.admin.get(`${AZURE}/${id}`)).job.abort).toBe(false)
  })

  it('stays invalid after its domain was deleted and created again, like its refresh token', async () => {
    const running = await start()
    const { jwt, refresh_token } = (await running.signIn({ username: 'admin', password: 'admin', domain: 't-1' })).token
    await running.emulator.inject({ method: 'DELETE', url: '/__admin/domains/t-1' })
    await running.signIn({ username: 'admin', password: 'admin', domain: 't-1' })
    expect(await refused(running, jwt)).toBe('Invalid token: its domain does not exist')
    refusal(await running.signIn({ grant_type: 'refresh_token', refresh_token }), 401)
  })

  it('stays revoked if the unused bits of its signature change', async () => {
    const running = await start()
    const token = await running.emulator.token()
    await running.as(token).post('/auth/logout')
    const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = ALPHABET.indexOf(token.at(-1) ?? '')
    // 43 characters hold 258 bits, two more than the signature has.
    for (const bits of [1, 2, 3]) {
      const twin = token.slice(0, -1) + (ALPHABET[last ^ bits] ?? '')
      expect(await refused(running, twin)).toMatch(/revoked|signature is invalid|base64url/)
    }
  })
})
