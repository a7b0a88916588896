import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/index.ts'
import { open } from '../support/raw.ts'
import { AZURE, claimsOf, refusal, start, type Running, type WireToken } from '../support/world.ts'

/** One request as sent over a socket. */
function send(method: string, path: string, body?: object, jwt?: string): string {
  const payload = body === undefined ? '' : JSON.stringify(body)
  const bearer = jwt === undefined ? '' : `Authorization: Bearer ${jwt}\r\n`
  const length = `Content-Type: application/json\r\nContent-Length: ${payload.length}\r\n`
  return `${method} /api/v1${path} HTTP/1.1\r\nHost: cm\r\n${bearer}${length}\r\n${payload}`
}

const post = (path: string, body: object): string => send('POST', path, body)

/** Sends requests in one packet over one socket, and gives their answers. */
async function pipelined(address: Address, requests: readonly string[]): Promise<{ status: number }[]> {
  const socket = open(address)
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.write(requests.join(''))
  const statuses = () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => ({ status: Number(status) }))
  await expect.poll(() => statuses().length).toBe(requests.length)
  return statuses()
}

const ADMIN = { username: 'admin', password: 'admin' }

/** A refresh grant with this token. */
const refresh = ({ signIn }: Running, token: WireToken, more: object = {}) =>
  signIn({ grant_type: 'refresh_token', refresh_token: token.refresh_token, ...more })

/** An emulator and a sign-in to it. */
async function signedIn(wishes: object = {}): Promise<{ running: Running; token: WireToken }> {
  const running = await start()
  const { token } = await running.signIn({ ...ADMIN, ...wishes })
  return { running, token }
}

describe('a refresh', () => {
  it('returns a new JWT and the same refresh token at each refresh', async () => {
    const { running, token } = await signedIn()
    const jwts = new Set([token.jwt])
    for (let turn = 0; turn < 3; turn += 1) {
      const answer = await refresh(running, token)
      expect(answer.status).toBe(200)
      expect(Object.keys(answer.token)).toEqual(Object.keys(token))
      expect(answer.token).toMatchObject({ ...token, jwt: answer.token.jwt })
      jwts.add(answer.token.jwt)
    }
    expect(jwts.size).toBe(4)
  })

  it('keeps user, groups and domain at a refresh', async () => {
    const running = await start({ users: [{ name: 'ci', password: 'pw', groups: ['CCKM Admins'] }] })
    const { token } = await running.signIn({ username: 'ci', password: 'pw', domain: 't-42' })
    const before = claimsOf(token.jwt)
    const after = claimsOf((await refresh(running, token)).token.jwt)
    expect(after.preferred_username).toBe('ci')
    expect(after.sub).toBe(before.sub)
    expect([after.cust.groups, after.cust.domain_id]).toEqual([before.cust.groups, before.cust.domain_id])
  })

  it('returns another refresh token at a renewal and revokes the old one', async () => {
    const { running, token } = await signedIn()
    const renewed = (await refresh(running, token, { renew_refresh_token: true })).token
    expect(renewed.refresh_token).toMatch(/^[A-Za-z0-9]{64}$/)
    expect(renewed.refresh_token).not.toBe(token.refresh_token)
    expect(renewed.refresh_token_id).not.toBe(token.refresh_token_id)
    expect(refusal(await refresh(running, token), 401)).toBe('Invalid token')
    expect((await refresh(running, renewed)).status).toBe(200)
  })

  it('renews a token once for simultaneous renewals', async () => {
    const { running, token } = await signedIn()
    const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(running, token, { renew_refresh_token: true })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401])
  })

  it('renews a token once for four renewals in one packet', async () => {
    const { running, token } = await signedIn()
    const address = await running.emulator.listen()
    const renew = { grant_type: 'refresh_token', refresh_token: token.refresh_token, renew_refresh_token: true }
    const answers = await pipelined(address, Array(4).fill(post('/auth/tokens', renew)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401])
    const list = (await running.admin.get('/auth/tokens?revoked=false')).json
    expect(list).toMatchObject({ total: 1 })
  })

  it('leaves at most one valid token after a renewal and any other call in one packet', async () => {
    const others = [
      ({ refresh_token }: WireToken) => post('/auth/revoke', { token: refresh_token }),
      ({ jwt, refresh_token_id }: WireToken) => send('DELETE', `/auth/tokens/${refresh_token_id}`, undefined, jwt),
      ({ refresh_token }: WireToken) => post('/auth/tokens', { grant_type: 'refresh_token', refresh_token }),
      ({ refresh_token }: WireToken) =>
        post('/auth/tokens', { grant_type: 'refresh_token', refresh_token, domain: 'x' }),
      ({ jwt }: WireToken) => send('POST', '/auth/logout', {}, jwt),
    ]
    const running = await start()
    const address = await running.emulator.listen()
    for (const other of others)
      for (const order of ['first', 'second']) {
        const { token } = await running.signIn(ADMIN)
        const { refresh_token } = token
        const renewal = post('/auth/tokens', { grant_type: 'refresh_token', refresh_token, renew_refresh_token: true })
        const packet = order === 'first' ? [other(token), renewal] : [renewal, other(token)]
        const answers = await pipelined(address, packet)
        const renewed = answers[order === 'first' ? 1 : 0]
        expect([200, 401]).toContain(renewed?.status)
        refusal(await refresh(running, token), 401)
        const { resources } = (await running.admin.get('/auth/tokens?revoked=false')).json as { resources: WireToken[] }
        expect(resources).toHaveLength(renewed?.status === 200 ? 1 : 0)
        for (const { id } of resources as unknown as { id: string }[]) await running.admin.delete(`/auth/tokens/${id}`)
      }
  })

  it('refuses a refresh after a revocation in the same packet', async () => {
    const { running, token } = await signedIn()
    const address = await running.emulator.listen()
    const use = post('/auth/tokens', { grant_type: 'refresh_token', refresh_token: token.refresh_token })
    await pipelined(address, [use, post('/auth/revoke', { token: token.refresh_token }), use])
    refusal(await refresh(running, token), 401)
  })

  it.each(['', 'x'.repeat(64), '__proto__', '\u0000', '🔑'])('refuses %j, which was never issued', async (value) => {
    const { signIn } = await start()
    const answer = await signIn({ grant_type: 'refresh_token', refresh_token: value })
    if (value === '') expect(refusal(answer, 400)).toContain('refresh_token: is required')
    else expect(refusal(answer, 401)).toBe('Invalid token')
  })

  it('refuses a JWT as a refresh token', async () => {
    const { running, token } = await signedIn()
    refusal(await running.signIn({ grant_type: 'refresh_token', refresh_token: token.jwt }), 401)
  })
})

describe('a refresh token used for another domain', () => {
  it('refuses and revokes a refresh token that names another domain', async () => {
    const { running, token } = await signedIn()
    await running.signIn({ ...ADMIN, domain: 't-42' })
    expect(refusal(await refresh(running, token, { domain: 't-42' }), 401)).toBe('Invalid token')
    expect(refusal(await refresh(running, token), 401)).toBe('Invalid token')
  })

  it('revokes it for a domain that does not exist, and creates none', async () => {
    const { running, token } = await signedIn()
    refusal(await refresh(running, token, { domain: 't-43' }), 401)
    refusal(await refresh(running, token), 401)
    expect((await running.signIn({ ...ADMIN, domain: 't-43' })).domain).toBe('t-43; new')
  })

  it('accepts a refresh token that names its own domain by name or id', async () => {
    const running = await start()
    const { token } = await running.signIn({ ...ADMIN, domain: 't-42' })
    const id = claimsOf(token.jwt).cust.domain_id
    for (const domain of ['t-42', 'T-42', id]) expect((await refresh(running, token, { domain })).status).toBe(200)
    expect((await refresh(running, token)).domain).toBe('t-42')
  })
})

describe('lifetime of a refresh token', () => {
  // In minutes, and fractions are allowed: a lifetime this short ends before the response arrives.
  const INSTANT = 0.000_000_1

  it('expires a refresh token after its lifetime', async () => {
    const { running, token } = await signedIn({ refresh_token_lifetime: INSTANT })
    expect(token.refresh_token_expires_in).toBeLessThanOrEqual(0)
    expect(refusal(await refresh(running, token), 401)).toBe('Invalid token')
  })

  it('expires an unused refresh token', async () => {
    const { running, token } = await signedIn({ refresh_token_revoke_unused_in: INSTANT })
    expect(token).not.toHaveProperty('refresh_token_expires_in')
    refusal(await refresh(running, token), 401)
  })

  it('stays valid while it is used, and renewal does not extend its lifetime', async () => {
    const { running, token } = await signedIn({ refresh_token_lifetime: 30, refresh_token_revoke_unused_in: 5 })
    const renewed = (await refresh(running, token, { renew_refresh_token: true })).token
    expect(renewed.refresh_token_expires_in).toBeLessThanOrEqual(token.refresh_token_expires_in!)
    expect((await refresh(running, renewed)).status).toBe(200)
  })

  it('stays valid after the JWT issued with it expires', async () => {
    const { running, token } = await signedIn()
    await running.as(token.jwt).post('/auth/logout')
    const { jwt } = (await refresh(running, token)).token
    expect((await running.as(jwt).get(AZURE)).status).toBe(200)
  })
})
