import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/config.ts'
import type { Address } from '../model/address.ts'
import { StartError } from '../errors.ts'
import { isCertificateName, loadOrCreateCertificates, type Certificates } from './certificates.ts'
import type { Secrets } from '../model/secrets.ts'
import { readCertificate, type GivenCertificate } from './given-certificate.ts'

/** Creates or reads the certificates when they are first needed. */
type TlsSource = 'off' | (() => Promise<{ cert: string; key: string }>)

/** The user's certificate, checked as far as possible before the data is opened. */
export function givenCertificateOf({ tls, tlsName }: Config): GivenCertificate | undefined {
  const unusable = tlsName.filter((name) => !isCertificateName(name))
  if (unusable.length > 0)
    throw new StartError(
      unusable.map((name) => `--tls-name: ${JSON.stringify(name)} is neither a host name nor an IP address`),
      2,
    )
  return typeof tls === 'object' ? readCertificate(tls) : undefined
}

interface TlsParts {
  readonly given: GivenCertificate | undefined
  readonly secrets: Secrets
}

export function tlsOf(config: Config, { given, secrets }: TlsParts): TlsSource {
  if (config.tls === 'off') return 'off'
  return given === undefined ? () => ownCertificates(config, secrets) : () => Promise.resolve(given)
}

/** Certificates of the emulator's own CA, created once and stored with the data. */
function ownCertificates({ tlsName }: Config, secrets: Secrets): Promise<Certificates> {
  return loadOrCreateCertificates({ secrets, names: [...[hostname()].filter(isCertificateName), ...tlsName] })
}

/** The CA that clients have to trust, if the certificate is the emulator's own. */
export async function caCertificateOf(config: Config, secrets: Secrets): Promise<string | undefined> {
  return config.tls === 'auto' ? (await ownCertificates(config, secrets)).ca : undefined
}

export async function listen(app: FastifyInstance, { host, port, tls }: Config): Promise<Address> {
  await app.listen({ host, port })
  const address = app.server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  const authority = `${shownHost(host)}:${bound}`
  return { url: `http://${authority}`, httpsUrl: tls === 'off' ? undefined : `https://${authority}`, host, port: bound }
}

/** An address that a client on this machine can use. */
function shownHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
