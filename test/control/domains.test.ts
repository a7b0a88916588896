// Domains over the control API: creation, names, deletion, limits.

import { describe, expect, it } from 'vitest'
import { enable, JOBS, NOON, seeded, start } from './enter.ts'

describe('creation of a domain', () => {
  it('answers 201 once and then 200, with all that a client needs', async () => {
    const { admin, client, call } = await start()
    const first = await admin('PUT', '/domains/t-1')
    const second = await admin('PUT', '/domains/T-1', { scenario: 'stuck' })
    expect([first.status, second.status]).toEqual([201, 200])
    const { id } = first.json
    const user = { username: 'admin@t-1', user: 'admin', password: 'admin', domain: 't-1' }
    const access = { name: 't-1', id, ...user, jwt: expect.any(String) as string }
    expect(first.json).toEqual({ ...access, created: true })
    expect(second.json).toEqual({ ...access, created: false })
    expect((await client(String(first.json.jwt))('GET', JOBS)).status).toBe(200)
    const { username, password } = first.json
    const signIn = await call('POST', '/api/v1/auth/tokens', { username, password })
    expect([signIn.status, signIn.headers['x-emulator-domain']]).toEqual([200, 't-1'])
  })

  it('accepts a seed, a clock, a scenario, settings and users', async () => {
    const { enter, call } = await start()
    const { access, admin, client } = await enter('t-1', {
      seed: { jobs: [seeded('stuck', 'k1')] },
      clock: 'step@2025-03-01T00:00:00Z',
      scenario: 'failure',
      settings: { failureWord: 'failed', createStatus: 202, users: [{ name: 'ci', password: 'x', groups: ['admin'] }] },
    })
    expect(access).toMatchObject({ username: 'ci@t-1', user: 'ci', password: 'x' })
    expect((await admin('GET', '')).json).toEqual({
      name: 't-1',
      id: access.id,
      jobs: 1,
      clock: { mode: 'step', now: '2025-03-01T00:00:00Z', rate: 1, nextTransitionAt: null },
    })
    expect((await client('POST', JOBS, enable('k2'))).status).toBe(202)
    expect((await admin('GET', '/scenarios')).json.default).toBe('failure')
    const signIn = { username: 'ci', password: 'x', domain: 't-1' }
    expect((await call('POST', '/api/v1/auth/tokens', signIn)).status).toBe(200)
    expect((await call('POST', '/api/v1/auth/tokens', { ...signIn, domain: 'root' })).status).toBe(401)
  })

  it('creates no domain for an invalid request', async () => {
    const { admin } = await start()
    const wrongs = [
      { scenario: 'stuk' },
      { seed: { jobs: [seeded('stuck', 'k1'), { family: 'aws.bulkjob', request: {} }] } },
      { clock: 'fast' },
      { clock: { mode: 'frozen', now: 'yesterday' } },
      { settings: { tokenTtl: '300' } },
      { settings: { failurWord: 'failed' } },
    ]
    const answers = await Promise.all(wrongs.map((body) => admin('PUT', '/domains/t-1', body)))
    expect(answers.map(({ status, json }) => [status, (json.error as { pointer: string }).pointer])).toEqual([
      [400, '/scenario'],
      [400, '/seed/jobs/1/request/keys'],
      [400, '/clock'],
      [400, '/clock/now'],
      [400, '/settings/tokenTtl'],
      [400, '/settings/failurWord'],
    ])
    expect((await admin('GET', '/domains/t-1')).status).toBe(404)
  })

  it('accepts names of 1 to 64 of A-Za-z0-9._-, equal without case', async () => {
    const { admin } = await start()
    const statuses = async (...names: string[]) =>
      Promise.all(names.map(async (name) => (await admin('PUT', `/domains/${encodeURIComponent(name)}`)).status))
    expect(await statuses('a', 'A.b_c-9', 'x'.repeat(64))).toEqual([201, 201, 201])
    expect(await statuses('x'.repeat(65), 'a b', 'a/b', 'ä', 'a:b')).toEqual([400, 400, 400, 400, 400])
    expect((await admin('GET', '/domains/a.B_C-9')).json.name).toBe('A.b_c-9')
  })

  it('creates one domain for many simultaneous requests', async () => {
    const { admin } = await start()
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin('PUT', '/domains/t-1')))
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  })
})

describe('existing domains', () => {
  it('lists domains, including root, with their ids, jobs and clocks', async () => {
    const { admin, enter } = await start()
    const { access } = await enter('t-1', { seed: { jobs: [seeded('default', 'k1')] } })
    const clock = { mode: 'frozen', now: NOON, rate: 1, nextTransitionAt: null }
    expect((await admin('GET', '/domains')).json).toEqual({
      domains: [
        { name: 'root', id: '00000000-0000-0000-0000-000000000000', jobs: 0, clock },
        { name: 't-1', id: access.id, jobs: 1, clock: { ...clock, nextTransitionAt: '2026-01-01T12:00:05Z' } },
      ],
    })
  })

  it('deletes a domain with its tokens; a new one of the same name is separate', async () => {
    const { admin, enter } = await start()
    const { access, client } = await enter('t-1')
    expect((await client('GET', JOBS)).status).toBe(200)
    expect((await admin('DELETE', '/domains/T-1')).status).toBe(204)
    expect((await client('GET', JOBS)).status).toBe(401)
    const again = await enter('t-1')
    expect(again.access.id).not.toBe(access.id)
    expect([(await client('GET', JOBS)).status, (await again.client('GET', JOBS)).status]).toEqual([401, 200])
  })

  it('refuses to delete root and an unknown domain', async () => {
    const { admin } = await start()
    expect((await admin('DELETE', '/domains/root')).status).toBe(409)
    expect((await admin('DELETE', '/domains/nobody')).status).toBe(404)
  })

  it('creates no more domains than --max-domains', async () => {
    const { admin } = await start({ maxDomains: 3 })
    const answers = [
      await admin('PUT', '/domains/a'),
      await admin('PUT', '/domains/b'),
      await admin('PUT', '/domains/c'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429])
    expect(answers[2]?.headers['x-emulator-hint']).toContain('--max-domains')
    expect((await admin('POST', '/domains/a/fork', { to: 'd' })).status).toBe(429)
    await admin('DELETE', '/domains/a')
    expect((await admin('PUT', '/domains/c')).status).toBe(201)
  })

  it('deletes a domain after --domain-ttl without a request', async () => {
    const { admin, enter } = await start({ domainTtl: '1s' })
    const used = await enter('used')
    await enter('idle')
    // Idle domains are deleted when another one is created; a list uses none.
    while ((await admin('GET', '/domains')).body.includes('"idle"')) {
      expect((await used.client('GET', JOBS)).status).toBe(200)
      await admin('PUT', '/domains/new')
      await admin('DELETE', '/domains/new')
    }
    expect([(await admin('GET', '/domains/used')).status, (await admin('GET', '/domains/idle')).status]).toEqual([
      200, 404,
    ])
  })
})
