import { describe, expect, it } from 'vitest'
import { AZURE, refusal, TOKENS } from '../support/world.ts'
import { CREATE, flying, startWorld, TEXT } from './support.ts'

describe('respond', () => {
  it("responds in the vendor's shape, with Retry-After", async () => {
    const { world, client, job } = await startWorld()
    const path = await job('third-poll')
    await world.fault({ on: { nth: 1 }, do: { respond: { status: 429, retryAfter: '1500ms' } } })
    const answer = await client.get(path)
    expect(refusal(answer, 429)).toBe('a fault that was set on purpose')
    expect(answer.headers['retry-after']).toBe('2')
    expect(answer.hint).toContain('fault')
    // The refused call was not a poll: three more are needed.
    const [first, second, third] = [await client.get(path), await client.get(path), await client.get(path)]
    expect([first, second, third].map(({ job: { overall_status } }) => overall_status)).toEqual([
      'in_progress',
      'in_progress',
      'completed',
    ])
  })

  it.each<[string, object, string, string]>([
    ['a body', { status: 503, body: { a: [1] } }, '{"a":[1]}', 'application/json; charset=utf-8'],
    ['an HTML page', { status: 502, body: '<h1>Bad Gateway</h1>' }, '<h1>Bad Gateway</h1>', 'text/html; charset=utf-8'],
    ['a text', { status: 502, body: 'bad gateway' }, 'bad gateway', 'text/plain'],
    ['a success', { status: 202 }, '{}', 'application/json; charset=utf-8'],
    ['no content', { status: 204 }, '', 'application/json; charset=utf-8'],
  ])('sends %s unchanged', async (_what, respond, text, type) => {
    const { world, client } = await startWorld()
    await world.fault({ do: { respond: respond as { status: number } } })
    const answer = await client.get(AZURE)
    expect([answer.text, answer.headers['content-type'] ?? '']).toEqual([text, type])
  })

  it('uses the HTTP status as error code if the catalogue has none', async () => {
    const { world, client } = await startWorld()
    await world.fault({ do: { respond: { status: 502 } } })
    const { error } = await client.get(AZURE)
    expect([error.code, error.codeDesc]).toEqual([502, 'NCERRHTTP502: HTTP status 502'])
  })
})

describe('delay', () => {
  it('waits in real time, then does the work', async () => {
    const { world, client } = await startWorld()
    await world.fault({ on: { operation: '*.create' }, do: { delay: '150ms' } })
    const start = performance.now()
    expect((await client.post(AZURE, CREATE)).status).toBe(201)
    expect(performance.now() - start).toBeGreaterThan(140)
    expect(await world.requests()).toEqual([expect.objectContaining({ status: 201, fault: TEXT })])
  })

  it('ends a delay when the client disconnects, and still does the work', async () => {
    const { emulator, world } = await startWorld()
    const { url } = await emulator.listen()
    await world.fault({ do: { delay: '20s' } })
    const headers = { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' }
    const client = new AbortController()
    const { signal } = client
    const sent = fetch(`${url}/api/v1${AZURE}`, { method: 'POST', headers, body: JSON.stringify(CREATE), signal })
    await flying(world, 1)
    client.abort()
    await expect(sent).rejects.toThrow()
    const [request] = await world.waitForRequest({ operation: 'azure.bulkjobs.create' })
    expect(request).toMatchObject({ status: null })
    await expect.poll(async () => (await world.jobs.list()).total).toBe(1)
  })

  it("moves only the domain's clock for a virtual delay", async () => {
    const { world, client, job } = await startWorld()
    const path = await job()
    await world.fault({ on: { nth: 1 }, do: { virtualDelay: '30s' } })
    expect((await client.get(path)).job.overall_status).toBe('completed')
    expect((await world.clock.read()).now).toBe('2026-01-01T00:00:30Z')
  })

  it('stops a clock at the end of the calendar', async () => {
    const { world, client } = await startWorld()
    await world.fault({ do: { virtualDelay: '80000d' } })
    await client.get(AZURE)
    expect((await client.get(AZURE)).status).toBe(200)
    expect((await client.get(AZURE)).status).toBe(200)
  })
})

describe('token', () => {
  it.each([
    ['expire', 'Bearer token malformed: Token is expired by 0s'],
    ['revoke', 'Token has been revoked'],
  ] as const)('refuses the call and its token from then on, but not a new token: %s', async (how, message) => {
    const { world, client, fresh, job } = await startWorld()
    const path = await job()
    await world.fault({ on: { operation: 'azure.bulkjobs.get', nth: 2 }, do: { token: how } })
    expect((await client.get(path)).status).toBe(200)
    expect(refusal(await client.get(path), 401)).toBe(message)
    expect(refusal(await client.get(AZURE), 401)).toBe(message)
    expect((await (await fresh()).get(path)).status).toBe(200)
  })

  it.each(['expire', 'revoke'] as const)('issues an invalid token for a sign-in: %s', async (how) => {
    const { world, signIn, as } = await startWorld()
    const user = { username: 'admin', password: 'admin', domain: 't-1' }
    await world.fault({ on: { operation: 'auth.tokens.create' }, times: 1, do: { token: how } })
    const dead = (await signIn(user)).token
    expect((await as(dead.jwt).get(AZURE)).status).toBe(401)
    const alive = (await signIn({ grant_type: 'refresh_token', refresh_token: dead.refresh_token })).token
    expect((await as(alive.jwt).get(AZURE)).status).toBe(200)
  })

  it('refuses only the matched call with --auth off', async () => {
    const { emulator, anyone } = await startWorld({ auth: { mode: 'off' } })
    await emulator.domain('root').fault({ times: 1, do: { token: 'expire' } })
    expect((await anyone.get(AZURE)).status).toBe(401)
    expect((await anyone.get(AZURE)).status).toBe(200)
  })
})

describe('faults of calls without a token', () => {
  it('matches a sign-in in its domain, however the request names it', async () => {
    const { world, signIn } = await startWorld({
      users: [
        { name: 'admin', password: 'admin', groups: ['admin'] },
        { name: 'ci', password: 'ci', domain: 't-1' },
      ],
    })
    const { refresh_token } = (await signIn({ username: 'ci', password: 'ci' })).token
    await world.fault({ on: { operation: 'auth.tokens.create' }, do: { respond: { status: 503 } } })
    const admin = { username: 'admin', password: 'admin' }
    const ways = [
      { ...admin, domain: 't-1' },
      { ...admin, auth_domain: 'T-1' },
      { username: 'admin@t-1', password: 'admin' },
      { username: 'ci', password: 'ci' },
      { grant_type: 'client_credential', client_id: 'ci', client_secret: 'ci' },
      { grant_type: 'refresh_token', refresh_token },
      { grant_type: 'refresh_token', refresh_token, domain: 't-1' },
      { ...admin, password: 'wrong', domain: 't-1' },
    ]
    for (const way of ways) expect([way, (await signIn(way)).status]).toEqual([way, 503])
    expect((await signIn(admin)).status).toBe(200)
    expect((await signIn({ grant_type: 'refresh_token', refresh_token: 'unknown' })).status).toBe(401)
    expect(await world.faults()).toEqual([expect.objectContaining({ hits: ways.length })])
  })

  it('matches a revocation in the domain of the revoked token', async () => {
    const { world, anyone, emulator } = await startWorld()
    await world.fault({ on: { operation: 'auth.tokens.revoke' }, do: { respond: { status: 500, body: {} } } })
    const jwt = await world.token()
    const lost = await emulator.inject({ method: 'POST', url: `/v1/auth/revoke`, payload: { token: jwt } })
    expect(lost.statusCode).toBe(500)
    expect((await anyone.post('/auth/revoke', { token: 'unknown' })).status).toBe(204)
    expect((await anyone.get('/auth/jwks.json')).status).toBe(200)
    expect((await anyone.post(TOKENS, {})).status).toBe(400)
  })
})
