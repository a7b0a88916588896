// How the inventory is searched, and what a resource is from one change to the next: what the page shows.

import { describe, expect, it } from 'vitest'
import type { InfoAnswer } from '../../src/client/answers/domains.ts'
import type { RequestListAnswer } from '../../src/client/answers/requests.ts'
import type {
  ResourceListAnswer,
  ResourceMatchesAnswer,
  ResourceTimelineAnswer,
} from '../../src/client/answers/resources.ts'
import { at, enable, JOBS, start } from './enter.ts'

const VAULT = {
  kind: 'azure.vault',
  record: { id: 'v1', name: 'vault::sub', azure_name: 'vault', location: 'uksouth' },
}
const KMS = { kind: 'aws.kms', record: { id: 'kms-1', name: 'kms', regions: ['ap-south-1', 'eu-west-1'] } }
const OTHER = { kind: 'aws.kms', record: { id: 'kms-2', name: 'other' } }
const awsKey = (id: string, state: string, more: object = {}) => ({
  kind: 'aws.key',
  record: {
    id,
    kms: 'kms',
    region: 'ap-south-1',
    aws_param: { KeyState: state, Enabled: state === 'Enabled', Alias: [`alias/${id}-name`] },
    ...more,
  },
})
const azureKey = (id: string, more: object = {}) => ({
  kind: 'azure.key',
  record: { id, key_name: `Azure-${id}`, key_vault: 'vault::sub', ...more },
})
const ESTATE = [
  KMS,
  OTHER,
  VAULT,
  awsKey('k1', 'Enabled'),
  awsKey('k2', 'Disabled'),
  awsKey('k3', 'PendingDeletion', { gone: true }),
  awsKey('k4', 'Enabled', { kms: 'other' }),
  azureKey('a1'),
  azureKey('a2', { azure_param: { attributes: { enabled: false } } }),
  azureKey('a3', { status: 'SOFT-DELETED' }),
  { kind: 'azure.key-backup', of: 'a1', record: { id: 'b1', name: 'before-upgrade' } },
  { kind: 'aws.template', record: { id: 't1', name: 'template', kms: 'kms' } },
  { ...awsKey('k5', 'Enabled'), appears: 'on-sync' },
]

/** Queries of a list, with the ids that they choose in order. */
const CHOICES: readonly (readonly [string, readonly string[]])[] = [
  ['state=Enabled', ['k1', 'k4']],
  ['state=gone', ['k3']],
  ['state=PendingDeletion', []],
  ['state=AVAILABLE', ['a1']],
  ['state=disabled', ['a2']],
  ['state=ACTIVE', ['kms-1', 'kms-2']],
  ['state=Enabled&kind=azure.key', []],
  ['state=Enabled&kind=aws.key&container=other', ['k4']],
  ['container=kms-1', ['t1', 'k1', 'k2', 'k3']],
  ['container=kms&kind=aws.key', ['k1', 'k2', 'k3']],
  ['container=v1', ['a1', 'a2', 'a3', 'b1']],
  ['container=vault::sub', ['a1', 'a2', 'a3', 'b1']],
  ['container=no-such', []],
  ['search=K1', ['k1']],
  ['search=K2-NAME', ['k2']],
  ['search=azure-a', ['a1', 'a2', 'a3']],
  ['search=upgrade', ['b1']],
  ['search=sub', ['v1']],
  ['search=temp&kind=aws.template', ['t1']],
  ['search=k5&hidden=true', ['k5']],
  ['search=%25', []],
  ['sort=kind&limit=4', ['a1', 'a2', 'a3', 'k1']],
  ['sort=-createdAt&limit=2&skip=1', ['k4', 'k3']],
]

async function withEstate() {
  const started = await start()
  const entered = await started.enter('t-1')
  await entered.world.seed({ resources: ESTATE, jobs: [] })
  const list = async (query: string) =>
    (await entered.admin('GET', `/resources?${query}`)).json as unknown as ResourceListAnswer
  const ids = async (query: string) => (await list(query)).resources.map(({ id }) => id)
  return { ...started, ...entered, list, ids }
}

describe('A list of resources', () => {
  it('says what each is, whatever its kind, if that is asked for', async () => {
    const { list } = await withEstate()
    const { resources } = await list('summary=true&hidden=true')
    const summaries = Object.fromEntries(resources.map(({ id, summary }) => [id, summary]))
    const changedAt = at('12:00:00')
    expect(summaries).toMatchObject({
      k1: { name: 'alias/k1-name', state: 'Enabled', container: 'kms-1', region: 'ap-south-1', changedAt },
      k3: { state: 'gone' },
      a1: { name: 'Azure-a1', state: 'AVAILABLE', container: 'v1', region: 'uksouth', changedAt },
      a2: { state: 'disabled' },
      b1: { name: 'before-upgrade', container: 'vault::sub' },
      t1: { name: 'template', container: 'kms-1' },
      v1: { name: 'vault::sub', region: 'uksouth' },
      'kms-1': { name: 'kms', region: 'ap-south-1, eu-west-1', state: 'ACTIVE' },
    })
    expect(summaries.v1).not.toHaveProperty('state')
    expect((await list('limit=1')).resources[0]).not.toHaveProperty('summary')
  })

  it('is filtered by kind, state and container, searched, sorted and cut', async () => {
    const { ids } = await withEstate()
    const found = await Promise.all(CHOICES.map(async ([query]) => [query, await ids(query)]))
    expect(found).toEqual(CHOICES)
  })

  it('shows keys first, or what changed last, at any instant', async () => {
    const { ids, list, client, world } = await withEstate()
    expect((await ids('sort=kind')).slice(-5)).toEqual(['t1', 'b1', 'v1', 'kms-1', 'kms-2'])
    await client('POST', JOBS, { ...enable('k1', 'k4'), operation: 'disablekey' })
    await world.clock.advance('5s')
    expect((await ids('sort=-changedAt')).slice(0, 2)).toEqual(['k4', 'k1'])
    expect(await ids('state=Disabled')).toEqual(['k1', 'k2', 'k4'])
    expect(await ids(`state=Disabled&at=${at('12:00:03')}`)).toEqual(['k1', 'k2'])
    expect((await list('search=k1&summary=true')).resources[0]?.summary?.changedAt).toBe(at('12:00:02.5'))
  })

  it('is refused with a word that it does not know', async () => {
    const { admin } = await withEstate()
    const refusalOf = async (query: string) => (await admin('GET', `/resources?${query}`)).json
    const refusal = (pointer: string, text: string) => ({
      error: { pointer, message: expect.stringContaining(text) as string },
    })
    expect(await refusalOf('state=enabled')).toMatchObject(refusal('/state', 'did you mean Enabled?'))
    expect(await refusalOf('sort=name')).toMatchObject(refusal('/sort', 'is none of createdAt, kind, changedAt'))
    expect(await refusalOf('kind=aws.keys')).toMatchObject(refusal('/kind', 'did you mean aws.key?'))
    expect(await refusalOf('summary=yes')).toMatchObject(refusal('/summary', 'is not true or false'))
  })
})

describe('The timeline of a resource', () => {
  it('has its creation and its changes with the states from then on, those to come too', async () => {
    const { admin, client } = await withEstate()
    const { id: job } = (await client('POST', JOBS, { ...enable('k1'), operation: 'schedulekeydeletion', days: 7 }))
      .json
    const { json } = await admin('GET', '/resources/k1/timeline')
    expect(json as unknown as ResourceTimelineAnswer).toEqual({
      id: 'k1',
      kind: 'aws.key',
      name: 'alias/k1-name',
      steps: [
        { at: at('12:00:00'), change: 'created', by: { seed: true }, state: 'Enabled' },
        { at: at('12:00:05'), change: 'deletion-scheduled', by: { job }, state: 'PendingDeletion' },
        { at: '2026-01-08T12:00:05Z', change: 'gone', by: { job }, state: 'gone' },
      ],
    })
  })

  it('stays when the resource is removed, and marks what a synchronization has yet to show', async () => {
    const { admin, world } = await withEstate()
    await world.resources.remove('v1')
    expect((await admin('GET', '/resources/v1')).status).toBe(404)
    const { steps } = (await admin('GET', '/resources/v1/timeline')).json as unknown as ResourceTimelineAnswer
    expect(steps.map(({ change, removed }) => [change, removed])).toEqual([
      ['created', undefined],
      ['deleted', true],
    ])
    const hidden = (await admin('GET', '/resources/k5/timeline')).json as unknown as ResourceTimelineAnswer
    expect(hidden.steps).toMatchObject([{ hidden: true, state: 'Enabled' }])
    expect((await admin('GET', '/resources/no-such/timeline')).status).toBe(404)
  })
})

it('Resources are found by ids and names at once, removed ones by their id', async () => {
  const { admin, world } = await withEstate()
  await world.resources.remove('b1')
  const { json } = await admin('POST', '/resources/match', { names: ['k1', 'no-such', 'b1', 'vault', 'k1-name'] })
  expect((json as unknown as ResourceMatchesAnswer).resources).toEqual([
    { name: 'k1', id: 'k1', kind: 'aws.key' },
    { name: 'b1', id: 'b1', kind: 'azure.key-backup' },
    { name: 'vault', id: 'v1', kind: 'azure.vault' },
  ])
  expect((await admin('POST', '/resources/match', { names: [1] })).status).toBe(400)
})

it('The request that made a change is found by its id', async () => {
  const { admin, client, call } = await withEstate()
  await client('POST', '/cckm/aws/keys/k1/disable')
  await client('GET', JOBS)
  const { steps } = (await admin('GET', '/resources/k1/timeline')).json as unknown as ResourceTimelineAnswer
  const by = steps.at(-1)?.by
  const id = by !== undefined && 'request' in by ? by.request : ''
  const { total, requests } = (await admin('GET', `/requests?id=${id}`)).json as unknown as RequestListAnswer
  expect([total, requests[0]?.id, requests[0]?.operation]).toEqual([1, id, 'aws.keys.disable'])
  const { kinds } = (await call('GET', '/__admin/info')).json as unknown as InfoAnswer
  expect(kinds[0]).toEqual({
    name: 'azure.key',
    states: ['gone', 'DELETED', 'SOFT-DELETED', 'disabled', 'AVAILABLE'],
    container: 'azure.vault',
  })
})
