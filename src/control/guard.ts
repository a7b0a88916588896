import { timingSafeEqual, createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { EmulatorError } from '../errors.ts'
import { matchesGlob } from '../model/glob.ts'
import { bearerOf } from '../wire/headers.ts'

export interface GuardOptions {
  /** Whether the server listens on a loopback address only. */
  readonly isLoopback: boolean
  readonly allowHosts: readonly string[]
  readonly adminToken: string | undefined
  /** The domain in which the bearer of a CM token is an administrator; undefined: none. */
  readonly administers: (authorization: string | undefined) => string | undefined
}

export interface GuardedRequest {
  readonly host: string
  readonly origin: string | undefined
  readonly site: string | undefined
  readonly authorization: string | undefined
  /** The domain whose part of the API is asked for; undefined: the server's own part. */
  readonly domain: string | undefined
}

/** Hosts that a page on the internet cannot make its own name point to. */
const PRIVATE_NAMES = ['*.local', '*.internal', '*.test', '*.svc.cluster.local', '*.localhost']

/** Throws unless a request may drive the emulator: no other site's page, no borrowed name, the right token. */
export function createGuard(options: GuardOptions): (request: GuardedRequest) => void {
  return (request) => {
    refuseOtherSites(request)
    const name = hostName(request.host)
    if (!isKnownHost(name, options))
      throw new EmulatorError(
        'forbidden',
        `the control API does not answer to the host name ${name}`,
        `start with --allow-host ${name}`,
      )
    if (options.adminToken !== undefined) refuseStrangers(request, options.adminToken, options)
  }
}

function refuseOtherSites({ origin, host, site }: GuardedRequest): void {
  // To a browser every port of localhost is the same site, and a page need not send its origin to have an image loaded.
  const isElsewhere = site === 'cross-site' || site === 'same-site'
  const isOther = (origin !== undefined && !isSameOrigin(origin, host)) || isElsewhere
  if (isOther) throw new EmulatorError('forbidden', 'the control API takes no requests from pages of other sites')
}

function isSameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}

function hostName(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
}

function isKnownHost(name: string, { isLoopback, allowHosts }: GuardOptions): boolean {
  if (name === 'localhost' || name === '::1' || /^127(\.\d+){3}$/.test(name)) return true
  if (allowHosts.some((allowed) => allowed.toLowerCase() === name)) return true
  if (isLoopback) return name.endsWith('.localhost')
  return isIP(name) !== 0 || !name.includes('.') || PRIVATE_NAMES.some((glob) => matchesGlob(glob, name))
}

function refuseStrangers(
  { authorization, domain }: GuardedRequest,
  token: string,
  { administers }: GuardOptions,
): void {
  if (isToken(authorization, token)) return
  const own = administers(authorization)
  if (own !== undefined && own.toLowerCase() === domain?.toLowerCase()) return
  throw new EmulatorError(
    'unauthorized',
    own === undefined ? 'the control API is locked' : `this token administers the domain ${own} alone`,
    'send the admin token: Authorization: Bearer TOKEN (--admin-token, CCKM_EMULATOR_ADMIN_TOKEN)',
  )
}

function isToken(authorization: string | undefined, token: string): boolean {
  const given = bearerOf(authorization) ?? ''
  return timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
