import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { StartError } from '../errors.ts'
import { errorCode } from '../model/error-code.ts'

/** The two files of `--tls CERT,KEY`. */
interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** PEM texts of a certificate and its key. */
export interface GivenCertificate {
  readonly cert: string
  readonly key: string
  /** Set if the certificate is expired or not yet valid: clients refuse it, which a test may want. */
  readonly warning: string | undefined
}

/**
 * Reads a certificate and its key. Throws a StartError that names the invalid file, since clients would only see a
 * failed handshake.
 */
export function readCertificate({ certFile, keyFile }: CertificateFiles, now = Date.now()): GivenCertificate {
  const cert = readText(certFile)
  const key = readText(keyFile)
  const [leaf, ...issuers] = certificatesIn(cert, certFile)
  const privateKey = keyIn(key, keyFile)
  if (leaf === undefined) throw wrong(certFile, 'has no certificate')
  if (!leaf.checkPrivateKey(privateKey)) {
    const isLater = issuers.some((issuer) => issuer.checkPrivateKey(privateKey))
    throw isLater ? wrong(certFile, OUT_OF_ORDER) : wrong(keyFile, `is not the key of the certificate in ${certFile}`)
  }
  refuseDisorder([leaf, ...issuers], certFile)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw wrong(certFile, `cannot be used with ${keyFile} (${error instanceof Error ? error.message : String(error)})`)
  }
  return { cert, key, warning: timeWarning(leaf, certFile, now) }
}

const OUT_OF_ORDER = "has its certificates in the wrong order: the server's own comes first, then each one's issuer"
const PEM_BLOCK = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g
/** A SEQUENCE with a long length, the start of each certificate and key in DER. */
const DER_START = /^0[\u0080-\u0084]/

function wrong(file: string, message: string): StartError {
  return new StartError([`--tls: ${file} ${message}`], 2)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    const code = errorCode(error) ?? 'unknown'
    throw wrong(file, `${REASONS[code] ?? `cannot be read (${code})`}: --tls CERT,KEY names two PEM files`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read (permission denied)',
  EPERM: 'may not be read (permission denied)',
}

function certificatesIn(text: string, file: string): readonly X509Certificate[] {
  const blocks = text.match(PEM_BLOCK) ?? []
  if (blocks.length === 0) throw wrong(file, notPem(text, 'certificate'))
  return blocks.map((block) => {
    try {
      return new X509Certificate(block)
    } catch {
      throw wrong(file, 'has a certificate that cannot be read: it is damaged, or cut off')
    }
  })
}

function keyIn(text: string, file: string): KeyObject {
  if (!text.includes('PRIVATE KEY-----')) throw wrong(file, notPem(text, 'private key'))
  if (text.includes('ENCRYPTED'))
    throw wrong(file, `is encrypted: remove its password, as with openssl pkey -in ${file} -out key.pem`)
  try {
    return createPrivateKey(text)
  } catch {
    throw wrong(file, 'has a private key that cannot be read: it is damaged, or cut off')
  }
}

/** The reason why a text has no PEM block of a kind. */
function notPem(text: string, noun: 'certificate' | 'private key'): string {
  if (text.trim() === '') return 'is empty'
  if (DER_START.test(text)) {
    const command = noun === 'certificate' ? 'openssl x509 -inform DER' : 'openssl pkey -inform DER'
    return `is DER, not PEM: convert it, as with ${command}`
  }
  const isSwapped = text.includes(noun === 'certificate' ? 'PRIVATE KEY-----' : 'CERTIFICATE-----')
  return `has no ${noun} in PEM${isSwapped ? ': are the two swapped? The certificate comes first' : ''}`
}

/** Each certificate must be followed by its issuer, if the file has it. */
function refuseDisorder(chain: readonly X509Certificate[], file: string): void {
  const isWrong = chain.some((each, index) => {
    const next = chain[index + 1]
    if (next === undefined || each.checkIssued(next)) return false
    return chain.some((other) => other !== each && each.checkIssued(other))
  })
  if (isWrong) throw wrong(file, OUT_OF_ORDER)
}

function timeWarning({ validFrom, validTo }: X509Certificate, file: string, now: number): string | undefined {
  if (Date.parse(validTo) < now) return `the certificate in ${file} expired at ${validTo}: clients will refuse it`
  if (Date.parse(validFrom) > now)
    return `the certificate in ${file} is valid only from ${validFrom}: clients will refuse it`
  return undefined
}
