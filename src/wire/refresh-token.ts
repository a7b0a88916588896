import Type, { type Static } from 'typebox'
import type { RefreshToken } from '../model/refresh-token.ts'
import type { Settings } from '../model/settings.ts'
import type { Issue } from '../model/issue.ts'
import { DAY, toInstant, type Instant } from '../model/time.ts'
import { assumed, instantSchema, seen } from './certainty.ts'
import { PAGING, readPaging, repeatable, type Parameter, type RawQuery } from './list-query.ts'
import { formatInstant, parseInstant } from './timestamps.ts'

/** A refresh token in a list: without its value. */
export const WireRefreshToken = Type.Object({
  id: Type.String(seen('The refresh token, not its value.')),
  createdAt: instantSchema(assumed('When it was issued.')),
  updatedAt: instantSchema(assumed('When it was last used.')),
  user_id: Type.String(assumed('Its user.')),
  labels: Type.Array(Type.String(), assumed('Its tags.')),
  expired: Type.Boolean(assumed('Whether it has expired.')),
  revoked: Type.Boolean(assumed('Whether it was revoked.')),
  expires_at: Type.Optional(instantSchema(assumed('When it expires; absent if it never does.'))),
})

export type WireRefreshToken = Static<typeof WireRefreshToken>

export function toWireRefreshToken(
  token: RefreshToken,
  { userId, isExpired }: { userId: string; isExpired: boolean },
): WireRefreshToken {
  return {
    id: token.id,
    createdAt: formatInstant(token.createdAt),
    updatedAt: formatInstant(token.lastUsedAt),
    user_id: userId,
    labels: [...token.labels],
    expired: isExpired,
    revoked: token.revokedAt !== undefined,
    ...(token.expiresAt !== undefined && { expires_at: formatInstant(token.expiresAt) }),
  }
}

const BOOLEAN = { type: 'boolean' }

/** The query of the list of refresh tokens. */
export const TOKEN_PARAMETERS: readonly Parameter[] = [
  ...PAGING,
  { name: 'user_id', schema: { type: 'string' }, ...seen('Tokens of this user: `local|` and an id.') },
  repeatable('labels', seen('Tokens that have all of these labels.')),
  { name: 'expired', schema: BOOLEAN, ...seen('Only those that expired, or only those that did not.') },
  { name: 'revoked', schema: BOOLEAN, ...seen('Only those that were revoked, or only those that were not.') },
  {
    name: 'refreshed_before',
    schema: { type: 'string', examples: ['2024-02-06T09:22:54Z', '-1Y-2M-5D'] },
    ...seen('Tokens last used before this instant, or before this time ago.'),
  },
]

interface TokenQuery {
  readonly skip: number
  readonly limit: number | undefined
  readonly matches: (token: WireRefreshToken) => boolean
}

/** Reads the query of the list of refresh tokens. */
export function readTokenQuery(
  query: RawQuery,
  now: Instant,
  settings?: Pick<Settings, 'listMaximum'>,
): TokenQuery | { readonly issues: readonly Issue[] } {
  const page = readPaging(query, settings)
  if ('issues' in page) return page
  const before = typeof query.refreshed_before === 'string' ? readMoment(query.refreshed_before, now) : Infinity
  if (before === undefined)
    return {
      issues: [{ pointer: '/refreshed_before', message: 'is neither an RFC 3339 time nor of the form -1Y-2M-5D' }],
    }
  const { user_id: userId, labels = [], expired, revoked } = query
  const matches = (token: WireRefreshToken): boolean =>
    (userId === undefined || token.user_id === userId) &&
    [labels].flat().every((label) => token.labels.includes(label)) &&
    (expired === undefined || String(token.expired) === expired) &&
    (revoked === undefined || String(token.revoked) === revoked) &&
    (parseInstant(token.updatedAt) ?? 0) < before
  return { ...page, matches }
}

const AGO = /^(?=-)(?:-(\d{1,4})Y)?(?:-(\d{1,4})M)?(?:-(\d{1,6})D)?$/

/** An instant, or years, months and days before now (thalesdocs: `-1Y-2M-5D`). */
function readMoment(text: string, now: Instant): Instant | undefined {
  const match = AGO.exec(text)
  if (match === null) return parseInstant(text)
  const [years = 0, months = 0, days = 0] = match.slice(1).map((part: string | undefined) => Number(part ?? 0))
  const moment = new Date(now / 1000)
  moment.setUTCMonth(moment.getUTCMonth() - months - years * 12)
  return toInstant(moment.getTime() * 1000 - days * DAY)
}
