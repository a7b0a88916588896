// CM's domains form a tree, and clients name one by its path: the Terraform provider always puts a slash before it.

import { describe, expect, it } from 'vitest'
import { start } from '../support/world.ts'
import { openWorld, refusal, TOKENS, type TestWorld } from '../support/world.ts'

const ADMIN = { username: 'admin', password: 'admin' }
const FIELDS = ['domain', 'auth_domain_path', 'auth_domain']

const signIn = ({ anyone }: TestWorld, body: object) => anyone.post(TOKENS, { ...ADMIN, ...body })

describe.each(FIELDS)('%s', (field) => {
  it.each([
    ['/t-42', 't-42; new'],
    ['t-42/', 't-42; new'],
    ['//t-42//', 't-42; new'],
    ['root/t-42', 't-42; new'],
    ['/root/t-42/', 't-42; new'],
    ['ROOT/t-42', 't-42; new'],
    ['/Root//t-42', 't-42; new'],
    ['/a/b', 'a.b; new'],
    ['a//b///c', 'a.b.c; new'],
    ['a/root', 'a.root; new'],
    ['rooted/a', 'rooted.a; new'],
    ['__proto__/x', '__proto__.x; new'],
    ['/', 'root'],
    ['//', 'root'],
    ['root', 'root'],
    ['/root/', 'root'],
    ['root/root', 'root'],
  ])('reads %j as the domain %s', async (path, domain) => {
    const answer = await signIn(await openWorld(), { [field]: path })
    expect([answer.status, answer.domain]).toEqual([200, domain])
  })

  it.each(['a/ b', '/ ', 'a/b c', 'a/../b', './a', '/..', 'ü/a', 'a\\b', 'a/\u0000', `${'a/'.repeat(40)}b`])(
    'refuses the domain path %j',
    async (path) => {
      const world = await openWorld()
      expect(refusal(await signIn(world, { [field]: path }), 400)).toMatch(/^domain: /)
      expect(await world.emulator.domain('root').jobs.list()).toMatchObject({ total: 0 })
    },
  )
})

describe('a domain path', () => {
  it('accepts a path after a user name', async () => {
    const world = await openWorld()
    expect((await signIn(world, { username: 'admin@/a/b' })).domain).toBe('a.b; new')
    expect((await signIn(world, { username: 'admin@root/a/b', domain: 'other' })).domain).toBe('a.b')
    expect((await signIn(world, { username: 'admin@/' })).domain).toBe('root')
    refusal(await signIn(world, { username: 'admin@' }), 401)
  })

  it('finds a domain that the control API created by name, and one by its id', async () => {
    const world = await openWorld()
    const { access } = await world.enter('a.b')
    for (const path of ['/a/b', '/root/A/B', `/${access.id}`])
      expect((await signIn(world, { auth_domain_path: path })).domain).toBe('a.b')
  })

  it('matches the resulting name against --domains', async () => {
    const running = await start({ domains: 'ci.*' })
    expect((await running.signIn({ ...ADMIN, auth_domain_path: '/ci/7' })).domain).toBe('ci.7; new')
    const refused = await running.signIn({ ...ADMIN, auth_domain_path: '/dev/7' })
    expect(refusal(refused, 401)).toBe('Invalid domain: dev.7')
  })

  it('uses the seed for the resulting name', async () => {
    const seed = { domain: 'a.b', jobs: [{ family: 'aws.bulkjob', request: { keys: ['k'], operation: 'enablekey' } }] }
    const world = await openWorld()
    const { access } = await world.enter('a.b', { seed })
    expect(access.created).toBe(true)
    const { jwt } = (await signIn(world, { auth_domain_path: '/a/b' })).token
    expect((await world.as(jwt).get('/cckm/aws/bulkjob')).page.total).toBe(1)
  })

  it('accepts a path as the home of a user', async () => {
    const world = await openWorld({ users: [{ name: 'ci', password: 'pw', domain: 'a.b', groups: ['admin'] }] })
    const body = { username: 'ci', password: 'pw' }
    expect((await signIn(world, { ...body, auth_domain_path: '/a/b' })).domain).toBe('a.b; new')
    refusal(await signIn(world, { ...body, auth_domain_path: '/a/c' }), 401)
  })

  it('refreshes a token with its own domain path, and revokes it with another one', async () => {
    const world = await openWorld()
    const { refresh_token } = (await signIn(world, { domain: '/a/b' })).token
    const renew = { grant_type: 'refresh_token', refresh_token }
    expect((await world.anyone.post(TOKENS, { ...renew, domain: 'root/a/b' })).domain).toBe('a.b')
    // The server knows where the user signed in: these name no other domain.
    expect((await world.anyone.post(TOKENS, { ...renew, auth_domain_path: '/', auth_domain: 'c' })).domain).toBe('a.b')
    refusal(await world.anyone.post(TOKENS, { ...renew, domain: '/a' }), 401)
    refusal(await world.anyone.post(TOKENS, renew), 401)
  })
})
