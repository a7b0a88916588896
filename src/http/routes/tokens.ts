import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Domain } from '../../domain/domain.ts'
import type { Domains } from '../../domain/registry.ts'
import type { Sessions } from '../../identity/sessions.ts'
import { EmulatorError } from '../../errors.ts'
import type { RefreshToken } from '../../model/refresh-token.ts'
import { SECOND, toInstant, type Instant } from '../../model/time.ts'
import { readPaging, type ListQuery } from '../../wire/list-query.ts'
import type { ServerOperationName } from '../../wire/server-operations.ts'
import { renderPage } from '../../wire/page.ts'
import { readTokenQuery, toWireRefreshToken } from '../../wire/refresh-token.ts'
import { readRevocation, readSignIn } from '../../wire/sign-in.ts'
import type { DomainReference, SelfUser } from '../../wire/system.ts'
import type { KeySet, WireClaims } from '../../wire/token.ts'
import { issueMessage } from '../../wire/issues.ts'
import { DOMAIN_HEADER, JSON_TYPE } from '../../wire/headers.ts'
import { requireCaller, type Caller } from '../request-call.ts'
import type { FaultActions } from '../fault-actions.ts'
import { idOf, queryOf, type OperationHandler } from '../operation-routes.ts'
import type { Signer } from '../../identity/signer.ts'
import type { createSignInResolver } from '../../identity/sign-in.ts'
import { signedDomain, type createTokenVerifier } from '../../identity/token-verifier.ts'
import { userId } from '../../identity/token-issuer.ts'
import { openEntry } from '../request-journal.ts'

interface TokenRoutes {
  readonly signer: Signer
  readonly domains: Domains
  readonly resolveSignIn: ReturnType<typeof createSignInResolver>
  readonly sessions: Sessions
  readonly realNow: () => Instant
  readonly faults: FaultActions
  readonly verify: ReturnType<typeof createTokenVerifier>
  /** The public keys, as a JWK set. */
  readonly jwks: KeySet
}

/** Signing in, renewing, revoking (thalesdocs, "Tokens"). */
export function tokenHandlers(routes: TokenRoutes) {
  const { sessions, resolveSignIn, faults, domains, realNow } = routes
  const find = (request: FastifyRequest) => sessions.find(requireCaller(request).domain.id, idOf(request))
  const toWire = (token: RefreshToken) =>
    toWireRefreshToken(token, { userId: userId(token.userName), isExpired: sessions.isExpired(token) })
  return {
    'auth.tokens.create': {
      handle: async (request, reply) => {
        const reading = readSignIn(request.body)
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        const { target, grant } = resolveSignIn(reading.signIn)
        if (target !== undefined) openEntry(request, target)
        if (!(await faults.executeBeforeHandler(request, reply))) return reply
        const { response, domain, isNew } = await grant((jwt) => {
          faults.executeOnIssued(request, jwt)
        })
        if (target === undefined) openEntry(request, domain)
        request.call.isAnswerSecret = true
        return reply.header(DOMAIN_HEADER, isNew ? `${domain.name}; new` : domain.name).send(response)
      },
    },
    'auth.tokens.list': {
      handle: (request, reply) => {
        const { domain } = requireCaller(request)
        const reading = readTokenQuery(queryOf(request), realNow(), domain.settings)
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        const tokens = sessions.ofDomain(domain.id).map(toWire).filter(reading.matches)
        return sendPage(reply, tokens, reading)
      },
    },
    'auth.tokens.get': { handle: (request, reply) => reply.send(toWire(find(request))) },
    'auth.tokens.delete': {
      handle: (request, reply) => {
        sessions.revoke(find(request))
        return reply.send()
      },
    },
    'auth.tokens.revoke': {
      handle: async (request, reply) => {
        const reading = readRevocation(request.body)
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        openEntry(request, revokedIn(reading.token, routes))
        if (!(await faults.executeBeforeHandler(request, reply))) return reply
        revoke(reading.token, routes)
        return reply.send()
      },
    },
    'auth.logout': {
      handle: (request, reply) => {
        const { jwtid, exp } = requireCaller(request).claims ?? {}
        if (jwtid !== undefined && exp !== undefined) sessions.revokeJwt(jwtid, toInstant(exp * SECOND))
        return reply.send()
      },
    },
    'auth.jwks': {
      onRequest: (request, _reply, done) => {
        openEntry(request, domains.root())
        done()
      },
      handle: (_request, reply) => reply.send(routes.jwks),
    },
    'auth.self.user': { handle: (request, reply) => reply.send(selfOf(requireCaller(request))) },
    'auth.self.domains': {
      handle: (request, reply) => {
        const reading = readPaging(queryOf(request), requireCaller(request).domain.settings)
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        return sendPage(reply, [domainOf(requireCaller(request).domain)], reading)
      },
    },
  } satisfies Partial<Record<ServerOperationName, OperationHandler>>
}

function sendPage(
  reply: FastifyReply,
  all: readonly object[],
  { skip, limit }: Pick<ListQuery, 'skip' | 'limit'>,
): FastifyReply {
  const shown = all.slice(skip, limit === undefined ? undefined : skip + limit)
  const resources = shown.map((each) => JSON.stringify(each))
  return reply.type(JSON_TYPE).send(renderPage({ skip, limit: limit ?? -1, total: all.length, resources }))
}

/** The domain of a token that is to be revoked; root if the token is unknown. */
function revokedIn(token: string, { signer, domains, sessions }: TokenRoutes): Domain {
  const refresh = sessions.byValue(token)
  const id = refresh?.domainId ?? signedDomain(signer, token)
  return (id === undefined ? undefined : domains.byId(id)) ?? domains.root()
}

/** Revokes a refresh token by its value, or an API token. Any other token is invalid anyway. */
function revoke(token: string, { sessions, verify }: TokenRoutes): void {
  const refresh = sessions.byValue(token)
  if (refresh !== undefined) {
    sessions.revoke(refresh)
    return
  }
  const claims = claimsOf(token, verify)
  if (claims !== undefined) sessions.revokeJwt(claims.jwtid, toInstant(claims.exp * SECOND))
}

/** The call requires no token, so the claims count only if this emulator has signed the token to revoke. */
function claimsOf(token: string, verify: TokenRoutes['verify']): WireClaims | undefined {
  try {
    return verify(token).claims
  } catch (error) {
    if (error instanceof EmulatorError) return undefined
    throw error
  }
}

function selfOf({ userName, groups, domain }: Caller): SelfUser {
  return {
    user_id: userId(userName),
    username: userName,
    name: userName,
    groups: [...groups],
    connection: 'local_account',
    domain: domainOf(domain),
  }
}

function domainOf({ id, name }: Domain): DomainReference {
  return { id, name }
}
