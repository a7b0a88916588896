/**
 * The certificates of the TLS side: a CA that is made once and kept, and a leaf signed by it that follows the names.
 *
 * What is kept is checked here with node:crypto; certificate-maker.ts, and the library with it, loads when something is
 * to be made: docs/decisions/tls-certificates.md.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Secrets } from '../model/secrets.ts'
import type { Made } from './certificate-maker.ts'

/** PEM texts: what clients must trust (`ca`), and what the server shows (`cert`) and signs with (`key`). */
export interface Certificates {
  ca: string
  cert: string
  key: string
}

interface Kept extends Made {
  names: string[]
}

const DAY_MS = 86_400_000
const RENEW_BEFORE_DAYS = 30
const ALWAYS = ['localhost', '127.0.0.1', '::1']

/**
 * The kept certificates, or new ones where they are missing, unreadable, about to expire or short of a name. `names`
 * (host names and IP addresses) come on top of localhost, 127.0.0.1 and ::1. `now` is in milliseconds since 1970.
 * Rejects with a TypeError when a name is neither.
 */
export async function loadOrCreateCertificates(options: {
  secrets: Secrets
  names: readonly string[]
  now?: number
}): Promise<Certificates> {
  const { secrets, now = Date.now() } = options
  const names = [...new Set([...ALWAYS, ...options.names].map(toName))].sort()
  const ca = kept(secrets, 'tls-ca', (found) => isFresh(found, now)) ?? keep(secrets, 'tls-ca', await createCa(now))
  const isGood = (found: Kept): boolean =>
    isFresh(found, now) &&
    found.names.join() === names.join() &&
    new X509Certificate(found.cert).verify(publicKeyOf(ca))
  const leaf = kept(secrets, 'tls-leaf', isGood) ?? keep(secrets, 'tls-leaf', await createLeaf(ca, { names, now }))
  return { ca: ca.cert, cert: leaf.cert, key: leaf.key }
}

/** Whether a certificate can carry the name, that is, whether it is an IP address or a host name (`*.` included). */
export function isCertificateName(name: string): boolean {
  return isIP(name) !== 0 || (domainToASCII(name) !== '' && !/[[\]:]/.test(name))
}

function toName(name: string): string {
  if (!isCertificateName(name)) throw new TypeError(`"${name}" is neither a host name nor an IP address`)
  if (isIP(name) === 6) return new URL(`http://[${name.replace(/%.*/, '')}]`).hostname.slice(1, -1) // ::ffff:1.2.3.4 too
  return isIP(name) ? name : domainToASCII(name)
}

function kept(secrets: Secrets, name: string, isGood: (found: Kept) => boolean): Kept | undefined {
  const text = secrets.get(name)
  if (text === undefined) return undefined
  try {
    const found = JSON.parse(text) as Kept
    return isGood(found) ? found : undefined
  } catch {
    return undefined // not readable is as good as missing: it is made again
  }
}

function keep(secrets: Secrets, name: string, made: Kept): Kept {
  secrets.set(name, JSON.stringify(made))
  return made
}

function isFresh({ cert, key }: Kept, now: number): boolean {
  const parsed = new X509Certificate(cert)
  return Date.parse(parsed.validTo) - now > RENEW_BEFORE_DAYS * DAY_MS && parsed.checkPrivateKey(createPrivateKey(key))
}

function publicKeyOf({ cert }: Kept): KeyObject {
  return new X509Certificate(cert).publicKey
}

async function createCa(now: number): Promise<Kept> {
  const { makeCa } = await import('./certificate-maker.ts')
  return { ...(await makeCa(now)), names: [] }
}

async function createLeaf(ca: Kept, options: { names: string[]; now: number }): Promise<Kept> {
  const { makeLeaf } = await import('./certificate-maker.ts')
  return { ...(await makeLeaf(ca, options)), names: options.names }
}
