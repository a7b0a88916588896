// Access to the control API: not from pages of other sites, not under an unknown host name, and if locked only with the
// token.

import { describe, expect, it } from 'vitest'
import { enable, JOBS, start } from './enter.ts'

describe('the guard', () => {
  it.each([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page on another port', { origin: 'http://localhost:3000' }],
    ['a page without an origin', { origin: 'null' }],
    ['a request that a browser marks as cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a rebound name', { host: 'evil.example:7443' }],
    ['another machine’s address', { host: '192.0.2.7:7443' }],
  ])('refuses %s', async (_case, headers) => {
    const { admin } = await start()
    const { status, json, headers: sent } = await admin('POST', '/reset', {}, headers)
    expect([status, json.error, sent['access-control-allow-origin']]).toMatchObject([
      403,
      { code: 'forbidden' },
      undefined,
    ])
  })

  it.each([
    { host: 'localhost:7443' },
    { host: '127.0.0.1:7443' },
    { host: '127.8.9.1' },
    { host: '[::1]:7443' },
    { host: 'cm.localhost' },
    { host: 'localhost:7443', origin: 'http://localhost:7443', 'sec-fetch-site': 'same-origin' },
    { host: 'localhost:7443', 'sec-fetch-site': 'none' },
  ])('accepts %j', async (headers) => {
    const { admin } = await start()
    expect((await admin('GET', '/info', undefined, headers)).status).toBe(200)
  })

  it('accepts names of private networks if it listens on more than loopback, and names the flag for other names', async () => {
    const { admin } = await start({ host: '0.0.0.0', allowHost: 'cm.example.com' })
    const statusOf = async (host: string) => (await admin('GET', '/info', undefined, { host })).status
    const hosts = ['10.0.0.7:7443', '[fd00::7]:7443', 'emulator:7443', 'a.local', 'a.internal', 'a.test']
    const known = [...hosts, 'cm.ns.svc.cluster.local', 'CM.example.com:7443', 'localhost']
    expect(await Promise.all(known.map(statusOf))).toEqual(known.map(() => 200))
    const refused = await admin('GET', '/info', undefined, { host: 'evil.example.com' })
    expect([refused.status, refused.headers['x-emulator-hint']]).toEqual([
      403,
      'start with --allow-host evil.example.com',
    ])
  })

  it('does not check requests to the vendor’s API and health', async () => {
    const { call } = await start({ adminToken: 'secret' })
    const headers = { origin: 'https://evil.example', host: 'evil.example' }
    expect((await call('GET', '/healthz', undefined, headers)).status).toBe(200)
    expect((await call('GET', `/api/v1${JOBS}`, undefined, headers)).status).toBe(401)
  })
})

describe('with --admin-token', () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  it('requires the admin token for every call', async () => {
    const { admin, emulator } = await start({ adminToken: 'secret' })
    const none = await admin('GET', '/info')
    expect([none.status, none.json.error]).toMatchObject([401, { code: 'unauthorized' }])
    expect(String(none.headers['x-emulator-hint'])).toContain('--admin-token')
    const wrong = await admin('GET', '/info', undefined, bearer('secre'))
    expect([wrong.status, wrong.json.error]).toMatchObject([401, { message: 'the admin token is wrong' }])
    expect(wrong.body).not.toContain('secre')
    expect((await admin('GET', '/info', undefined, bearer('secret'))).status).toBe(200)
    expect((await emulator.domain('t-1').clock.read()).mode).toBe('frozen')
  })

  it('accepts a token of CM for the domain that its user administers, and for nothing else', async () => {
    const { admin, emulator } = await start({ adminToken: 'secret' })
    const own = bearer(await emulator.token({ domain: 't-1' }))
    const stranger = bearer(await emulator.token({ domain: 't-1', groups: ['CCKM Users'] }))
    await emulator.domain('t-2').access()
    const statusOf = async (path: string, headers: object) => (await admin('GET', path, undefined, headers)).status
    const paths = ['/domains/t-1/clock', '/domains/T-1/jobs', '/domains/t-2/clock', '/clock', '/domains', '/info']
    expect(await Promise.all(paths.map((path) => statusOf(path, own)))).toEqual([200, 200, 401, 401, 401, 401])
    expect(await statusOf('/domains/t-1/clock', stranger)).toBe(401)
    const expired = bearer(await emulator.token({ domain: 't-1', kind: 'expired' }))
    expect(await statusOf('/domains/t-1/clock', expired)).toBe(401)
    const root = bearer(await emulator.token())
    expect(await Promise.all(['/clock', '/domains'].map((path) => statusOf(path, root)))).toEqual([200, 401])
  })
})

describe('with --no-admin', () => {
  it('has no control API, and ignores the scenario header', async () => {
    const { call, client, emulator } = await start({ admin: false })
    expect((await call('GET', '/__admin/info')).status).toBe(404)
    expect((await call('PUT', '/__admin/domains/t-1')).status).toBe(404)
    const use = client(await emulator.token())
    const created = await use('POST', JOBS, enable('k1'), { 'x-emulator-scenario': 'no such scenario' })
    expect(created.status).toBe(201)
  })
})
