import type { Domain } from '../domain/domain.ts'
import type { Domains } from '../domain/registry.ts'
import type { IssuedRefresh, Sessions } from './sessions.ts'
import type { Signer } from './signer.ts'
import type { Users } from './users.ts'
import { EmulatorError } from '../errors.ts'
import { domainNameOf, ROOT_DOMAIN } from '../model/domain.ts'
import { SECOND, type Instant } from '../model/time.ts'
import { domainOf, type SignIn } from '../wire/sign-in.ts'
import type { TokenResponse } from '../wire/token.ts'
import { issueMessage } from '../wire/issues.ts'
import { CLIENT_ID, issueToken, tokenTtl } from './token-issuer.ts'
import { tokenTime } from './token-verifier.ts'

interface SignInOptions {
  readonly signer: Signer
  readonly domains: Domains
  readonly users: Users
  readonly sessions: Sessions
  /** With `any` and `off`, every name and password is accepted. */
  readonly mode: 'strict' | 'any' | 'off'
  readonly realNow: () => Instant
  /** Called when a sign-in has created a domain. */
  readonly onDomainCreated: (domain: Domain) => void
}

interface SignInResult {
  readonly response: TokenResponse
  readonly domain: Domain
  readonly isNew: boolean
}

/** A sign-in whose domain and user were looked up. */
interface ResolvedSignIn {
  /** The domain to sign in to, if it exists; for a sign-in that will be refused, the domain that it names. */
  readonly target: Domain | undefined
  /**
   * Signs in, or throws why not. It is one transaction: a sign-in that fails creates neither a domain nor a token.
   * `onIssued` runs in it, with the API token.
   */
  readonly grant: (onIssued: (jwt: string) => void) => Promise<SignInResult> | SignInResult
}

export function createSignInResolver(options: SignInOptions): (signIn: SignIn) => ResolvedSignIn {
  return (signIn) =>
    signIn.grant_type === 'refresh_token' ? resolveRefresh(options, signIn) : resolveCredentials(options, signIn)
}

/** A user, once the password was verified. */
interface Identity {
  /** As configured, regardless of the spelling in the request. */
  readonly userName: string
  readonly groups: readonly string[]
  /** The domain to sign in to, by name or id. */
  readonly domain: string
}

function resolveCredentials(options: SignInOptions, signIn: SignIn): ResolvedSignIn {
  const { domains, sessions } = options
  const identity = identityOrRefusal(options, signIn)
  if (identity instanceof EmulatorError) {
    const refuse = (): never => {
      throw identity
    }
    return { target: domains.find(domainOf(signIn) ?? ROOT_DOMAIN), grant: refuse }
  }
  const { userName, domain: name } = identity
  return {
    target: domains.find(name),
    grant: async (onIssued) => {
      refuseUnknownName(domains, name)
      const { domain, isNew, result } = await domains.open(name, {
        within: (opened) => {
          const owner = { domainId: opened.id, userName }
          const hasRefresh = signIn.grant_type !== 'client_credential'
          const refresh = hasRefresh ? sessions.begin(owner, refreshOptionsOf(signIn)) : undefined
          return issueResponse(options, { domain: opened, identity, refresh, onIssued })
        },
      })
      if (isNew) options.onDomainCreated(domain)
      return { domain, isNew, response: result }
    },
  }
}

function identityOrRefusal(options: SignInOptions, signIn: SignIn): Identity | EmulatorError {
  try {
    return identify(options, signIn)
  } catch (error) {
    if (error instanceof EmulatorError) return error
    throw error
  }
}

function resolveRefresh(options: SignInOptions, signIn: SignIn): ResolvedSignIn {
  const { domains, sessions, users } = options
  const { refresh_token: value } = signIn
  const named = domainOf(signIn)
  const owner = value === undefined ? undefined : sessions.byValue(value)?.domainId
  const target = named !== undefined ? domains.find(named) : owner !== undefined ? domains.byId(owner) : undefined
  const grant = (onIssued: (jwt: string) => void): SignInResult => {
    if (value === undefined) throw missing('refresh_token')
    const token = sessions.usable(value, named === undefined ? undefined : (target?.id ?? 'unknown'))
    const domain = domains.byId(token.domainId)
    if (domain === undefined)
      throw new EmulatorError('unauthorized', 'Invalid token', 'the domain of the refresh token was deleted')
    const user = users.with(domain.users).find(token.userName, domain.name)
    const identity = { userName: user?.name ?? token.userName, groups: user?.groups ?? [] }
    const response = sessions.together(() => {
      const refresh = sessions.use(token, value, signIn.renew_refresh_token ?? false)
      return issueResponse(options, { domain, identity, refresh, onIssued })
    })
    return { domain, isNew: false, response }
  }
  return { target, grant }
}

interface Credentials {
  readonly name: string
  readonly password: string
}

function credentialsOf(signIn: SignIn): Credentials {
  switch (signIn.grant_type ?? 'password') {
    case 'password':
      return {
        name: required(signIn.username ?? signIn.name, 'username'),
        password: required(signIn.password, 'password'),
      }
    case 'client_credential':
      return {
        name: required(signIn.client_id, 'client_id'),
        password: required(signIn.client_secret, 'client_secret'),
      }
    default:
      throw new EmulatorError(
        'notEmulated',
        'grant_type user_certificate',
        'docs/reference/fidelity.md lists what is emulated',
      )
  }
}

function required(value: string | undefined, field: string): string {
  if (value === undefined) throw missing(field)
  return value
}

function missing(field: string): EmulatorError {
  return new EmulatorError('badRequest', issueMessage([{ pointer: `/${field}`, message: 'is required' }]))
}

/** Users are local ones; `local_account|admin` is the full name of one. */
const LOCAL = 'local_account'

/** The user of a sign-in. Throws if the name or the password is wrong. */
function identify(options: SignInOptions, signIn: SignIn): Identity {
  const { name: written, password } = credentialsOf(signIn)
  const fullName = written.startsWith(`${LOCAL}|`) ? written.slice(LOCAL.length + 1) : written
  const { name, wanted, users, domain } = lookUp(options, fullName, signIn)
  const user = users.verify(name, password, domain)
  if (user !== undefined && (signIn.connection ?? LOCAL) === LOCAL)
    return { userName: user.name, groups: user.groups ?? [], domain: wanted ?? user.domain ?? ROOT_DOMAIN }
  if (options.mode !== 'strict')
    return { userName: users.find(name, domain)?.name ?? name, groups: ['admin'], domain: wanted ?? ROOT_DOMAIN }
  throw new EmulatorError(
    'unauthorized',
    'Wrong username or password.',
    'users come from --user NAME:PASSWORD (default: admin with the password admin); a user with a home domain can sign in only there',
  )
}

/** Where a user is looked for. */
interface UserLookup {
  readonly name: string
  /** The name or id of the domain that the sign-in asks for; undefined: the user's home. */
  readonly wanted: string | undefined
  /** The users of this domain: its own before those of the configuration. */
  readonly users: Users
  /** The name of this domain. */
  readonly domain: string | undefined
}

/** `admin@t-42` is admin in t-42, and `admin@a/b` in a.b, unless there is a user with the whole name. */
function lookUp(options: SignInOptions, written: string, signIn: SignIn): UserLookup {
  const at = written.lastIndexOf('@')
  const hasSuffix = at >= 0 && at < written.length - 1 && options.users.find(written) === undefined
  if (hasSuffix) {
    const suffixed = lookUpIn(options, written.slice(0, at), domainNameOf(written.slice(at + 1)))
    if (suffixed.users.find(suffixed.name) !== undefined) return suffixed
  }
  return lookUpIn(options, written, domainOf(signIn))
}

function lookUpIn({ users, domains }: SignInOptions, name: string, wanted: string | undefined): UserLookup {
  const domain = wanted === undefined ? undefined : domains.find(wanted)
  return { name, wanted, users: users.with(domain?.users ?? []), domain: domain?.name ?? wanted }
}

function refuseUnknownName(domains: Domains, name: string): void {
  if (domains.find(name) !== undefined || domains.isAllowed(name)) return
  throw new EmulatorError(
    'unauthorized',
    `Invalid domain: ${name}`,
    'this emulator creates no domain of that name: see --domains',
  )
}

function refreshOptionsOf({ labels, refresh_token_lifetime, refresh_token_revoke_unused_in }: SignIn) {
  return {
    labels: typeof labels === 'string' ? [labels] : (labels ?? []),
    ...(refresh_token_lifetime !== undefined && { lifetimeMinutes: refresh_token_lifetime }),
    ...(refresh_token_revoke_unused_in !== undefined && { unusedMinutes: refresh_token_revoke_unused_in }),
  }
}

interface Grant {
  readonly domain: Domain
  readonly identity: Omit<Identity, 'domain'>
  readonly refresh: IssuedRefresh | undefined
  readonly onIssued: (jwt: string) => void
}

function issueResponse(
  { signer, realNow }: SignInOptions,
  { domain, identity: { userName, groups }, refresh, onIssued }: Grant,
): TokenResponse {
  const ttl = tokenTtl(domain)
  const jwt = issueToken(signer, {
    userName,
    groups,
    domain,
    ttl,
    at: tokenTime({ realNow }, domain),
  })
  onIssued(jwt)
  const response = { jwt, duration: Math.ceil(ttl / SECOND), token_type: 'Bearer', client_id: CLIENT_ID } as const
  if (refresh === undefined) return response
  const { token, value } = refresh
  const expiry =
    token.expiresAt === undefined
      ? {}
      : { refresh_token_expires_in: Math.floor((token.expiresAt - realNow()) / SECOND) }
  return { ...response, refresh_token_id: token.id, refresh_token: value, ...expiry }
}
