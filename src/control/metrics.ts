import type { Domains } from '../domain/registry.ts'

/**
 * What the server is doing, as Prometheus reads it. The library is loaded, and anything counted, at the first scrape.
 */
export function createMetrics(domains: Domains): () => Promise<{ text: string; type: string }> {
  let registry: Promise<{ metrics: () => Promise<string>; contentType: string }> | undefined
  return async () => {
    const { metrics, contentType } = await (registry ??= createRegistry(domains))
    return { text: await metrics(), type: contentType }
  }
}

async function createRegistry(domains: Domains) {
  const { Gauge, Registry, collectDefaultMetrics } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'cckm_emulator_' })
  new Gauge({
    name: 'cckm_emulator_domains',
    help: 'Domains there are',
    registers: [registry],
    collect() {
      this.set(domains.all().length)
    },
  })
  new Gauge({
    name: 'cckm_emulator_jobs',
    help: 'Jobs there are, deleted ones included',
    registers: [registry],
    collect() {
      const counts = domains.all().map(({ jobs }) => jobs.count())
      this.set(counts.reduce((sum, count) => sum + count, 0))
    },
  })
  return { metrics: () => registry.metrics(), contentType: registry.contentType }
}
