// Adds a family to a copy of the sources, as CONTRIBUTING describes, and starts an emulator from the copy.

import { beforeAll, expect, it } from 'vitest'
import type { Emulator } from '../../src/index.ts'
import { emulatorWith } from '../support/added-module.ts'

const MODULE = `
  import Type from 'typebox'
  import { assumed } from '../certainty.ts'
  import { bodyReader } from '../create-request.ts'
  import type { Family } from '../family.ts'

  const schema = Type.Object({ vaults: Type.Array(Type.String(), assumed('Names of vaults.')) })
  const readBody = bodyReader(schema)

  export const ociSync: Family = {
    name: 'oci.sync',
    path: '/cckm/oci/sync',
    noun: 'synchronization',
    uriKind: 'synchronize',
    cloud: 'oci',
    operations: ['synchronize'],
    verbs: ['list', 'create', 'get', 'cancel'],
    acl: { view: 'view', create: 'keysynchronize', cancel: 'keysynchronize' },
    request: {
      schema,
      read: (sent, settings) => {
        const reading = readBody(sent, settings)
        if ('issues' in reading) return reading
        const { vaults } = reading.body
        const request = { operation: 'synchronize', items: { kind: 'ids', ids: vaults }, echoes: { vaults: JSON.stringify(vaults) } }
        return { request, ignored: reading.ignored }
      },
      itemField: 'vaults',
      examples: {},
    },
    document: Type.Object({
      id: Type.String(assumed('The job.')),
      overall_status: Type.String(assumed('Its status.')),
      vaults: Type.Array(Type.String(), assumed('As they were sent.')),
      abort: Type.Boolean(assumed('Whether it was cancelled.')),
    }),
    sample: { id: 'j', overall_status: 'completed', vaults: ['v'], abort: false },
  }
`

let emulator: Emulator

beforeAll(async () => {
  emulator = await emulatorWith({ file: 'families/oci-sync', name: 'ociSync', text: MODULE })
}, 60_000)

async function send(method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const authorization = `Bearer ${await emulator.token()}`
  return emulator.inject({ method, url, headers: { authorization }, ...(payload && { payload }) })
}

const PATH = '/api/v1/cckm/oci/sync'

it('serves the jobs of an added family, and refuses other methods', async () => {
  const created = await send('POST', PATH, { vaults: ['a', 'b'] })
  const { id } = created.json<{ id: string }>()
  expect(created.statusCode).toBe(201)
  expect(created.json()).toEqual({ id, overall_status: 'in_progress', vaults: ['a', 'b'], abort: false })
  expect((await send('GET', `${PATH}/${id}`)).json()).toEqual(created.json())
  expect((await send('POST', `${PATH}/${id}/cancel`)).json()).toMatchObject({ id, abort: true })
  expect((await send('GET', PATH)).json()).toMatchObject({ total: 1, resources: [{ id }] })
  const refused = await send('PUT', PATH)
  expect([refused.statusCode, refused.headers.allow]).toEqual([405, 'GET, POST, HEAD, OPTIONS'])
})

it('matches an added family with faults, and shows its calls and jobs in the journal and the control API', async () => {
  const domain = emulator.domain('root')
  const { id } = (await send('POST', PATH, { vaults: ['c'] })).json<{ id: string }>()
  await domain.fault({ on: { operation: 'oci.sync.get', job: id }, do: { respond: { status: 503 } }, times: 1 })
  expect((await send('GET', `${PATH}/${id}`)).statusCode).toBe(503)
  expect(await domain.requests({ operation: 'oci.sync.get', status: 503 })).toMatchObject([{ job: id }])
  expect(await domain.jobs.get(id)).toMatchObject({ family: 'oci.sync' })
  const { families } = (await send('GET', '/__admin/info')).json<{ families: object[] }>()
  expect(families).toContainEqual({ name: 'oci.sync', operations: ['synchronize'], itemField: 'vaults' })
})

it('describes an added family in the OpenAPI document, as assumed before the ledger has it', async () => {
  const { paths } = (await send('GET', '/openapi.json')).json<{ paths: Record<string, Record<string, object>> }>()
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/v1/cckm/oci/sync', '/v1/cckm/oci/sync/{id}', '/v1/cckm/oci/sync/{id}/cancel']),
  )
  expect(paths['/v1/cckm/oci/sync']?.post).toMatchObject({ operationId: 'oci.sync.create', 'x-fidelity': 'assumed' })
})
