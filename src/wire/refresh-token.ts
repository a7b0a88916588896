import type { RefreshToken } from '../model/refresh-token.ts'
import type { Issue } from '../model/issue.ts'
import { DAY, type Instant } from '../model/time.ts'
import { readPaging, type RawQuery } from './list-query.ts'
import { formatInstant, parseInstant } from './timestamps.ts'

/** A refresh token in a list: never its value. The fields are assumed (docs/reference/fidelity.md). */
export interface WireRefreshToken {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly user_id: string
  readonly labels: readonly string[]
  readonly expired: boolean
  readonly revoked: boolean
  readonly expires_at?: string
}

export function toWireRefreshToken(
  token: RefreshToken,
  { userId, isExpired }: { userId: string; isExpired: boolean },
): WireRefreshToken {
  return {
    id: token.id,
    createdAt: formatInstant(token.createdAt),
    updatedAt: formatInstant(token.lastUsedAt),
    user_id: userId,
    labels: token.labels,
    expired: isExpired,
    revoked: token.revokedAt !== undefined,
    ...(token.expiresAt !== undefined && { expires_at: formatInstant(token.expiresAt) }),
  }
}

export interface TokenQuery {
  readonly skip: number
  readonly limit: number | undefined
  readonly matches: (token: WireRefreshToken) => boolean
}

/** Reads the query of the token list: `user_id`, `labels`, `expired`, `revoked`, `refreshed_before`, `skip`, `limit`. */
export function readTokenQuery(raw: unknown, now: Instant): TokenQuery | { readonly issues: readonly Issue[] } {
  const query = raw as RawQuery
  const page = readPaging(raw)
  if ('issues' in page) return page
  const before = typeof query.refreshed_before === 'string' ? readMoment(query.refreshed_before, now) : Infinity
  if (before === undefined)
    return {
      issues: [{ pointer: '/refreshed_before', message: 'is neither an RFC 3339 time nor of the form -1Y-2M-5D' }],
    }
  const tests = [
    (token: WireRefreshToken) => query.user_id === undefined || token.user_id === query.user_id,
    (token: WireRefreshToken) =>
      query.labels === undefined || [query.labels].flat().every((label) => token.labels.includes(label)),
    (token: WireRefreshToken) => query.expired === undefined || String(token.expired) === query.expired,
    (token: WireRefreshToken) => query.revoked === undefined || String(token.revoked) === query.revoked,
    (token: WireRefreshToken) => (parseInstant(token.updatedAt) ?? 0) < before,
  ]
  return { ...page, matches: (token) => tests.every((test) => test(token)) }
}

const AGO = /^(?=-)(?:-(\d{1,4})Y)?(?:-(\d{1,4})M)?(?:-(\d{1,6})D)?$/

/** An instant, or years, months and days before now (thalesdocs: `-1Y-2M-5D`). */
function readMoment(text: string, now: Instant): Instant | undefined {
  const match = AGO.exec(text)
  if (match === null) return parseInstant(text)
  const [years = 0, months = 0, days = 0] = match.slice(1).map((part: string | undefined) => Number(part ?? 0))
  const moment = new Date(now / 1000)
  moment.setUTCMonth(moment.getUTCMonth() - months - years * 12)
  return moment.getTime() * 1000 - days * DAY
}
