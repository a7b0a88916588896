import type { Environment } from './environment.ts'

const PROXY = /^(https?_proxy|all_proxy|npm_config_(https_)?proxy)$/i

/**
 * The variables that make clients in this environment call the emulator without a proxy; none if it names no proxy. Some
 * programs read one spelling, some the other, so both get the same value.
 */
export function noProxyFor(url: string, env: Environment): Readonly<Record<string, string>> {
  if (!Object.entries(env).some(([name, value]) => PROXY.test(name) && value !== undefined && value !== '')) return {}
  const listed = [env.no_proxy, env.NO_PROXY].flatMap((list) => (list ?? '').split(/[\s,]+/))
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const hosts = [...new Set([...listed.filter((name) => name !== ''), host])].join(',')
  return { NO_PROXY: hosts, no_proxy: hosts }
}
