import { describe, expect, it } from 'vitest'
import { claimsOf, refusal, start } from '../support/world.ts'

const ADMIN = { username: 'admin', password: 'admin' }

describe('the domain of a sign-in', () => {
  it.each([
    ['root when it names none', {}, 'root'],
    ['root when all is empty', { domain: '', auth_domain: '', auth_domain_path: '' }, 'root'],
    ['root in any case', { domain: 'ROOT' }, 'root'],
    ['domain', { domain: 't-1' }, 't-1; new'],
    ['auth_domain', { auth_domain: 't-2' }, 't-2; new'],
    ['auth_domain_path', { auth_domain_path: 't-3' }, 't-3; new'],
    ['domain before auth_domain', { domain: 't-1', auth_domain: 't-2', auth_domain_path: 't-3' }, 't-1; new'],
    ['auth_domain_path before auth_domain', { auth_domain: 't-2', auth_domain_path: 't-3' }, 't-3; new'],
    ['auth_domain where its path is empty', { auth_domain: 't-2', auth_domain_path: '' }, 't-2; new'],
    ['auth_domain_path where domain is null', { domain: null, auth_domain_path: 't-3' }, 't-3; new'],
    ['root where domain is a bare slash, whatever the others say', { domain: '/', auth_domain_path: 't-3' }, 'root'],
    ['auth_domain where domain is empty', { domain: '', auth_domain: 't-2' }, 't-2; new'],
    ["the user name's domain", { username: 'admin@t-42' }, 't-42; new'],
    ['the same after a connection', { username: 'local_account|admin@t-42' }, 't-42; new'],
  ])('signs in to %s', async (_what, fields, domain) => {
    const { signIn } = await start()
    const answer = await signIn({ ...ADMIN, ...fields })
    expect([answer.status, answer.domain]).toEqual([200, domain])
  })

  it("signs in to the user's home unless the request names a domain", async () => {
    const { signIn } = await start({ users: [{ name: 'ci', password: 'ci', domain: 't-42', groups: ['admin'] }] })
    expect((await signIn({ username: 'ci', password: 'ci' })).domain).toBe('t-42; new')
    expect((await signIn({ username: 'ci', password: 'ci', domain: '' })).domain).toBe('t-42')
    expect((await signIn({ username: 'ci@t-42', password: 'ci' })).domain).toBe('t-42')
    refusal(await signIn({ username: 'ci@t-43', password: 'ci' }), 401)
  })

  it('signs in to a domain by its id', async () => {
    const { signIn } = await start()
    const id = claimsOf((await signIn({ ...ADMIN, domain: 't-42' })).token.jwt).cust.domain_id
    expect((await signIn({ ...ADMIN, domain: id })).domain).toBe('t-42')
    expect((await signIn({ ...ADMIN, domain: '00000000-0000-0000-0000-000000000000' })).domain).toBe('root')
  })
})

describe('a user name with an @', () => {
  it('reads a name with an @ as the whole name if that user exists', async () => {
    const { signIn } = await start({ users: ['admin:admin:admin', 'admin@corp.example:pw:admin'] })
    const whole = await signIn({ username: 'admin@corp.example', password: 'pw' })
    expect([whole.domain, claimsOf(whole.token.jwt).preferred_username]).toEqual(['root', 'admin@corp.example'])
    const deeper = await signIn({ username: 'admin@corp.example@t-42', password: 'pw' })
    expect([deeper.domain, claimsOf(deeper.token.jwt).preferred_username]).toEqual(['t-42; new', 'admin@corp.example'])
    refusal(await signIn({ username: 'admin@corp.example', password: 'admin' }), 401)
  })

  it('splits a name at the @ only if the part before it is a user', async () => {
    const { signIn } = await start()
    expect(refusal(await signIn({ username: 'nobody@t-42', password: 'admin' }), 401)).toMatch(/^Wrong username/)
    for (const username of ['@t-42', 'admin@', '@', '@@'])
      expect([400, 401]).toContain((await signIn({ username, password: 'admin' })).status)
  })
})

describe('creation of a domain', () => {
  it('creates a domain with an id of its own at the first sign-in, and says so in a header', async () => {
    const { signIn } = await start()
    const first = await signIn({ ...ADMIN, domain: 't-42' })
    const second = await signIn({ ...ADMIN, domain: 'T-42' })
    expect([first.domain, second.domain]).toEqual(['t-42; new', 't-42'])
    const ids = [first, second].map(({ token }) => claimsOf(token.jwt).cust.domain_id)
    expect(ids[0]).toBe(ids[1])
    expect(ids[0]).not.toBe('00000000-0000-0000-0000-000000000000')
  })

  it('creates no domain for a wrong password', async () => {
    const { signIn } = await start()
    for (const wrong of [{ password: 'wrong' }, { password: '' }, { username: 'nobody' }])
      expect([400, 401]).toContain((await signIn({ ...ADMIN, domain: 't-42', ...wrong })).status)
    expect((await signIn({ ...ADMIN, domain: 't-42' })).domain).toBe('t-42; new')
  })

  it('creates a domain once for simultaneous sign-ins', async () => {
    const { signIn } = await start()
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn({ ...ADMIN, domain: 't-42' })))
    expect(answers.filter(({ domain }) => domain === 't-42; new')).toHaveLength(1)
    expect(new Set(answers.map(({ token }) => claimsOf(token.jwt).cust.domain_id)).size).toBe(1)
  })

  it.each(['a b', '.', '..', 'x'.repeat(65), '../etc', 'ü', 'a\u0000b'])(
    'creates no domain with the name %j',
    async (domain) => {
      const { signIn } = await start()
      expect(refusal(await signIn({ ...ADMIN, domain }), 400)).toMatch(/^domain: /)
    },
  )

  it.each(['a', '...', 'A.b_c-9', '__proto__', 'constructor', 'x'.repeat(64)])(
    'creates a domain with the name %j',
    async (domain) => {
      const { signIn } = await start()
      expect((await signIn({ ...ADMIN, domain })).domain).toBe(`${domain}; new`)
    },
  )

  it('creates no more domains than the maximum', async () => {
    const { signIn } = await start({ maxDomains: 2 })
    expect((await signIn({ ...ADMIN, domain: 't-1' })).status).toBe(200)
    const refused = await signIn({ ...ADMIN, domain: 't-2' })
    refusal(refused, 429)
    expect(refused.hint).toMatch(/--max-domains/)
    expect((await signIn({ ...ADMIN, domain: 't-1' })).status).toBe(200)
  })
})

describe('--domains', () => {
  it('creates no domain with --domains fixed', async () => {
    const { signIn } = await start({ domains: 'fixed' })
    const refused = await signIn({ ...ADMIN, domain: 't-42' })
    expect(refusal(refused, 401)).toBe('Invalid domain: t-42')
    expect(refused.hint).toMatch(/--domains/)
    refusal(await signIn({ username: 'admin@t-42', password: 'admin' }), 401)
    expect((await signIn(ADMIN)).status).toBe(200)
  })

  it('creates only domains that match the glob of --domains', async () => {
    const { signIn } = await start({ domains: 'ci-*' })
    expect((await signIn({ ...ADMIN, domain: 'ci-7' })).domain).toBe('ci-7; new')
    expect((await signIn({ ...ADMIN, domain: 'CI-8' })).domain).toBe('CI-8; new')
    refusal(await signIn({ ...ADMIN, domain: 'dev-7' }), 401)
    expect((await signIn(ADMIN)).domain).toBe('root')
  })
})
