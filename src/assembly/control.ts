import { isLoopback, type Config } from '../config/config.ts'
import type { Transport } from '../client/connection.ts'
import { createMetrics } from '../control/metrics.ts'
import type { DomainAdministrator } from '../control/route.ts'
import type { HostOptions } from '../control/guard.ts'
import type { ControlOptions } from '../control/plugin.ts'
import type { Domains } from '../domain/registry.ts'
import { EmulatorError } from '../errors.ts'
import type { ScenarioCatalogue } from '../files/scenarios.ts'
import type { VendorApp } from '../http/app.ts'
import type { Inject } from '../http/inject.ts'
import type { createTokenSource } from '../identity/token-issuer.ts'
import type { ClockState } from '../model/domain.ts'
import type { Secrets } from '../model/secrets.ts'
import { FAMILIES } from '../wire/families.ts'
import { bearerOf } from '../wire/headers.ts'
import { caCertificateOf } from './network.ts'

export interface ControlParts extends Pick<VendorApp, 'verify'> {
  readonly config: Config
  readonly catalogue: ScenarioCatalogue
  readonly secrets: Secrets
  readonly startClock: () => ClockState
  readonly explain: ControlOptions['explain']
  readonly version: string
  readonly domains: Domains
  readonly issueToken: ReturnType<typeof createTokenSource>
}

/** What the control API is given of an emulator. */
export function controlOptions(parts: ControlParts): ControlOptions {
  const { config, catalogue, secrets, domains, verify, issueToken, startClock, explain, version } = parts
  return {
    domains,
    issueToken,
    version,
    users: config.users,
    startClock,
    explain,
    families: FAMILIES.map(({ name }) => name),
    shared: catalogue,
    caCertificate: () => caCertificateOf(config, secrets),
    metrics: createMetrics(domains),
    guard: {
      ...hostOptions(config),
      adminToken: config.adminToken,
      administratorOf: (authorization) => administratorOf(verify, authorization),
    },
  }
}

/** Under which host names the emulator's own pages and its control API answer. */
export function hostOptions({ host, allowHost }: Config): HostOptions {
  return { isLoopback: isLoopback(host), allowHosts: allowHost }
}

function administratorOf(
  verify: VendorApp['verify'],
  authorization: string | undefined,
): DomainAdministrator | undefined {
  const token = bearerOf(authorization)
  if (token === undefined) return undefined
  try {
    const { domain, claims } = verify(token)
    const { groups = [] } = claims.cust
    return groups.includes('admin') ? { domain, userName: claims.preferred_username, groups } : undefined
  } catch (error) {
    if (error instanceof EmulatorError) return undefined
    throw error
  }
}

/** The control API without a socket, for the handle that the library gives. */
export function injectTransport(inject: Inject, adminToken: string | undefined): Transport {
  const headers = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }
  return async ({ method, path, body }) => {
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
    const answer = await inject({ method: method as 'GET', url: path, headers, ...payload })
    return { status: answer.statusCode, text: answer.body }
  }
}
