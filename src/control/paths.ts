import { ROOT_DOMAIN } from '../model/domain.ts'
import type { ControlRoute } from './route.ts'

export const BASE = '/__admin'

/** A domain's part stands below its name, and for the root domain at the short path too. */
export function pathsOf(row: Pick<ControlRoute, 'scope' | 'path'>): string[] {
  const long = longPathOf(row)
  return row.scope === 'server' || row.path === '' ? [long] : [long, `${BASE}${row.path}`]
}

export function longPathOf({ scope, path }: Pick<ControlRoute, 'scope' | 'path'>): string {
  return scope === 'server' ? `${BASE}${path}` : `${BASE}/domains/:domain${path}`
}

/** The URL that a short one stands for: `/__admin/clock` is the root domain's clock. Others come back as they are. */
export function longControlUrl(url: string): string {
  return url.replace(SHORT, `${BASE}/domains/${ROOT_DOMAIN}/`)
}

/** What belongs to the server has no other form. */
const SHORT = /^\/+__admin\/+(?!(?:domains|info|metrics|openapi\.json|tls)(?:[/?#]|$))(?=[^/?#])/
