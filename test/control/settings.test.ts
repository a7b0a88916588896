// Settings and tokens of a domain over the control API.

import { describe, expect, it } from 'vitest'
import type { DomainHandle } from '../../src/index.ts'
import { enable, JOBS, NOON, seeded, start } from './enter.ts'

describe('settings', () => {
  it('keeps the settings of each domain separate: two failure words at the same time', async () => {
    const { enter } = await start()
    const failing = async (name: string, failureWord: string) => {
      const { world, client } = await enter(name, { scenario: 'failure' })
      await world.settings({ failureWord })
      const { id } = (await client('POST', JOBS, enable('k1'))).json
      await world.clock.advance('5s')
      return (await client('GET', `${JOBS}/${String(id)}`)).json.overall_status
    }
    expect(await Promise.all([failing('t-1', 'error'), failing('t-2', 'failed')])).toEqual(['error', 'failed'])
  })

  it('returns all settings without passwords, and changes them one by one', async () => {
    const { enter } = await start()
    const { admin } = await enter('t-1', { settings: { createStatus: 200 } })
    const users = [{ name: 'ci', password: 'secret', groups: ['CCKM Users'], acls: ['keybulkoperation'] }]
    const changed = await admin('PUT', '/settings', { cancelStatus: 202, users })
    expect(changed.json).toMatchObject({
      createStatus: 200,
      cancelStatus: 202,
      failureWord: 'error',
      tokenTtl: '300s',
      users: [{ name: 'ci', groups: ['CCKM Users'], acls: ['keybulkoperation'] }],
    })
    expect((await admin('GET', '/settings')).body).not.toContain('secret')
    expect((await admin('GET', '/settings')).json).toEqual(changed.json)
  })

  it('adds users with groups and ACLs to one domain', async () => {
    const { enter, call, client } = await start()
    const { world } = await enter('t-1')
    const user = { name: 'ci', password: 'secret' }
    await world.settings({ users: [{ ...user, groups: ['CCKM Users'], acls: ['keybulkoperation'] }] })
    const signIn = (domain: string) =>
      call('POST', '/api/v1/auth/tokens', { username: 'ci', password: 'secret', domain })
    const { json } = await signIn('t-1')
    expect((await client(String(json.jwt))('POST', JOBS, enable('k1'))).status).toBe(201)
    expect((await signIn('root')).status).toBe(401)
    await world.settings({ users: [{ ...user, groups: ['CCKM Users'] }] })
    expect((await client(String((await signIn('t-1')).json.jwt))('GET', JOBS)).status).toBe(403)
  })

  it.each([
    [{ failurWord: 'x' }, '/failurWord', 'did you mean failureWord?'],
    [{ createStatus: 418 }, '/createStatus', ''],
    [{ tokenTtl: 300 }, '/tokenTtl', 'write 5s'],
    [{ tokenTtl: '300' }, '/tokenTtl', 'write 5s'],
    [{ users: [{ name: 'ci', pasword: 'x' }] }, '/users/0/pasword', 'did you mean password?'],
  ])('refuses the settings %j', async (body, pointer, message) => {
    const { admin } = await start()
    const { status, json } = await admin('PUT', '/settings', body)
    expect([status, json.error]).toMatchObject([400, { pointer, message: expect.stringContaining(message) as string }])
  })

  it('sets the random seed of a domain: the same seed gives the same draws, and a reset restores it', async () => {
    const { enter } = await start({
      scenarios: { chance: { extends: 'default', items: [{ fraction: 0.5, status: 'Error: bad luck' }] } },
    })
    const keys = Array.from({ length: 64 }, (_, index) => `k${index}`)
    const drawn = async (world: DomainHandle) => {
      const { id } = await world.jobs.create(seeded('chance', ...keys))
      await world.clock.advance('5s')
      return (await world.jobs.get(id)).job.detailed_status
    }
    const { world: one } = await enter('t-1', { settings: { randomSeed: 7 } })
    const { world: same } = await enter('t-2', { settings: { randomSeed: 7 } })
    const { world: other } = await enter('t-3', { settings: { randomSeed: 8 } })
    const first = await drawn(one)
    expect(await drawn(same)).toEqual(first)
    expect(await drawn(other)).not.toEqual(first)
    await other.reset()
    await other.settings({ randomSeed: 7 })
    expect(await drawn(other)).toEqual(first)
    await other.reset()
    expect(await other.settings()).toMatchObject({ randomSeed: 8 })
  })

  it("expires tokens by the domain's clock, after the configured lifetime", async () => {
    const { enter, client } = await start()
    const { world } = await enter('t-1')
    await world.settings({ tokenClock: 'domain', tokenTtl: '10m' })
    const use = client(await world.token())
    await world.clock.advance('9m59s')
    expect((await use('GET', JOBS)).status).toBe(200)
    await world.clock.advance('1s')
    expect((await use('GET', JOBS)).status).toBe(401)
  })
})

describe('issuing a token', () => {
  it('issues a valid or invalid token for the requested user', async () => {
    const { enter, client } = await start()
    const { admin } = await enter('t-1')
    const statusOf = async (request: object) => {
      const { jwt } = (await admin('POST', '/tokens', request)).json
      return (await client(String(jwt))('GET', JOBS)).status
    }
    const kinds = ['valid', 'expired', 'wrong-key', 'revoked']
    expect(await Promise.all(kinds.map((kind) => statusOf({ kind })))).toEqual([200, 401, 401, 401])
    expect(await statusOf({ username: 'ci', groups: ['CCKM Admins'], ttl: '1h' })).toBe(200)
    expect(await statusOf({ username: 'ci', groups: ['nobody'] })).toBe(403)
    const refused = await admin('POST', '/tokens', { username: 'ci', ttl: '1h' })
    expect([refused.status, refused.json]).toMatchObject([400, { error: { pointer: '/username' } }])
    await admin('PUT', '/settings', { users: [{ name: 'ci', password: 'pw' }] })
    const { jwt } = (await admin('POST', '/tokens', { username: 'ci', ttl: '1h' })).json
    const claims = JSON.parse(Buffer.from(String(jwt).split('.')[1] ?? '', 'base64url').toString()) as {
      preferred_username: string
      iat: number
      exp: number
    }
    expect([claims.preferred_username, claims.exp - claims.iat]).toEqual(['ci', 3600])
    expect((await admin('POST', '/tokens', { kind: 'bad' })).status).toBe(400)
  })
})

describe('a domain that is created with a seed', () => {
  it('uses its settings for the scenarios of its seed', async () => {
    const { enter } = await start()
    const settings = { failureWord: 'failed' }
    const { world } = await enter('t-1', { settings, seed: { jobs: [seeded('failure', 'k1')] } })
    await world.clock.advance('5s')
    expect((await world.jobs.list()).jobs[0]?.job).toMatchObject({ createdAt: NOON, overall_status: 'failed' })
  })
})
