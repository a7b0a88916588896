import type { Domains } from '../../domain/registry.ts'
import { flagOf, type ControlRoute } from '../route.ts'

/** Named states of a whole domain, and seeds that come late. */
export function snapshotRoutes({ domains }: { readonly domains: Domains }): ControlRoute[] {
  return [
    {
      method: 'GET',
      path: '/snapshots',
      scope: 'domain',
      summary: 'The names of the snapshots',
      handle: ({ domain }) => ({ json: { snapshots: domains.snapshots(domain.name).map((name) => ({ name })) } }),
    },
    {
      method: 'PUT',
      path: '/snapshots/:name',
      scope: 'domain',
      summary: 'Keeps the state of the domain under a name',
      handle: async ({ domain, params: { name = '' } }) => {
        await domains.saveSnapshot(domain.name, name)
        return { json: { name } }
      },
    },
    {
      method: 'POST',
      path: '/snapshots/:name/load',
      scope: 'domain',
      summary: 'Puts the domain into a kept state; tokens stay valid',
      handle: async ({ domain, params: { name = '' } }) => {
        await domains.loadSnapshot(domain.name, name)
        return { json: { name } }
      },
    },
    {
      method: 'DELETE',
      path: '/snapshots/:name',
      scope: 'domain',
      summary: 'Forgets a snapshot',
      handle: async ({ domain, params: { name = '' } }) => {
        await domains.removeSnapshot(domain.name, name)
        return { status: 204 }
      },
    },
    {
      method: 'POST',
      path: '/seed',
      scope: 'domain',
      summary: 'Adds the jobs of a seed document, all or none',
      query: ['dryRun'],
      handle: async ({ domain, body, query }) => {
        const dryRun = flagOf(query, 'dryRun')
        const ids = await domains.seed(domain.name, body, { dryRun })
        return { status: dryRun ? 200 : 201, json: { added: ids.length, dryRun } }
      },
    },
  ]
}
