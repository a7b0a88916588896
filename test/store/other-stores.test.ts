import { describe, expect, it } from 'vitest'
import type { RefreshToken } from '../../src/model/refresh-token.ts'
import { toInstant, toMicros } from '../../src/model/time.ts'
import { BACKENDS } from './backends.ts'
import { CLOCK, domain } from './domains.ts'

const token = (id: string, domainId = 'd1'): RefreshToken => ({
  id,
  digest: `digest of ${id}`,
  domainId,
  userName: 'admin',
  labels: ['a'],
  createdAt: toInstant(1),
  lastUsedAt: toInstant(2),
  expiresAt: undefined,
  unusedFor: undefined,
  revokedAt: undefined,
})

describe.each(BACKENDS)('domains in a $name', ({ open }) => {
  it('are listed in the order of creation', () => {
    using kept = open()
    const { domains } = kept.store
    const b = domains.add(domain('id-b', 'b'))
    const a = domains.add({ ...domain('id-a', 'a'), scenario: 'stuck', content: 7, visibleTo: 3 })
    expect(domains.all()).toStrictEqual([b, a])
    expect(b).toStrictEqual({ ...domain('id-b', 'b'), key: b.key })
  })

  it('have names that are unique without case, and unique ids', () => {
    using kept = open()
    const { domains } = kept.store
    domains.add(domain('id', 'T-42'))
    expect(() => domains.add(domain('other', 't-42'))).toThrow()
    expect(() => domains.add(domain('id', 'other'))).toThrow()
    expect(domains.all()).toHaveLength(1)
  })

  it('are saved separately, their origin only on request', () => {
    using kept = open()
    const { domains } = kept.store
    const [a, b] = [domains.add(domain('id-a', 'a')), domains.add(domain('id-b', 'b'))]
    const moved = { ...a, clock: { ...CLOCK, base: toInstant(9) }, scenario: 'slow', isDirty: true, content: 4 }
    domains.save({ ...moved, origin: { ...a.origin, scenario: 'other' } })
    expect(domains.all()).toStrictEqual([moved, b])
    domains.saveOrigin({ ...moved, origin: { ...a.origin, scenario: 'other' } })
    expect(domains.all()[0]?.origin.scenario).toBe('other')
  })

  it('are deleted with their refresh tokens, and never reuse a key', () => {
    using kept = open()
    const { domains, tokens } = kept.store
    const [a, b] = [domains.add(domain('id-a', 'a')), domains.add(domain('id-b', 'b'))]
    for (const { id } of [a, b]) tokens.add(token(`of ${id}`, id))
    domains.remove(b.key)
    expect(domains.all()).toStrictEqual([a])
    expect([tokens.ofDomain(a.id), tokens.ofDomain(b.id)]).toMatchObject([[{ id: 'of id-a' }], []])
    expect(domains.add(domain('id-b', 'b')).key).toBeGreaterThan(b.key)
  })
})

describe.each(BACKENDS)('tokens and secrets in a $name', ({ open }) => {
  it('are found by id and by digest, as last saved', () => {
    using kept = open()
    const { tokens } = kept.store
    tokens.add(token('t1'))
    tokens.add({ ...token('t2'), expiresAt: toInstant(9), unusedFor: toMicros(8) })
    tokens.save({ ...token('t1'), lastUsedAt: toInstant(5), revokedAt: toInstant(7) })
    expect(tokens.byId('t1')).toEqual({ ...token('t1'), lastUsedAt: 5, revokedAt: 7 })
    expect(tokens.byDigest('digest of t2')).toEqual({ ...token('t2'), expiresAt: 9, unusedFor: 8 })
    expect(tokens.byId('t3')).toBeUndefined()
    expect(tokens.byDigest('t1')).toBeUndefined()
  })

  it('are listed by domain', () => {
    using kept = open()
    const { tokens } = kept.store
    for (const each of [token('t2'), token('t1'), token('t3', 'd2')]) tokens.add(each)
    expect(tokens.ofDomain('d1')).toEqual([token('t1'), token('t2')])
    expect(tokens.ofDomain('d3')).toEqual([])
  })

  it('stay revoked after they expire, since the calendar may be set back, and can be revoked twice', () => {
    using kept = open()
    const { tokens } = kept.store
    tokens.revokeJwt('short', toInstant(10))
    tokens.revokeJwt('long', toInstant(20))
    tokens.revokeJwt('long', toInstant(20))
    expect([...tokens.revokedJwts(toInstant(9))].sort()).toEqual(['long', 'short'])
    expect([...tokens.revokedJwts(toInstant(30))].sort()).toEqual(['long', 'short'])
  })

  it('have one value per name', () => {
    using kept = open()
    const { secrets } = kept.store
    expect(secrets.get('key')).toBeUndefined()
    secrets.set('key', 'one')
    secrets.set('key', 'two')
    secrets.set('other', '')
    expect([secrets.get('key'), secrets.get('other'), secrets.get('KEY')]).toEqual(['two', '', undefined])
  })
})
