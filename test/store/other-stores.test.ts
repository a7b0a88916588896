import { describe, expect, it } from 'vitest'
import type { RefreshToken } from '../../src/model/refresh-token.ts'
import { BACKENDS } from './backends.ts'
import { CLOCK, domain } from './domains.ts'
import { writeOf } from './job-writes.ts'

const token = (id: string, domainId = 'd1'): RefreshToken => ({
  id,
  digest: `digest of ${id}`,
  domainId,
  userName: 'admin',
  labels: ['a'],
  createdAt: 1,
  lastUsedAt: 2,
  expiresAt: undefined,
  unusedFor: undefined,
  revokedAt: undefined,
})

describe.each(BACKENDS)('domains kept in a $name', ({ open }) => {
  it('come back in the order in which they were added', async () => {
    using kept = open()
    const { domains } = kept.store
    const b = await domains.add(domain('id-b', 'b'))
    const a = await domains.add({ ...domain('id-a', 'a'), scenario: 'stuck' })
    expect(await domains.all()).toEqual([b, a])
    expect(b).toEqual({ ...domain('id-b', 'b'), key: b.key })
  })

  it('have names that are equal without case, and ids of their own', async () => {
    using kept = open()
    const { domains } = kept.store
    await domains.add(domain('id', 'T-42'))
    await expect(async () => domains.add(domain('other', 't-42'))).rejects.toThrow()
    await expect(async () => domains.add(domain('id', 'other'))).rejects.toThrow()
    expect(await domains.all()).toHaveLength(1)
  })

  it('are saved one by one', async () => {
    using kept = open()
    const { domains } = kept.store
    const [a, b] = [await domains.add(domain('id-a', 'a')), await domains.add(domain('id-b', 'b'))]
    const moved = { ...a, clock: { ...CLOCK, base: 9 }, scenario: 'slow', isTouched: true }
    await domains.save(moved)
    expect(await domains.all()).toEqual([moved, b])
  })

  it('take their jobs and refresh tokens with them, and never get an old key again', async () => {
    using kept = open()
    const { domains, jobs, tokens } = kept.store
    const [a, b] = [await domains.add(domain('id-a', 'a')), await domains.add(domain('id-b', 'b'))]
    for (const { key } of [a, b]) await jobs.insert(key, writeOf('job'))
    for (const { id } of [a, b]) await tokens.add(token(`of ${id}`, id))
    await domains.remove(b.key)
    expect(await domains.all()).toEqual([a])
    expect([await tokens.ofDomain(a.id), await tokens.ofDomain(b.id)]).toMatchObject([[{ id: 'of id-a' }], []])
    expect([await jobs.count(a.key), await jobs.count(b.key)]).toEqual([1, 0])
    expect((await domains.add(domain('id-b', 'b'))).key).toBeGreaterThan(b.key)
  })

  it('are copied with their jobs, in place of another if so asked', async () => {
    using kept = open()
    const { domains, jobs } = kept.store
    const a = await domains.add(domain('id-a', 'a'))
    await jobs.insert(a.key, writeOf('job'))
    const old = await domains.copy({ from: a.key, to: domain('id-s', 'snapshot'), keepTexts: true })
    await jobs.insert(a.key, writeOf('later'))
    const to = { from: a.key, to: domain('id-s', 'snapshot'), keepTexts: true }
    const copy = await domains.copy({ ...to, replacing: old.key })
    expect(await domains.all()).toEqual([a, copy])
    expect([await jobs.count(old.key), await jobs.count(copy.key)]).toEqual([0, 2])
    await expect(async () => domains.copy(to)).rejects.toThrow()
    expect(await domains.all()).toEqual([a, copy])
  })

  it('are given the jobs of another in place of their own, or none', async () => {
    using kept = open()
    const { domains, jobs } = kept.store
    const [a, b] = [await domains.add(domain('id-a', 'a')), await domains.add(domain('id-b', 'b'))]
    await jobs.insert(a.key, writeOf('mine'))
    await jobs.insert(b.key, writeOf('theirs'))
    await domains.replace({ ...a, isTouched: true }, b.key)
    expect(await jobs.find(a.key, 'theirs')).toBeDefined()
    expect(await jobs.find(a.key, 'mine')).toBeUndefined()
    expect((await domains.all())[0]?.isTouched).toBe(true)
    await domains.replace(a, { writes: () => [], onTaken: expect.fail })
    expect([await jobs.count(a.key), await jobs.count(b.key)]).toEqual([0, 1])
  })

  const refuse = (id: string): never => {
    throw new Error(`${id} came twice`)
  }

  it.each<[string, readonly string[]]>([
    ['an id comes twice', ['x', 'y', 'x']],
    ['a job cannot be made', ['x', 'y', 'broken']],
  ])('begin with their jobs or not at all: %s', async (_what, ids) => {
    using kept = open()
    const { domains, jobs } = kept.store
    function* writes() {
      for (const id of ids) {
        if (id === 'broken') throw new Error('broken')
        yield writeOf(id)
      }
    }
    const first = { writes, onTaken: refuse }
    await expect(async () => domains.add(domain('id-a', 'a'), first)).rejects.toThrow(/x came twice|broken/)
    const a = await domains.add(domain('id-a', 'a'), { ...first, writes: () => [writeOf('mine')] })
    await expect(async () => domains.replace({ ...a, isTouched: true }, first)).rejects.toThrow(/x came twice|broken/)
    expect([await domains.all(), await jobs.count(a.key)]).toEqual([[a], 1])
    expect(await jobs.find(a.key, 'mine')).toBeDefined()
  })
})

describe.each(BACKENDS)('tokens and secrets kept in a $name', ({ open }) => {
  it('are found by id and by digest, and as they were last saved', async () => {
    using kept = open()
    const { tokens } = kept.store
    await tokens.add(token('t1'))
    await tokens.add({ ...token('t2'), expiresAt: 9, unusedFor: 8 })
    await tokens.save({ ...token('t1'), lastUsedAt: 5, revokedAt: 7 })
    expect(await tokens.byId('t1')).toEqual({ ...token('t1'), lastUsedAt: 5, revokedAt: 7 })
    expect(await tokens.byDigest('digest of t2')).toEqual({ ...token('t2'), expiresAt: 9, unusedFor: 8 })
    expect(await tokens.byId('t3')).toBeUndefined()
    expect(await tokens.byDigest('t1')).toBeUndefined()
  })

  it('are saved and replaced until they are revoked, and not after', async () => {
    using kept = open()
    const { tokens } = kept.store
    const revoked = { ...token('t1'), revokedAt: 7 }
    await tokens.add(token('t1'))
    expect(await tokens.replace(revoked, token('t2'))).toBe(true)
    expect(await tokens.replace(revoked, token('t3'))).toBe(false)
    expect(await tokens.save(token('t1'))).toBe(false)
    expect(await tokens.save(token('t9'))).toBe(false)
    expect(await tokens.ofDomain('d1')).toEqual([revoked, token('t2')])
  })

  it('are as they were where the one that replaces them cannot be kept', async () => {
    using kept = open()
    const { tokens } = kept.store
    for (const each of [token('t1'), token('t2')]) await tokens.add(each)
    await expect(async () => tokens.replace({ ...token('t1'), revokedAt: 7 }, token('t2'))).rejects.toThrow()
    expect(await tokens.byId('t1')).toEqual(token('t1'))
  })

  it('are listed by domain', async () => {
    using kept = open()
    const { tokens } = kept.store
    for (const each of [token('t2'), token('t1'), token('t3', 'd2')]) await tokens.add(each)
    expect(await tokens.ofDomain('d1')).toEqual([token('t1'), token('t2')])
    expect(await tokens.ofDomain('d3')).toEqual([])
  })

  it('stay revoked after they have expired, since the calendar may be put back, and are revoked twice without a fuss', async () => {
    using kept = open()
    const { tokens } = kept.store
    await tokens.revokeJwt('short', 10)
    await tokens.revokeJwt('long', 20)
    await tokens.revokeJwt('long', 20)
    expect([...(await tokens.revokedJwts(9))].sort()).toEqual(['long', 'short'])
    expect([...(await tokens.revokedJwts(30))].sort()).toEqual(['long', 'short'])
  })

  it('hold one value for each name', () => {
    using kept = open()
    const { secrets } = kept.store
    expect(secrets.get('key')).toBeUndefined()
    secrets.set('key', 'one')
    secrets.set('key', 'two')
    secrets.set('other', '')
    expect([secrets.get('key'), secrets.get('other'), secrets.get('KEY')]).toEqual(['two', '', undefined])
  })
})
