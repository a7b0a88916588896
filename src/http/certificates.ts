/**
 * The certificates of the TLS side: a CA that is made once and kept, and a leaf signed by it that follows the names.
 *
 * The X.509 structures are written here with node:crypto alone. A client that checks strictly (Python since 3.13) wants
 * key identifiers, which `selfsigned` cannot write, and its import costs more than all of this:
 * docs/decisions/tls-certificates.md.
 */
import { createHash, createPrivateKey, generateKeyPair, randomBytes, sign, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { promisify } from 'node:util'

/** Where the certificates are kept; behind it may be a database or a Map. */
export interface Secrets {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

/** PEM texts: what clients must trust (`ca`), and what the server shows (`cert`) and signs with (`key`). */
export interface Certificates {
  ca: string
  cert: string
  key: string
}

interface Kept {
  cert: string
  key: string
  names: string[]
}

const DAY_MS = 86_400_000
const CA_DAYS = 3650
/** Apple's limit for any leaf is 398 days, clock skew included. */
const LEAF_DAYS = 396
const RENEW_BEFORE_DAYS = 30
const ALWAYS = ['localhost', '127.0.0.1', '::1']
const newKeyPair = promisify(generateKeyPair)

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
  const { publicKey, privateKey } = await newKeyPair('ec', { namedCurve: 'P-256' })
  // The random part keeps two CAs apart in a trust store, where one of them may be from before a wipe of the data.
  const name = distinguishedName(`CipherTrust emulator CA ${randomBytes(4).toString('hex')}`)
  const id = keyIdentifier(publicKey)
  const extensions = [
    extension(OID.basicConstraints, { critical: true, value: sequence(BOOLEAN_TRUE, integer(Buffer.of(0))) }),
    extension(OID.keyUsage, { critical: true, value: der(0x03, Buffer.of(1, 0b0000_0110)) }), // keyCertSign, cRLSign
    extension(OID.subjectKeyIdentifier, { value: der(0x04, id) }),
    extension(OID.authorityKeyIdentifier, { value: sequence(der(0x80, id)) }),
  ]
  const validity = { from: now - DAY_MS, to: now + CA_DAYS * DAY_MS }
  const cert = signed({ subject: name, issuer: name, validity, publicKey, extensions }, privateKey)
  return { cert, key: pemOf(privateKey), names: [] }
}

async function createLeaf(ca: Kept, { names, now }: { names: string[]; now: number }): Promise<Kept> {
  const { publicKey, privateKey } = await newKeyPair('ec', { namedCurve: 'P-256' })
  const authority = new X509Certificate(ca.cert)
  const extensions = [
    extension(OID.basicConstraints, { critical: true, value: sequence() }),
    extension(OID.keyUsage, { critical: true, value: der(0x03, Buffer.of(7, 0b1000_0000)) }), // digitalSignature
    extension(OID.extendedKeyUsage, { value: sequence(oid(OID.serverAuth)) }),
    extension(OID.subjectAltName, { value: sequence(...names.map(generalName)) }),
    extension(OID.subjectKeyIdentifier, { value: der(0x04, keyIdentifier(publicKey)) }),
    extension(OID.authorityKeyIdentifier, { value: sequence(der(0x80, keyIdentifier(authority.publicKey))) }),
  ]
  const to = Math.min(now + LEAF_DAYS * DAY_MS, Date.parse(authority.validTo))
  const issuer = distinguishedName(authority.subject.replace(/^CN=/, ''))
  const validity = { from: now - DAY_MS, to }
  const subject = distinguishedName('CipherTrust emulator')
  const cert = signed({ subject, issuer, validity, publicKey, extensions }, createPrivateKey(ca.key))
  return { cert, key: pemOf(privateKey), names }
}

// X.509 (RFC 5280) in DER, no more of it than the two certificates above need.

const OID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
}
const BOOLEAN_TRUE = der(0x01, Buffer.of(0xff))

interface ToBeSigned {
  subject: Buffer
  issuer: Buffer
  validity: { from: number; to: number }
  publicKey: KeyObject
  extensions: Buffer[]
}

function signed(certificate: ToBeSigned, key: KeyObject): string {
  const { subject, issuer, validity, publicKey, extensions } = certificate
  const algorithm = sequence(oid(OID.ecdsaWithSha256))
  const serial = Buffer.concat([Buffer.of(0x40), randomBytes(15)]) // positive, and never a leading zero byte
  const body = sequence(
    der(0xa0, integer(Buffer.of(2))), // version 3
    integer(serial),
    algorithm,
    issuer,
    sequence(time(validity.from), time(validity.to)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, key)]))
  return new X509Certificate(sequence(body, algorithm, signature)).toString()
}

function extension(id: string, { value, critical = false }: { value: Buffer; critical?: boolean }): Buffer {
  return sequence(oid(id), ...(critical ? [BOOLEAN_TRUE] : []), der(0x04, value))
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid(OID.commonName), der(0x0c, Buffer.from(commonName)))))
}

function generalName(name: string): Buffer {
  const version = isIP(name)
  if (version === 0) return der(0x82, Buffer.from(name))
  return der(0x87, version === 4 ? Buffer.from(name.split('.').map(Number)) : ipv6Bytes(name))
}

function ipv6Bytes(address: string): Buffer {
  const canonical = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1) // turns ::ffff:1.2.3.4 to hex
  const [head = [], tail = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean))
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail]
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

/** Method 1 of RFC 7093: 160 bits of the SHA-256 of the public key. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20)
}

/** UTCTime has two digits for the year and ends with 2049; GeneralizedTime goes on from there. */
function time(instant: number): Buffer {
  const digits = new Date(instant).toISOString().replace(/[-:T]|\.\d+/g, '')
  return digits < '2050' ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80)
  return bytes
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes)
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
