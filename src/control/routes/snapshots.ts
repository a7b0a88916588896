import {
  SeedAnswerSchema,
  SnapshotAnswerSchema,
  SnapshotListAnswerSchema,
} from '../../client/answers/domain-schemas.ts'
import { domainRoute, NO_CONTENT, type ControlRoute } from '../route.ts'
import { flagOf } from '../values.ts'

/** Named states of a whole domain, and seeds that come late. */
export function snapshotRoutes(): ControlRoute[] {
  return [
    domainRoute('GET', '/snapshots', {
      summary: 'The names of the snapshots',
      answers: { 200: SnapshotListAnswerSchema },
      handle: ({ domain }) => ({ json: { snapshots: domain.snapshots.names().map((name) => ({ name })) } }),
    }),
    domainRoute('PUT', '/snapshots/:name', {
      summary: 'Keeps the state of the domain under a name',
      answers: { 200: SnapshotAnswerSchema },
      handle: async ({ domain, params: { name } }) => {
        await domain.snapshots.save(name)
        return { json: { name } }
      },
    }),
    domainRoute('POST', '/snapshots/:name/load', {
      summary: 'Puts the domain into a kept state; tokens stay valid',
      answers: { 200: SnapshotAnswerSchema },
      handle: async ({ domain, params: { name } }) => {
        await domain.snapshots.load(name)
        return { json: { name } }
      },
    }),
    domainRoute('DELETE', '/snapshots/:name', {
      summary: 'Forgets a snapshot',
      answers: NO_CONTENT,
      handle: async ({ domain, params: { name } }) => {
        await domain.snapshots.remove(name)
        return { status: 204 }
      },
    }),
    domainRoute('POST', '/seed', {
      summary: 'Adds the jobs and resources of a seed document, all or none',
      query: ['dryRun'],
      answers: { 200: SeedAnswerSchema, 201: SeedAnswerSchema },
      handle: async ({ domain, body, query }) => {
        const dryRun = flagOf(query.dryRun, '/dryRun')
        const added = await domain.seed(body, { dryRun })
        return { status: dryRun ? 200 : 201, json: { added, dryRun } }
      },
    }),
  ]
}
