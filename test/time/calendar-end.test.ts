// The calendar ends with the last new year whose instants are exact numbers: no instant is past it, and no request gets
// a 500.

import { SignJWT, decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { claimsOf, moveableCalendar } from '../support/calendar.ts'
import { SECRET } from '../support/world.ts'
import { temporaryFolder } from '../store/backends.ts'
import { AWS, enable, openWorld } from '../support/world.ts'

const END = '2255-01-01T00:00:00Z'
const LAST_YEAR = '2254-06-01T00:00:00Z'

describe('a running clock at the end of the calendar', () => {
  it('stops', async () => {
    const { handle, vendor } = await openWorld({ clock: 'running@2254-12-31T23:59:59.99Z', rate: 1_000_000 })
    await expect.poll(async () => (await handle.clock.read()).now).toBe(END)
    expect((await handle.clock.read()).now).toBe(END)
    expect((await vendor.get(AWS)).status).toBe(200)
    expect((await handle.clock.advance('0s')).now).toBe(END)
    await handle.clock.set({ mode: 'running', rate: 60 })
    expect((await handle.clock.read()).now).toBe(END)
  })

  it("stops even if the machine's year is later", async () => {
    const calendar = moveableCalendar()
    calendar.step(Date.parse('9999-12-31T00:00:00Z') - Date.now())
    const { handle, vendor, access } = await openWorld({ clock: 'running' })
    expect((await handle.clock.read()).now).toBe(END)
    expect(claimsOf(access.jwt).exp).toBeLessThanOrEqual(Date.parse(END) / 1000)
    expect((await vendor.post(AWS, enable('k'))).status).toBeLessThan(500)
  })

  it('stays there after a restart', async () => {
    const calendar = moveableCalendar()
    using folder = temporaryFolder()
    const data = folder.path
    await (await createEmulator({ seed: 'none', clock: 'running', data, rate: 1_000_000 })).close()
    calendar.step(365 * 86_400_000)
    const emulator = await createEmulator({ seed: 'none', data })
    expect((await emulator.domain('root').clock.read()).now).toBe(END)
    await emulator.close()
  })
})

describe('instants past the end of the calendar', () => {
  it.each([
    ['POST', '/clock/advance', { by: '300d' }],
    ['POST', '/clock/advance', { by: '104000d' }],
    ['POST', '/clock/advance', { by: '999999d' }],
    ['POST', '/clock/advance', { to: '2255-01-01T00:00:00.000001Z' }],
    ['PUT', '/clock', { now: '2255-01-01T00:00:00.000001Z' }],
    ['PUT', '/clock', { now: '9999-12-31T23:59:59Z' }],
    ['PUT', '/clock', { rate: 1e300 }],
    ['POST', '/faults', { do: { virtualDelay: '300d' } }],
    ['POST', '/faults', { do: { delay: '999999d' } }],
    ['POST', '/tokens', { ttl: '90000d' }],
    ['POST', '/jobs', { family: 'aws.bulkjob', request: enable('k'), scenario: { after: '300d' } }],
    [
      'POST',
      '/jobs',
      { family: 'aws.bulkjob', request: enable('k'), scenario: { signal: 'x', items: [{ every: 1, at: '300d' }] } },
    ],
    ['POST', '/jobs', { family: 'aws.bulkjob', request: enable('k'), createdAt: '2255-01-01T00:00:01Z' }],
    ['POST', '/jobs', { family: 'aws.bulkjob', request: enable('k'), createdAt: '1684-01-01T00:00:00Z' }],
    ['POST', '/seed', { jobs: [{ family: 'aws.bulkjob', request: enable('k'), scenario: { after: '300d' } }] }],
    ['GET', '/jobs?at=2255-01-01T00:00:01Z', undefined],
  ])('are refused in %s %s %j', async (method, path, body) => {
    const { control } = await openWorld({ clock: `frozen@${LAST_YEAR}` })
    const { status, text } = await control.request(method, path, { ...(body !== undefined && { body }) })
    expect([status, text]).toEqual([400, expect.stringMatching(/2255|duration|number|<=|1000000/)])
  })

  it('are refused in a create and a cancel of a client', async () => {
    const { vendor, handle } = await openWorld({ clock: `frozen@${LAST_YEAR}` })
    await handle.scenario('late', { after: '300d' })
    await handle.scenario('late-cancel', { never: true, cancel: { effective: '300d' } })
    const late = await vendor.post(AWS, enable('k'), { 'x-emulator-scenario': 'late' })
    expect([late.status, late.text]).toEqual([400, expect.stringContaining('2255')])
    expect(((await vendor.get(AWS)).json as { total: number }).total).toBe(0)
    const { id } = (await vendor.post(AWS, enable('k'), { 'x-emulator-scenario': 'late-cancel' })).json as {
      id: string
    }
    expect((await vendor.post(`${AWS}/${id}/cancel`)).status).toBe(400)
    expect((await vendor.get(`${AWS}/${id}`)).json).toMatchObject({ abort: false })
  })

  it.each([
    [{ clock: 'frozen@2255-01-01T00:00:01Z' }, 'is too early, or after 2255-01-01T00:00:00Z'],
    [{ clock: 'running@9999-01-01T00:00:00Z' }, 'is too early, or after 2255-01-01T00:00:00Z'],
    [{ clock: 'frozen@1500-01-01T00:00:00Z' }, 'is too early, or after 2255-01-01T00:00:00Z'],
    [{ auth: { tokenTtl: '999999d' } }, 'is not a duration'],
    [{ domainTtl: '999999d' }, 'is not a duration'],
  ])('are refused in the configuration, in one line: %j', async (options, message) => {
    const refusal = await createEmulator(options as object).then(
      () => 'it started',
      (error: unknown) => (error as Error).message,
    )
    expect(refusal).toContain(message)
    expect(refusal.split('\n')).toHaveLength(1)
  })
})

describe('virtual delays at the end of the calendar', () => {
  it('stop the clock there if the fault was set earlier', async () => {
    const { handle, vendor } = await openWorld({ clock: `frozen@${LAST_YEAR}` })
    await handle.fault({ do: { virtualDelay: '150d' } })
    for (let calls = 0; calls < 3; calls += 1) expect((await vendor.get(AWS)).status).toBe(200)
    expect((await handle.clock.read()).now).toBe(END)
  })
})

it('expires tokens at the end of the calendar, and can revoke them', async () => {
  const { anyone, as } = await openWorld({ clock: 'frozen@2254-12-31T23:59:00Z', settings: { tokenClock: 'domain' } })
  const user = { username: 'admin', password: 'admin', domain: 't-1' }
  const { jwt } = (await anyone.post('/auth/tokens', user)).json as { jwt: string }
  expect(claimsOf(jwt).exp).toBe(Date.parse(END) / 1000)
  expect((await as(jwt).get(AWS)).status).toBe(200)
  expect((await anyone.post('/auth/revoke', { token: jwt })).status).toBe(204)
  expect((await as(jwt).get(AWS)).status).toBe(401)
})

it.each([
  [1e12, 200],
  [1e300, 401],
  [4_000_000_000.1234567, 401],
])('answers a token whose exp is %d with %d, and revokes it without a 500', async (exp, status) => {
  const { as, anyone, access } = await openWorld({ auth: { jwtSecret: SECRET } })
  const jwt = await new SignJWT({ ...decodeJwt(access.jwt), exp })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(SECRET))
  expect((await as(jwt).get(AWS)).status).toBe(status)
  await anyone.post('/auth/revoke', { token: jwt })
  expect((await as(jwt).get(AWS)).status).toBe(401)
})
