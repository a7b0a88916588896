import { timingSafeEqual, createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { EmulatorError } from '../errors.ts'
import { matchesGlob } from '../model/glob.ts'
import { bearerOf } from '../wire/headers.ts'
import type { DomainAdministrator } from '../identity/administrator.ts'

export interface HostOptions {
  /** Whether the server listens on a loopback address only. */
  readonly isLoopback: boolean
  readonly allowHosts: readonly string[]
}

export interface GuardOptions extends HostOptions {
  readonly adminToken: string | undefined
  /** The administrator whose CM token an Authorization header has; undefined: it has none, or of somebody else. */
  readonly administratorOf: (authorization: string | undefined) => DomainAdministrator | undefined
}

/** What a call is about, as far as a lock looks at it. */
interface GuardedCall {
  /** The name or id of the domain whose part of the API is called; undefined: the server's own part. */
  readonly domain: string | undefined
  /** Whether the call can make a domain. */
  readonly makesDomains: boolean
}

/** Hosts that a page on the internet cannot make its own name point to. */
const PRIVATE_NAMES = ['*.local', '*.internal', '*.test', '*.svc.cluster.local', '*.localhost']

/** Throws unless a request comes from no other site's page and under a known host name. */
export function createSiteGuard(options: HostOptions): (request: FastifyRequest) => void {
  const checkHost = createHostGuard(options, 'the control API')
  return (request) => {
    refuseOtherSites(request)
    checkHost(request)
  }
}

/**
 * The same, and with an admin token a lock: only its bearer may make every call. Gives the administrator of a domain who
 * may make this one; undefined is somebody who may make every call.
 */
export function createGuard(
  options: GuardOptions,
): (request: FastifyRequest, call: GuardedCall) => DomainAdministrator | undefined {
  const checkSite = createSiteGuard(options)
  return (request, call) => {
    checkSite(request)
    return options.adminToken === undefined ? undefined : unlock(request, call, options.adminToken, options)
  }
}

/** Throws unless all host names of a request are known: a page on the internet may have made its name point here (DNS rebinding). */
export function createHostGuard(options: HostOptions, guarded: string): (request: FastifyRequest) => void {
  return (request) => {
    const hosts = headersOf(request.raw, 'host')
    if (hosts.length !== 1) throw new EmulatorError('forbidden', 'the request has no Host header, or several')
    for (const name of [...hosts, ...request.hosts].map(hostName))
      if (!isKnownHost(name, options))
        throw new EmulatorError(
          'forbidden',
          `${guarded} does not answer to the host name ${name}`,
          `start with --allow-host ${name}`,
        )
  }
}

/** The values of a header, each as it was sent: Node keeps the first Host and joins others with commas. */
function headersOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
}

/** What browsers send in Sec-Fetch-Site with requests of the server's own pages and of the address bar. */
const OWN_SITES = ['same-origin', 'none']

function refuseOtherSites({ raw, headers: { host = '' } }: FastifyRequest): void {
  const origins = headersOf(raw, 'origin')
  // To a browser every port of localhost is the same site, and a page need not send its origin to have an image loaded.
  const sites = headersOf(raw, 'sec-fetch-site')
  const isOwn =
    origins.length <= 1 &&
    sites.length <= 1 &&
    origins.every((origin) => isSameOrigin(origin, host)) &&
    sites.every((site) => OWN_SITES.includes(site))
  if (!isOwn) throw new EmulatorError('forbidden', 'the control API takes no requests from pages of other sites')
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

function isKnownHost(name: string, { isLoopback, allowHosts }: HostOptions): boolean {
  if (name === '') return false
  if (name === 'localhost' || name === '::1' || /^127(\.\d+){3}$/.test(name)) return true
  if (allowHosts.some((allowed) => allowed.toLowerCase() === name)) return true
  if (isLoopback) return name.endsWith('.localhost')
  return isIP(name) !== 0 || !name.includes('.') || PRIVATE_NAMES.some((glob) => matchesGlob(glob, name))
}

function unlock(
  { headers: { authorization } }: FastifyRequest,
  { domain, makesDomains }: GuardedCall,
  token: string,
  { administratorOf }: GuardOptions,
): DomainAdministrator | undefined {
  if (isToken(authorization, token)) return undefined
  const administrator = administratorOf(authorization)
  if (administrator !== undefined && isNamed(administrator.domain, domain)) return administrator
  throw new EmulatorError(
    administrator !== undefined && makesDomains ? 'forbidden' : 'unauthorized',
    administrator === undefined
      ? lockedMessage(authorization)
      : `this token administers the domain ${administrator.domain.name} alone`,
    SEND_ADMIN_TOKEN,
  )
}

function isNamed({ id, name }: DomainAdministrator['domain'], named: string | undefined): boolean {
  return [id, name.toLowerCase()].some((each) => each === named?.toLowerCase())
}

export const SEND_ADMIN_TOKEN =
  'send the admin token: Authorization: Bearer TOKEN (--admin-token, CCKM_EMULATOR_ADMIN_TOKEN)'

function lockedMessage(authorization: string | undefined): string {
  return bearerOf(authorization) === undefined ? 'the control API is locked' : 'the admin token is wrong'
}

function isToken(authorization: string | undefined, token: string): boolean {
  const given = bearerOf(authorization) ?? ''
  return timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
