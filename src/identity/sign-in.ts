import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Domain } from '../domain/domain.ts'
import type { Domains, OpenedDomain } from '../domain/registry.ts'
import type { IssuedRefresh, Sessions } from './sessions.ts'
import type { Users } from './users.ts'
import { EmulatorError } from '../errors.ts'
import { domainNameOf, ROOT_DOMAIN } from '../model/domain.ts'
import { SECOND } from '../model/time.ts'
import { domainOf, type SignIn } from '../wire/sign-in.ts'
import type { WireTokenResponse } from '../wire/token.ts'
import { issueMessage } from '../wire/issues.ts'
import { CLIENT_ID, issueToken, tokenTtl } from './token-issuer.ts'
import { tokenTime } from './token-verifier.ts'

export interface SignInOptions {
  readonly app: FastifyInstance
  readonly domains: Domains
  readonly users: Users
  readonly sessions: Sessions
  /** With `any` and `off`, any name and password will do. */
  readonly mode: 'strict' | 'any' | 'off'
  readonly realNow: () => number
  readonly log: FastifyBaseLogger
}

export interface SignedIn {
  readonly response: WireTokenResponse
  readonly domain: Domain
  readonly isNew: boolean
}

/** A person, once the password was right. */
interface Identity {
  /** As configured, however the sign-in writes it. */
  readonly userName: string
  readonly groups: readonly string[]
  /** The domain that they sign in to, by name or id. */
  readonly goesTo: string
}

/**
 * Signs in. A sign-in is one transaction: what fails makes neither a domain nor a token. `onIssued` runs in it, with the API
 * token.
 */
export function createSignIn(
  options: SignInOptions,
): (signIn: SignIn, onIssued: (jwt: string) => void) => Promise<SignedIn> {
  const { sessions, domains } = options
  return async (signIn, onIssued) => {
    const grant = (granted: Grant): WireTokenResponse => {
      const response = responseOf(options, granted)
      onIssued(response.jwt)
      return response
    }
    switch (signIn.grant_type ?? 'password') {
      case 'password':
        return byPassword(identify(options, passwordOf(signIn), signIn), grant, (owner) =>
          sessions.begin(owner, wishesOf(signIn)),
        )
      case 'client_credential':
        return byPassword(identify(options, clientSecretOf(signIn), signIn), grant, () => undefined)
      case 'refresh_token':
        return byRefreshToken(signIn, grant)
      default:
        throw new EmulatorError('notEmulated', 'grant_type user_certificate', '/docs/fidelity lists what is emulated')
    }
  }

  async function byPassword(
    identity: Identity,
    grant: (granted: Grant) => WireTokenResponse,
    begin: (owner: { domainId: string; userName: string }) => IssuedRefresh | undefined,
  ): Promise<SignedIn> {
    const { domain, isNew, result } = await enter(options, identity.goesTo, (entered) =>
      grant({ domain: entered, identity, refresh: begin({ domainId: entered.id, userName: identity.userName }) }),
    )
    return { domain, isNew, response: result }
  }

  function byRefreshToken(signIn: SignIn, grant: (granted: Grant) => WireTokenResponse): SignedIn {
    const value = required(signIn, 'refresh_token')
    const wanted = domainOf(signIn)
    const domainId = wanted === undefined ? undefined : (named(domains, wanted)?.id ?? 'unknown')
    const token = sessions.usable(value, domainId)
    const domain = domains.byId(token.domainId)
    if (domain === undefined)
      throw new EmulatorError('unauthorized', 'Invalid token', 'the domain of the refresh token was deleted')
    const user = options.users.with(domain.users).find(token.userName, domain.name)
    const userName = user?.name ?? token.userName
    const identity = { userName, groups: user?.groups ?? [], goesTo: domain.name }
    const response = sessions.together(() =>
      grant({ domain, identity, refresh: sessions.use(token, value, signIn.renew_refresh_token ?? false) }),
    )
    return { domain, isNew: false, response }
  }
}

interface Credentials {
  readonly name: string
  readonly password: string
}

export function passwordOf(signIn: SignIn): Credentials {
  const name = signIn.username ?? signIn.name
  if (name === undefined) throw missing('username')
  return { name, password: required(signIn, 'password') }
}

export function clientSecretOf(signIn: SignIn): Credentials {
  return { name: required(signIn, 'client_id'), password: required(signIn, 'client_secret') }
}

function required(signIn: SignIn, field: 'password' | 'refresh_token' | 'client_id' | 'client_secret'): string {
  const value = signIn[field]
  if (value === undefined) throw missing(field)
  return value
}

function missing(field: string): EmulatorError {
  return new EmulatorError('badRequest', issueMessage([{ pointer: `/${field}`, message: 'is required' }]))
}

/** Users are local ones; `local_account|admin` names one in full. */
const LOCAL = 'local_account'

export function identify(options: SignInOptions, { name: written, password }: Credentials, signIn: SignIn): Identity {
  const { mode } = options
  const { name, suffix } = splitName(
    options,
    written.startsWith(`${LOCAL}|`) ? written.slice(LOCAL.length + 1) : written,
  )
  const wanted = suffix ?? domainOf(signIn)
  const { users, domain } = within(options, wanted)
  const user = users.verify(name, password, domain)
  if (user !== undefined && (signIn.connection ?? LOCAL) === LOCAL)
    return { userName: user.name, groups: user.groups ?? [], goesTo: wanted ?? user.domain ?? ROOT_DOMAIN }
  if (mode !== 'strict')
    return { userName: users.find(name, domain)?.name ?? name, groups: ['admin'], goesTo: wanted ?? ROOT_DOMAIN }
  throw new EmulatorError(
    'unauthorized',
    'Wrong username or password.',
    'users come from --user NAME:PASSWORD, without any there is admin with the password admin; one with a home domain signs in there alone',
  )
}

/** The users that a domain knows: its own before those of the configuration. */
function within(
  { users, domains }: SignInOptions,
  nameOrId: string | undefined,
): { users: Users; domain: string | undefined } {
  const domain = nameOrId === undefined ? undefined : named(domains, nameOrId)
  if (domain === undefined) return { users, domain: nameOrId }
  return { users: users.with(domain.users), domain: domain.name }
}

/** `admin@t-42` is admin in t-42, and `admin@a/b` in a.b, unless there is a user of the whole name. */
function splitName(options: SignInOptions, written: string): { name: string; suffix: string | undefined } {
  const whole = { name: written, suffix: undefined }
  const at = written.lastIndexOf('@')
  if (at < 0 || at === written.length - 1 || options.users.find(written) !== undefined) return whole
  const name = written.slice(0, at)
  const suffix = domainNameOf(written.slice(at + 1))
  return within(options, suffix).users.find(name) === undefined ? whole : { name, suffix }
}

export function named(domains: Domains, nameOrId: string): Domain | undefined {
  return domains.find(nameOrId)
}

async function enter<T>(
  { domains, log }: SignInOptions,
  name: string,
  within: (domain: Domain) => T,
): Promise<OpenedDomain<T>> {
  if (named(domains, name) === undefined && !domains.mayMake(name))
    throw new EmulatorError(
      'unauthorized',
      `Invalid domain: ${name}`,
      'this emulator makes no domains of that name: see --domains',
    )
  const opened = await domains.open(name, { within })
  if (opened.isNew) log.info({ domain: opened.domain.name }, 'a sign-in made this domain from the seed')
  return opened
}

function wishesOf({ labels, refresh_token_lifetime, refresh_token_revoke_unused_in }: SignIn) {
  return {
    labels: typeof labels === 'string' ? [labels] : (labels ?? []),
    ...(refresh_token_lifetime !== undefined && { lifetimeMinutes: refresh_token_lifetime }),
    ...(refresh_token_revoke_unused_in !== undefined && { unusedMinutes: refresh_token_revoke_unused_in }),
  }
}

interface Grant {
  readonly domain: Domain
  readonly identity: Identity
  readonly refresh: IssuedRefresh | undefined
}

function responseOf({ app, realNow }: SignInOptions, { domain, identity, refresh }: Grant): WireTokenResponse {
  const ttl = tokenTtl(domain)
  const { userName, groups } = identity
  const jwt = issueToken(app, { userName, groups, domain, ttl, at: tokenTime({ realNow }, domain) })
  const response = { jwt, duration: Math.ceil(ttl / SECOND), token_type: 'Bearer', client_id: CLIENT_ID } as const
  if (refresh === undefined) return response
  const { token, value } = refresh
  const expiry =
    token.expiresAt === undefined
      ? {}
      : { refresh_token_expires_in: Math.floor((token.expiresAt - realNow()) / SECOND) }
  return { ...response, refresh_token_id: token.id, refresh_token: value, ...expiry }
}
