import type { Config } from '../config.ts'
import type { Transport } from '../control/client.ts'
import { createMetrics } from '../control/metrics.ts'
import type { ControlOptions } from '../control/plugin.ts'
import type { Domains } from '../domain/domains.ts'
import type { ScenarioCatalogue } from '../files/scenarios.ts'
import type { VendorApp } from '../http/app.ts'
import type { Inject } from '../http/inject.ts'
import type { createTokenSource } from '../http/token-issuer.ts'
import type { ClockState } from '../model/domain.ts'
import type { User } from '../model/user.ts'
import type { KeyValueStore } from '../store/store.ts'
import { FAMILIES } from '../wire/families.ts'
import { bearerOf } from '../wire/headers.ts'
import { caCertificateOf, isLoopback } from './network.ts'

export interface ControlParts extends Pick<VendorApp, 'verify'> {
  readonly config: Config
  readonly catalogue: ScenarioCatalogue
  readonly secrets: KeyValueStore
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
    administrator:
      config.users.find(({ groups, domain }) => domain === undefined && groups?.includes('admin')) ?? ANYBODY,
    startClock,
    explain,
    families: FAMILIES.map(({ name }) => name),
    shared: catalogue,
    caCertificate: () => caCertificateOf(config, secrets),
    metrics: createMetrics(domains),
    guard: {
      isLoopback: isLoopback(config.host),
      allowHosts: config.allowHosts,
      adminToken: config.admin.token,
      administers: (authorization) => administeredDomain(verify, authorization),
    },
  }
}

/** Who is told to sign in where the configuration has no administrator: nobody, but it says so. */
const ANYBODY: User = { name: 'admin', password: 'admin', groups: ['admin'] }

/** The domain that the bearer of a CM token is an administrator of. */
function administeredDomain(verify: VendorApp['verify'], authorization: string | undefined): string | undefined {
  const token = bearerOf(authorization)
  if (token === undefined) return undefined
  try {
    const { domain, claims } = verify(token)
    return claims.cust.groups?.includes('admin') === true ? domain.name : undefined
  } catch {
    return undefined
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
