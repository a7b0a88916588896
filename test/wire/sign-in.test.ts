// Reading of a sign-in and of a token's claims, and their errors; test/api tests the effects.

import { describe, expect, it } from 'vitest'
import { readRevocation, readSignIn } from '../../src/wire/sign-in.ts'
import { checkClaims, ISSUER, ZONE_ID } from '../../src/wire/token.ts'

describe('a sign-in', () => {
  const EVERYTHING = {
    ...{ grant_type: 'password', username: 'a', name: 'b', password: 'c', connection: 'd', domain: 'e' },
    ...{ auth_domain: 'f', auth_domain_path: 'g', refresh_token: 'h', renew_refresh_token: true },
    ...{ refresh_token_lifetime: 30, refresh_token_revoke_unused_in: 0.5, labels: ['ci', 'night'], cookies: false },
    ...{ client_id: 'i', client_secret: 'j' },
  }

  it('may have every field, and ignores unknown ones', () => {
    expect(readSignIn(EVERYTHING)).toEqual({ signIn: EVERYTHING })
    expect(readSignIn({ ...EVERYTHING, otp: '1', nested: { a: null } })).toHaveProperty('signIn.password', 'c')
  })

  it.each(['password', 'refresh_token', 'client_credential', 'user_certificate'])('may have the grant %s', (grant) => {
    expect(readSignIn({ grant_type: grant })).toEqual({ signIn: { grant_type: grant } })
  })

  it('reads empty strings, nulls and zeros as absent', () => {
    expect(readSignIn({ username: 'a', password: '', labels: null, refresh_token_lifetime: 0, domain: '' })).toEqual({
      signIn: { username: 'a' },
    })
    expect(readSignIn(undefined)).toEqual({ signIn: {} })
    expect(readSignIn(null)).toEqual({ signIn: {} })
  })

  it('may have one label, or several', () => {
    expect(readSignIn({ labels: 'ci' })).toEqual({ signIn: { labels: 'ci' } })
    expect(readSignIn({ labels: [] })).toEqual({ signIn: { labels: [] } })
  })

  it.each<[unknown, [pointer: string, message: string][]]>([
    [[], [['', 'must be object']]],
    ['admin', [['', 'must be object']]],
    [5, [['', 'must be object']]],
    [
      { grant_type: 'magic' },
      [['/grant_type', 'must be one of password, refresh_token, client_credential, user_certificate']],
    ],
    [{ renew_refresh_token: 'yes' }, [['/renew_refresh_token', 'must be boolean']]],
    [{ cookies: 'no' }, [['/cookies', 'must be boolean']]],
    [{ refresh_token_lifetime: '30' }, [['/refresh_token_lifetime', 'must be number']]],
    [{ refresh_token_lifetime: -1 }, [['/refresh_token_lifetime', 'must be > 0']]],
    [{ refresh_token_revoke_unused_in: 100_000_001 }, [['/refresh_token_revoke_unused_in', 'must be <= 100000000']]],
    [{ labels: [5] }, [['/labels/0', 'must be string']]],
    [
      Object.fromEntries(
        ['username', 'name', 'password', 'connection', 'domain', 'auth_domain', 'auth_domain_path', 'refresh_token']
          .concat('client_id', 'client_secret')
          .map((field) => [field, 5]),
      ),
      ['username', 'name', 'password', 'connection', 'domain', 'auth_domain', 'auth_domain_path', 'refresh_token']
        .concat('client_id', 'client_secret')
        .map((field) => [`/${field}`, 'must be string']),
    ],
  ])('refuses %j with reasons', (body, issues) => {
    const read = readSignIn(body)
    const found = 'issues' in read ? read.issues.map(({ pointer, message }) => [pointer, message]) : []
    expect(found).toEqual(issues)
  })
})

describe('a revocation', () => {
  it('names one token, and ignores the caller', () => {
    expect(readRevocation({ token: 't', client_id: 'c' })).toEqual({ token: 't' })
  })

  it.each<[unknown, pointer: string, message: string]>([
    [undefined, '/token', 'is required'],
    [{}, '/token', 'is required'],
    [{ token: '' }, '/token', 'must not have fewer than 1 characters'],
    [{ token: 5 }, '/token', 'must be string'],
    [[], '', 'must be object'],
  ])('refuses %j with a reason', (body, pointer, message) => {
    expect(readRevocation(body)).toEqual({ issues: [{ pointer, message }] })
  })
})

describe('the claims of a token', () => {
  it('are those of CM', () => {
    expect([ISSUER, ZONE_ID]).toEqual(['kylo', '00000000-0000-0000-0000-000000000000'])
  })

  it.each([
    {},
    { preferred_username: 'a', cust: { domain_id: 'd', groups: ['g'] }, jwtid: 'j', iat: 0, exp: 1e12, more: [1] },
    { cust: {} },
  ])('may be %j, since the verifier decides which are required', (claims) => {
    expect(checkClaims(claims)).toEqual({ value: claims })
  })

  it.each<[unknown, pointer: string, message: string]>([
    [{ preferred_username: 5 }, '/preferred_username', 'must be string'],
    [{ jwtid: 5 }, '/jwtid', 'must be string'],
    [{ cust: 'd' }, '/cust', 'must be object'],
    [{ cust: { domain_id: 5 } }, '/cust/domain_id', 'must be string'],
    [{ cust: { groups: 'g' } }, '/cust/groups', 'must be array'],
    [{ cust: { groups: [5] } }, '/cust/groups/0', 'must be string'],
    [{ iat: -1 }, '/iat', 'must be >= 0'],
    [{ exp: 1e12 + 1 }, '/exp', 'must be <= 1000000000000'],
    [{ exp: 1.5 }, '/exp', 'must be integer'],
    [{ exp: '1' }, '/exp', 'must be integer'],
    ['text', '', 'must be object'],
  ])('are refused for %j with a reason', (claims, pointer, message) => {
    expect(checkClaims(claims)).toEqual({ issues: [{ pointer, message }] })
  })
})
