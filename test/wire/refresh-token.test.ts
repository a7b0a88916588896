// A refresh token in a list, and the query of the list.

import { describe, expect, it } from 'vitest'
import type { RefreshToken } from '../../src/model/refresh-token.ts'
import { HOUR, SECOND, toInstant } from '../../src/model/time.ts'
import type { RawQuery } from '../../src/wire/list-query.ts'
import { readTokenQuery, toWireRefreshToken, type WireRefreshToken } from '../../src/wire/refresh-token.ts'
import { formatInstant, parseInstant } from '../../src/wire/timestamps.ts'

const NOW = parseInstant('2024-03-31T12:00:00Z')!
const TOKEN: RefreshToken = {
  ...{ id: 't', digest: 'd', domainId: 'root', userName: 'admin', labels: ['ci', 'night'] },
  ...{
    createdAt: NOW,
    lastUsedAt: toInstant(NOW + SECOND),
    expiresAt: undefined,
    unusedFor: undefined,
    revokedAt: undefined,
  },
}
const OWNER = { userId: 'local|1', isExpired: false }
const WIRE: WireRefreshToken = {
  ...{ id: 't', createdAt: '2024-03-31T12:00:00Z', updatedAt: '2024-03-31T12:00:01Z', user_id: 'local|1' },
  ...{ labels: ['ci', 'night'], expired: false, revoked: false },
}

describe('a refresh token', () => {
  it('shows no value, and the expiry if there is one', () => {
    expect(JSON.stringify(toWireRefreshToken(TOKEN, OWNER))).toBe(JSON.stringify(WIRE))
    const ending = { ...TOKEN, expiresAt: toInstant(NOW + 2 * SECOND), revokedAt: NOW }
    expect(toWireRefreshToken(ending, { ...OWNER, isExpired: true })).toEqual({
      ...WIRE,
      ...{ expired: true, revoked: true, expires_at: '2024-03-31T12:00:02Z' },
    })
  })
})

/** Whether the list for this query contains the token. */
function has(query: RawQuery, token: Partial<WireRefreshToken> = {}): boolean {
  const reading = readTokenQuery(query, NOW)
  if ('issues' in reading) throw new Error(JSON.stringify(reading.issues))
  return reading.matches({ ...WIRE, ...token })
}

describe('a list of refresh tokens', () => {
  it('returns all tokens, ten a page by default', () => {
    expect(readTokenQuery({}, NOW)).toMatchObject({ skip: 0, limit: 10 })
    expect(readTokenQuery({ skip: '2', limit: '-1' }, NOW)).toMatchObject({ skip: 2, limit: undefined })
    expect(has({})).toBe(true)
  })

  it.each([
    [{ user_id: 'local|1' }, true],
    [{ user_id: 'local|2' }, false],
    [{ labels: 'ci' }, true],
    [{ labels: ['night', 'ci'] }, true],
    [{ labels: ['ci', 'day'] }, false],
    [{ expired: 'false' }, true],
    [{ expired: 'true' }, false],
    [{ revoked: 'false' }, true],
    [{ revoked: 'true' }, false],
    [{ user_id: 'local|1', labels: 'ci', expired: 'false', revoked: 'true' }, false],
  ])('contains the token for %j: %s', (query, isThere) => {
    expect(has(query)).toBe(isThere)
  })

  it.each([
    ['2024-03-31T12:00:01Z', '2024-03-31T12:00:01Z'],
    ['-5D', '2024-03-26T12:00:00Z'],
    ['-2M', '2024-01-31T12:00:00Z'],
    ['-1Y', '2023-03-31T12:00:00Z'],
    ['-1Y2M', undefined],
    ['-1Y-2M-5D', '2023-01-26T12:00:00Z'],
    // The 31st of a short month overflows into the next one, like in Go's AddDate.
    ['-1M', '2024-03-02T12:00:00Z'],
    ['-13M', '2023-03-03T12:00:00Z'],
    ['-1Y-1M', '2023-03-03T12:00:00Z'],
    ['-0D', '2024-03-31T12:00:00Z'],
    ['-12Y', '2012-03-31T12:00:00Z'],
    ['-100D', '2023-12-22T12:00:00Z'],
    ['', undefined],
    ['-', undefined],
    ['5D', undefined],
    ['-5', undefined],
    ['-5D-1Y', undefined],
    ['-5D and more', undefined],
    ['about -5D', undefined],
    ['-xD', undefined],
    ['yesterday', undefined],
  ])('reads refreshed_before=%s as %s', (text, instant) => {
    const query = { refreshed_before: text }
    if (instant === undefined) {
      const message = 'is neither an RFC 3339 time nor of the form -1Y-2M-5D'
      expect(readTokenQuery(query, NOW)).toEqual({ issues: [{ pointer: '/refreshed_before', message }] })
    } else {
      expect(has(query, { updatedAt: instant })).toBe(false)
      expect(has(query, { updatedAt: instant.replace('Z', '.000001Z') })).toBe(false)
      const before = new Date(Date.parse(instant) - 1).toISOString()
      expect(has(query, { updatedAt: before })).toBe(true)
    }
  })

  it('counts relative times back from the given instant', () => {
    const hoursAgo = (hours: number) => formatInstant(toInstant(NOW - hours * HOUR))
    expect(has({ refreshed_before: '-1D' }, { updatedAt: hoursAgo(25) })).toBe(true)
    expect(has({ refreshed_before: '-1D' }, { updatedAt: hoursAgo(23) })).toBe(false)
  })

  it('refuses invalid paging', () => {
    const message = 'is not a whole number from -1: x'
    expect(readTokenQuery({ limit: 'x' }, NOW)).toEqual({ issues: [{ pointer: '/limit', message }] })
  })
})
