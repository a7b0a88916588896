import { describe, expect, it } from 'vitest'
import { AZURE, SECRET, signed, TOKENS } from '../support/world.ts'
import { CREATE, fields, holding, like, NUMBER, startWorld, times } from './support.ts'

describe('the journal', () => {
  it('records each request of the domain with its details, without secrets', async () => {
    const { world, client, job } = await startWorld()
    const path = await job()
    await client.get(`${path}?token=abc&skip=1&skip=2&a=`)
    const [request, ...others] = await world.requests()
    expect(others).toEqual([])
    expect(request).toEqual({
      at: '2026-01-01T00:00:00Z',
      id: like(/^[\w-]+$/),
      realAt: like(/^\d{4}-.*Z$/),
      operation: 'azure.bulkjobs.get',
      method: 'GET',
      path: `/api/v1${path}`,
      query: { token: '[redacted]', skip: ['1', '2'], a: '' },
      headers: fields({ authorization: 'Bearer [redacted]' }),
      body: null,
      status: 200,
      durationMs: NUMBER,
      job: path.split('/').at(-1),
    })
  })

  it('records bodies without their secrets', async () => {
    const { world, client, signIn } = await startWorld()
    const created = await client.post(AZURE, { ...CREATE, note: 'eyJhbGciOiJ9.eyJzdWIi.c2ln' })
    const credentials = { username: 'admin', password: 'admin', domain: 't-1' }
    const { refresh_token, jwt } = (await signIn(credentials, { cookie: 'a=b' })).token
    await signIn({ grant_type: 'refresh_token', refresh_token, renew_refresh_token: true })
    await client.post('/auth/revoke', { token: jwt })
    const requests = await world.requests()
    expect(requests.map(({ body }) => body)).toEqual([
      { ...CREATE, note: '[redacted]' },
      { ...credentials, password: '[redacted]' },
      { grant_type: 'refresh_token', refresh_token: '[redacted]', renew_refresh_token: true },
      { token: '[redacted]' },
    ])
    expect(requests[0]?.job).toBe(created.job.id)
    expect(requests[1]?.headers.cookie).toBe('[redacted]')
    for (const secret of [jwt, refresh_token]) expect(JSON.stringify(requests)).not.toContain(secret)
  })

  it('records no body past 16 KiB and says so', async () => {
    const { world, client } = await startWorld()
    await client.post(AZURE, { ...CREATE, note: 'x'.repeat(17_000) })
    const [request] = await world.requests()
    expect(request).toMatchObject({ status: 201, body: null, bodyOmitted: holding('16 KiB') })
  })

  it('records refused requests in the domain that they named', async () => {
    const { world, emulator, as, anyone, client, signIn } = await startWorld({ auth: { jwtSecret: SECRET } })
    const root = emulator.domain('root')
    await client.get('/cckm/gcp/keys')
    await client.send('PUT', `/api/v1${AZURE}`)
    await as(await world.token({ kind: 'expired' })).get(AZURE)
    await as(await world.token({ kind: 'revoked' })).get(AZURE)
    await signIn({ username: 'admin', password: 'wrong', domain: 't-1' })
    expect((await world.requests()).map(({ operation, status }) => [operation, status])).toEqual([
      ['unknown', 501],
      ['unknown', 405],
      ['azure.bulkjobs.list', 401],
      ['azure.bulkjobs.list', 401],
      ['auth.tokens.create', 401],
    ])
    await as(await world.token({ kind: 'wrong-key' })).get(AZURE)
    await as(await signed({ cust: {}, iss: 'kylo', jwtid: 'a', iat: 1, exp: 2 })).get(AZURE)
    await anyone.get(AZURE)
    await anyone.send('GET', '/favicon.ico')
    await anyone.send('GET', '/%E0%A4%A')
    await signIn({ username: 'admin', password: 'wrong' })
    await anyone.post(TOKENS, '{', { 'content-type': 'application/json' })
    expect((await root.requests()).map(({ status }) => status)).toEqual([401, 401, 401, 404, 404, 401, 400])
  })

  it('uses unverified claims to find the domain with --auth any', async () => {
    const { world, emulator, as, anyone } = await startWorld({ auth: { mode: 'any' } })
    await as(await world.token({ kind: 'wrong-key' })).get('/cckm/none')
    await as('nonsense').get('/cckm/none')
    await anyone.get(AZURE)
    expect((await world.requests()).map(({ status }) => status)).toEqual([501])
    expect((await emulator.domain('root').requests()).map(({ status }) => status)).toEqual([501, 401])
  })

  it('records the sign-in that creates a domain in that domain', async () => {
    const { emulator, signIn } = await startWorld()
    await signIn({ username: 'admin', password: 'admin', domain: 'fresh' })
    expect(await emulator.domain('fresh').requests()).toEqual([
      expect.objectContaining({ operation: 'auth.tokens.create', status: 200 }),
    ])
    expect(await emulator.domain('root').requests()).toEqual([])
  })

  it("never records the emulator's own paths", async () => {
    const { emulator, anyone } = await startWorld()
    for (const path of [
      '/healthz',
      '/readyz',
      '/openapi.json',
      '/docs',
      '/docs/none',
      '/__admin/info',
      '/__admin/none',
    ])
      await anyone.send('GET', path)
    await anyone.send('PUT', '/healthz')
    expect(await emulator.domain('root').requests()).toEqual([])
  })

  it('keeps the newest thousand requests', async () => {
    const { world, client } = await startWorld()
    await times(1150, (index) => client.get(`${AZURE}?skip=${index}`))
    const requests = await world.requests()
    expect(requests).toHaveLength(1000)
    expect(requests[0]?.query).toEqual({ skip: '150' })
    expect((await world.requests({ limit: 2 })).map(({ query }) => query.skip)).toEqual(['1148', '1149'])
  })

  it('records headers up to 8 KiB and says so', async () => {
    const { world, client } = await startWorld()
    await client.get(AZURE, { 'x-short': 'a', 'x-long': 'x'.repeat(9000), 'x-later': 'b' })
    const [request] = await world.requests()
    expect(request).toMatchObject({
      headers: { 'x-short': 'a', 'x-later': 'b' },
      headersOmitted: holding('9006 characters'),
    })
    expect(request?.headers).not.toHaveProperty('x-long')
  })

  it('filters by every field', async () => {
    const { world, client, job } = await startWorld()
    const path = await job()
    await client.get(path)
    await world.clock.advance('10s')
    await client.get(AZURE)
    await client.post(`${path}/cancel`)
    const count = async (filter: object): Promise<number> => (await world.countRequests(filter)).count
    expect(await count({})).toBe(3)
    expect(await count({ operation: 'azure.*' })).toBe(3)
    expect(await count({ operation: 'azure.bulkjobs.get' })).toBe(1)
    expect(await count({ method: 'post' })).toBe(1)
    expect(await count({ path: '*/cancel' })).toBe(1)
    expect(await count({ job: path.split('/').at(-1) })).toBe(2)
    expect(await count({ status: 200 })).toBe(3)
    expect(await count({ since: '2026-01-01T00:00:10Z' })).toBe(2)
    await expect(count({ status: 2000 })).rejects.toMatchObject({ pointer: '/status' })
    await expect(count({ since: 'now' })).rejects.toMatchObject({ pointer: '/since' })
    await world.clearRequests()
    expect(await count({})).toBe(0)
  })

  it('is empty after a reset', async () => {
    const { world, client } = await startWorld()
    await client.get(AZURE)
    await world.reset()
    expect(await world.requests()).toEqual([])
  })
})

describe('the nearest request', () => {
  it('returns the most similar request if the count is not the expected one', async () => {
    const { world, client, job } = await startWorld()
    const path = await job()
    await client.get(AZURE)
    await client.get(path)
    const cancels = { operation: 'azure.bulkjobs.cancel', expect: 1 }
    expect(await world.countRequests({ ...cancels, expect: 0 })).toEqual({ count: 0 })
    const { count, nearest } = await world.countRequests({ operation: 'azure.bulkjobs.get', status: 404, expect: 1 })
    expect(count).toBe(0)
    expect(nearest?.request.operation).toBe('azure.bulkjobs.get')
    expect(nearest?.differs).toEqual([{ field: 'status', expected: '404', actual: '200' }])
    expect((await world.countRequests({ ...cancels, since: '2027-01-01T00:00:00Z' })).nearest?.text).toBe(
      'its operation is azure.bulkjobs.get, not azure.bulkjobs.cancel; ' +
        'its instant is 2026-01-01T00:00:00Z, not 2027-01-01T00:00:00Z',
    )
    await world.clearRequests()
    expect(await world.countRequests(cancels)).toEqual({ count: 0, nearest: null })
  })
})

describe('a wait', () => {
  it('ends a wait when the count is reached, including earlier requests', async () => {
    const { world, client } = await startWorld()
    await client.get(AZURE)
    const waiting = world.waitForRequest({ operation: 'azure.bulkjobs.list', count: 2, timeout: '10s' })
    await world.fault({ on: { operation: 'azure.*' }, do: { delay: '100ms' } })
    let isAnswered = false
    void client.get(AZURE).then(() => (isAnswered = true))
    expect(await waiting).toHaveLength(2)
    await expect.poll(() => isAnswered).toBe(true)
    expect(await world.waitForRequest('azure.bulkjobs.list')).toHaveLength(2)
  })

  it('answers 408 at the timeout, with the most similar request', async () => {
    const { world, client } = await startWorld()
    await client.get(AZURE)
    const late = world.waitForRequest({
      operation: 'azure.bulkjobs.create',
      since: '2026-01-01T00:00:00Z',
      timeout: '50ms',
    })
    await expect(late).rejects.toMatchObject({ status: 408, code: 'timeout', answer: { count: 0 } })
    await expect(late).rejects.toThrow('0 of 1 requests were answered within 50ms; nearest is GET /api/v1/cckm')
    await world.clearRequests()
    await expect(world.waitForRequest({ count: 2, timeout: '1ms' })).rejects.toThrow(/within 1ms$/)
  })

  it.each([0, 100])('ends a wait when the server stops, sent %i turns before', async (turns) => {
    const { emulator, world } = await startWorld()
    const waiting = world.waitForRequest({ operation: 'azure.bulkjobs.create', timeout: '60s' })
    const ended = expect(waiting).rejects.toThrow()
    await times(turns, () => new Promise(setImmediate))
    await emulator.close()
    await ended
  })
})
