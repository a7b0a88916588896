import type { Domain } from '../domain/domain.ts'
import { EmulatorError } from '../errors.ts'
import { bearerOf } from '../wire/headers.ts'
import type { createTokenVerifier } from './token-verifier.ts'

/** An administrator of one domain, identified by a CM token. */
export interface DomainAdministrator {
  readonly domain: Domain
  readonly userName: string
  readonly groups: readonly string[]
}

/** The administrator whose token is in an Authorization header; undefined if it has none, or that of another user. */
export function administratorOf(
  verify: ReturnType<typeof createTokenVerifier>,
  authorization: string | undefined,
): DomainAdministrator | undefined {
  const token = bearerOf(authorization)
  if (token === undefined) return undefined
  try {
    const { domain, claims } = verify(token)
    const { groups = [] } = claims.cust
    return groups.includes('admin') ? { domain, userName: claims.preferred_username, groups } : undefined
  } catch (error) {
    if (error instanceof EmulatorError) return undefined
    throw error
  }
}
