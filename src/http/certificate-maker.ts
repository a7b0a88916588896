/**
 * Creates the CA and the leaf with @peculiar/x509. A separate module, so that the library is loaded only when needed:
 * docs/decisions/tls-certificates.md.
 */
import 'reflect-metadata' // @peculiar/x509 does not start without it
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'

/** A certificate and its key, as PEM. */
export interface CertificatePair {
  cert: string
  key: string
}

const DAY_MS = 86_400_000
const CA_DAYS = 3650
/** Apple's limit for any leaf is 398 days, clock skew included. */
const LEAF_DAYS = 396
const P256 = { name: 'ECDSA', namedCurve: 'P-256' }

export async function makeCa(now: number): Promise<CertificatePair> {
  const { publicKey, privateKey } = await newKeyPair()
  // The random part distinguishes CAs in a trust store, for example one from before the data was deleted.
  const name = `CN=CipherTrust emulator CA ${randomBytes(4).toString('hex')}`
  const cert = await X509CertificateGenerator.create({
    ...{ subject: name, issuer: name, publicKey, signingKey: privateKey },
    ...validity(now, now + CA_DAYS * DAY_MS),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(publicKey),
    ],
  })
  return { cert: cert.toString('pem'), key: pemOf(privateKey) }
}

/** `names` are host names and IP addresses; IPv6 addresses consist of hexadecimal groups. */
export async function makeLeaf(
  ca: CertificatePair,
  { names, now }: { names: string[]; now: number },
): Promise<CertificatePair> {
  const { publicKey, privateKey } = await newKeyPair()
  const authority = new X509Certificate(ca.cert)
  const cert = await X509CertificateGenerator.create({
    ...{ subject: 'CN=CipherTrust emulator', issuer: authority.subjectName, publicKey },
    signingKey: createPrivateKey(ca.key).toCryptoKey(P256, false, ['sign']),
    ...validity(now, Math.min(now + LEAF_DAYS * DAY_MS, authority.notAfter.getTime())),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }))),
      await SubjectKeyIdentifierExtension.create(publicKey),
      ...authorityKeyIdentifiers(authority),
    ],
  })
  return { cert: cert.toString('pem'), key: pemOf(privateKey) }
}

/**
 * The identifier that the CA states, which this library might compute differently: the CA may be older than the
 * library.
 */
function authorityKeyIdentifiers(authority: X509Certificate): AuthorityKeyIdentifierExtension[] {
  const stated = authority.getExtensions(SubjectKeyIdentifierExtension)
  return stated.map(({ keyId }) => new AuthorityKeyIdentifierExtension(keyId))
}

function newKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
}

/** Starts a day ago, for clocks that are behind. */
function validity(now: number, end: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(end) }
}

function pemOf(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()
}
