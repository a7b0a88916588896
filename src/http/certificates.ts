/**
 * The certificates for TLS: a CA that is created once and stored, and a leaf signed by it, which is renewed when the names
 * change. Stored certificates are checked here with node:crypto; certificate-maker.ts and its library are loaded only to
 * create one: docs/decisions/tls-certificates.md.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Secrets } from '../model/secrets.ts'
import type { CertificatePair } from './certificate-maker.ts'

/** PEM texts: the CA that clients must trust, and the certificate and key of the server. */
export interface Certificates {
  ca: string
  cert: string
  key: string
}

interface StoredCertificate extends CertificatePair {
  names: string[]
}

const DAY_MS = 86_400_000
const RENEW_BEFORE_DAYS = 30
const ALWAYS = ['localhost', '127.0.0.1', '::1']

/**
 * The stored certificates, or new ones if they are missing, unreadable, about to expire or lack a name. `names`
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
  const ca =
    loadStored(secrets, 'tls-ca', (found) => isFresh(found, now)) ?? store(secrets, 'tls-ca', await createCa(now))
  const isGood = (found: StoredCertificate): boolean =>
    isFresh(found, now) &&
    found.names.join() === names.join() &&
    new X509Certificate(found.cert).verify(publicKeyOf(ca))
  const leaf =
    loadStored(secrets, 'tls-leaf', isGood) ?? store(secrets, 'tls-leaf', await createLeaf(ca, { names, now }))
  return { ca: ca.cert, cert: leaf.cert, key: leaf.key }
}

/** True if a certificate can contain the name: an IP address or a host name (including `*.`). */
export function isCertificateName(name: string): boolean {
  return isIP(name) !== 0 || (domainToASCII(name) !== '' && !/[[\]:]/.test(name))
}

function toName(name: string): string {
  if (!isCertificateName(name)) throw new TypeError(`"${name}" is neither a host name nor an IP address`)
  if (isIP(name) === 6) return new URL(`http://[${name.replace(/%.*/, '')}]`).hostname.slice(1, -1) // ::ffff:1.2.3.4 too
  return isIP(name) ? name : domainToASCII(name)
}

function loadStored(
  secrets: Secrets,
  name: string,
  isGood: (found: StoredCertificate) => boolean,
): StoredCertificate | undefined {
  const text = secrets.get(name)
  if (text === undefined) return undefined
  try {
    const found = JSON.parse(text) as StoredCertificate
    return isGood(found) ? found : undefined
  } catch {
    return undefined // unreadable counts as missing: a new one is created
  }
}

function store(secrets: Secrets, name: string, certificate: StoredCertificate): StoredCertificate {
  secrets.set(name, JSON.stringify(certificate))
  return certificate
}

function isFresh({ cert, key }: StoredCertificate, now: number): boolean {
  const parsed = new X509Certificate(cert)
  return Date.parse(parsed.validTo) - now > RENEW_BEFORE_DAYS * DAY_MS && parsed.checkPrivateKey(createPrivateKey(key))
}

function publicKeyOf({ cert }: StoredCertificate): KeyObject {
  return new X509Certificate(cert).publicKey
}

async function createCa(now: number): Promise<StoredCertificate> {
  const { makeCa } = await import('./certificate-maker.ts')
  return { ...(await makeCa(now)), names: [] }
}

async function createLeaf(
  ca: StoredCertificate,
  options: { names: string[]; now: number },
): Promise<StoredCertificate> {
  const { makeLeaf } = await import('./certificate-maker.ts')
  return { ...(await makeLeaf(ca, options)), names: options.names }
}
