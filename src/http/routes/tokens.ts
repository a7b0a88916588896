import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Domain } from '../../domain/domain.ts'
import type { Domains } from '../../domain/registry.ts'
import type { Sessions } from '../../identity/sessions.ts'
import { EmulatorError } from '../../errors.ts'
import { SECOND, type Instant } from '../../model/time.ts'
import { readPaging, type ListQuery } from '../../wire/list-query.ts'
import { renderPage } from '../../wire/page.ts'
import { readTokenQuery, toWireRefreshToken } from '../../wire/refresh-token.ts'
import { readRevocation, readSignIn } from '../../wire/sign-in.ts'
import type { WireClaims } from '../../wire/token.ts'
import { issueMessage } from '../../wire/issues.ts'
import { DOMAIN_HEADER, JSON_TYPE } from '../../wire/headers.ts'
import { requireCaller, type Caller } from '../request-call.ts'
import type { FaultActions } from '../fault-actions.ts'
import { routePath } from '../path-table.ts'
import type { Signer } from '../../identity/signer.ts'
import type { createSignInResolver } from '../../identity/sign-in.ts'
import { signedDomain, type createTokenVerifier } from '../../identity/token-verifier.ts'
import { userId } from '../../identity/token-issuer.ts'
import { openEntry } from '../request-journal.ts'

export interface TokenRoutes {
  readonly signer: Signer
  readonly domains: Domains
  readonly identify: onRequestHookHandler
  readonly resolveSignIn: ReturnType<typeof createSignInResolver>
  readonly sessions: Sessions
  readonly realNow: () => Instant
  readonly faults: FaultActions
  readonly verify: ReturnType<typeof createTokenVerifier>
  /** The public keys, as a JWK set. */
  readonly jwks: object
}

/** Signing in, renewing, revoking (thalesdocs, "Tokens"). Whatever Authorization a sign-in carries does not matter. */
export function tokenRoutes(app: FastifyInstance, routes: TokenRoutes): void {
  const { identify, sessions, resolveSignIn, faults, domains, realNow } = routes

  routePath(app, '/auth/tokens', {
    POST: {
      operation: 'auth.tokens.create',
      handler: async (request, reply) => {
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
    GET: {
      operation: 'auth.tokens.list',
      onRequest: identify,
      handler: (request, reply) => {
        const reading = readTokenQuery(request.query, realNow())
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        const tokens = sessions.ofDomain(requireCaller(request).domain.id).map(toWire).filter(reading.matches)
        return sendPage(reply, tokens, reading)
      },
    },
  })

  const toWire = (token: Parameters<Sessions['revoke']>[0]) =>
    toWireRefreshToken(token, { userId: userId(token.userName), isExpired: sessions.isExpired(token) })

  routePath(app, '/auth/tokens/:id', {
    GET: {
      operation: 'auth.tokens.get',
      onRequest: identify,
      handler: (request, reply) => reply.send(toWire(sessions.find(requireCaller(request).domain.id, idOf(request)))),
    },
    DELETE: {
      operation: 'auth.tokens.delete',
      onRequest: identify,
      handler: (request, reply) => {
        sessions.revoke(sessions.find(requireCaller(request).domain.id, idOf(request)))
        return reply.code(204).send()
      },
    },
  })

  routePath(app, '/auth/revoke', {
    POST: {
      operation: 'auth.tokens.revoke',
      handler: async (request, reply) => {
        const reading = readRevocation(request.body)
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        openEntry(request, revokedIn(reading.token, routes))
        if (!(await faults.executeBeforeHandler(request, reply))) return reply
        revoke(reading.token, routes)
        return reply.code(204).send()
      },
    },
  })

  routePath(app, '/auth/logout', {
    POST: {
      operation: 'auth.logout',
      onRequest: identify,
      handler: (request, reply) => {
        const { jwtid, exp } = requireCaller(request).claims ?? {}
        if (jwtid !== undefined && exp !== undefined) sessions.revokeJwt(jwtid, exp * SECOND)
        return reply.code(204).send()
      },
    },
  })

  routePath(app, '/auth/jwks.json', {
    GET: {
      operation: 'auth.jwks',
      onRequest: (request, reply, done) => {
        openEntry(request, domains.root())
        done()
      },
      handler: (_request, reply) => reply.send(routes.jwks),
    },
  })
  routePath(app, '/auth/self/user', {
    GET: {
      operation: 'auth.self.user',
      onRequest: identify,
      handler: (request, reply) => reply.send(selfOf(requireCaller(request))),
    },
  })
  routePath(app, '/auth/self/domains', {
    GET: {
      operation: 'auth.self.domains',
      onRequest: identify,
      handler: (request, reply) => {
        const reading = readPaging(request.query)
        if ('issues' in reading) throw new EmulatorError('badRequest', issueMessage(reading.issues))
        return sendPage(reply, [domainOf(requireCaller(request).domain)], reading)
      },
    },
  })
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

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}

/** The domain of a token that is to be revoked; root, where nobody knows the token. */
function revokedIn(token: string, { signer, domains, sessions }: TokenRoutes): Domain {
  const refresh = sessions.byValue(token)
  const id = refresh?.domainId ?? signedDomain(signer, token)
  return (id === undefined ? undefined : domains.byId(id)) ?? domains.root()
}

/** A refresh token by its value, or an API token by itself. One that is neither is dead already. */
function revoke(token: string, { sessions, verify }: TokenRoutes): void {
  const refresh = sessions.byValue(token)
  if (refresh !== undefined) {
    sessions.revoke(refresh)
    return
  }
  const claims = claimsOf(token, verify)
  if (claims !== undefined) sessions.revokeJwt(claims.jwtid, claims.exp * SECOND)
}

/** Nobody is asked who they are here, so only a token of our own signing leaves a trace. */
function claimsOf(token: string, verify: TokenRoutes['verify']): WireClaims | undefined {
  try {
    return verify(token).claims
  } catch (error) {
    if (error instanceof EmulatorError) return undefined
    throw error
  }
}

function selfOf({ userName, groups, domain }: Caller): object {
  const id = userId(userName)
  return {
    user_id: id,
    username: userName,
    name: userName,
    groups,
    connection: 'local_account',
    domain: domainOf(domain),
  }
}

function domainOf({ id, name }: Domain): object {
  return { id, name }
}
