// Adds a kind to a copy of the sources, as CONTRIBUTING describes, and starts an emulator from the copy.

import { beforeAll, expect, it } from 'vitest'
import type { Emulator } from '../../src/index.ts'
import { emulatorWith } from '../support/added-module.ts'

// Its path is one of those that are empty as long as no kind has them.
const MODULE = `
  import Type from 'typebox'
  import type { KindBehaviour, FillContext, ResourceRecord } from '../../model/resource.ts'
  import { assumed } from '../certainty.ts'
  import type { Kind } from '../kind.ts'
  import { byText } from '../query-filters.ts'
  import { fillContextOf, listRun, onResource, viewResource, type Finder } from '../resource-calls.ts'
  import { complete, identityOf, identitySchema, touched, withMembers } from '../resource-record.ts'

  const record = Type.Object({
    ...identitySchema('key-ring'),
    ring_name: Type.String(assumed('The name.')),
    location: Type.String(assumed('The location.')),
  })

  const fill = (partial: ResourceRecord, context: FillContext): ResourceRecord =>
    complete(record, partial, { ...identityOf('key-ring', partial, context), ring_name: 'ring', location: 'global' })

  const behaviour: KindBehaviour = {
    name: 'google.key-ring',
    apply: (given, { name, values = {} }, at) =>
      name === 'deleted' ? undefined : withMembers(record, given, { ...values, ...touched(at) }),
    refusal: () => undefined,
    due: () => undefined,
    namesOf: ({ ring_name }) => (typeof ring_name === 'string' ? [ring_name] : []),
    containerOf: () => undefined,
    summary: { name: ['ring_name'], states: [] },
    indexed: [['location']],
  }
  const finder: Finder = { name: 'google.key-ring', behaviour }
  const path = '/cckm/google/key-rings'
  const call = { answer: 'record', actions: ['view'], status: 200 } as const

  export const googleKeyRing: Kind = {
    name: 'google.key-ring',
    uriKind: 'key-ring',
    tag: 'Google key rings',
    record,
    fill,
    behaviour,
    numbered: [['ring_name']],
    filters: { location: byText(['location'], assumed('Key rings of this location.')) },
    sorts: { ring_name: ['ring_name'] },
    sample: { id: 'r', ring_name: 'ring' },
    operations: [
      { ...call, name: 'google.key-rings.list', method: 'GET', path, summary: 'List key rings', answer: 'page', run: listRun(finder) },
      { ...call, name: 'google.key-rings.get', method: 'GET', path: path + '/:id', summary: 'View a key ring', run: viewResource(finder) },
      {
        ...call,
        name: 'google.key-rings.create',
        method: 'POST',
        path,
        status: 'createStatus',
        summary: 'Add a key ring',
        body: { name: 'google.key-rings.CreateRequest', schema: Type.Object({ ring_name: Type.String(assumed('The name.')) }) },
        run: {
          type: 'call',
          writes: true,
          work: ({ edit, body }) => ({ answer: edit.create('google.key-ring', fill(body, fillContextOf(edit))).record }),
        },
      },
      {
        ...call,
        name: 'google.key-rings.delete',
        method: 'DELETE',
        path: path + '/:id',
        status: 204,
        summary: 'Remove a key ring',
        answer: 'nothing',
        run: onResource(finder, (ring, { edit }) => {
          edit.change(ring, { name: 'deleted' })
          return { answer: undefined }
        }),
      },
    ],
  }
`

let emulator: Emulator
beforeAll(async () => {
  emulator = await emulatorWith({ file: 'resources/google-key-ring', name: 'googleKeyRing', text: MODULE })
}, 60_000)

async function send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) {
  const authorization = `Bearer ${await emulator.token()}`
  return emulator.inject({ method, url, headers: { authorization }, ...(payload && { payload }) })
}

const PATH = '/api/v1/cckm/google/key-rings'
const resources = () => emulator.domain('root').resources

it('serves the resources of an added kind by id and name, filtered and sorted, and refuses other methods', async () => {
  const created = await send('POST', PATH, { ring_name: 'first' })
  const { id } = created.json<{ id: string }>()
  expect(created.statusCode).toBe(201)
  expect(created.json()).toMatchObject({ ring_name: 'first', location: 'global' })
  for (const name of [id, 'first']) expect((await send('GET', `${PATH}/${name}`)).json()).toEqual(created.json())
  expect((await send('GET', `${PATH}?location=global&sort=-ring_name`)).json()).toMatchObject({ total: 1 })
  expect((await send('GET', `${PATH}?location=elsewhere`)).json()).toMatchObject({ total: 0 })
  const refused = await send('PUT', PATH)
  expect([refused.statusCode, refused.headers.allow]).toEqual([405, 'GET, POST, HEAD, OPTIONS'])
  expect((await send('DELETE', `${PATH}/first`)).statusCode).toBe(204)
  expect((await send('GET', `${PATH}/${id}`)).statusCode).toBe(404)
})

it('seeds an added kind, numbers its names, and shows it in the control API', async () => {
  const domain = emulator.domain('root')
  const element = { kind: 'google.key-ring', count: 2, record: { ring_name: 'of-a-seed', location: 'eu' } }
  await domain.seed({ resources: [element] })
  const { resources: seeded } = await resources().list({ kind: 'google.key-ring' })
  expect(seeded.map(({ record }) => record.ring_name)).toEqual(['of-a-seed-0001', 'of-a-seed-0002'])
  await resources().add({ kind: 'google.key-ring', record: { id: 'r1' } })
  expect(await resources().get('r1')).toMatchObject({ kind: 'google.key-ring', record: { location: 'global' } })
  const refused = await send('POST', '/__admin/domains/root/resources', {
    ...{ kind: 'google.key-ring', record: { location: 7 } },
  })
  expect([refused.statusCode, refused.body]).toEqual([400, expect.stringContaining('/record/location')])
})

it('matches an added kind with faults, and shows its calls in the journal', async () => {
  const domain = emulator.domain('root')
  await domain.fault({ on: { operation: 'google.key-rings.*' }, do: { respond: { status: 503 } }, times: 1 })
  expect((await send('GET', PATH)).statusCode).toBe(503)
  expect(await domain.requests({ operation: 'google.key-rings.list', status: 503 })).toHaveLength(1)
})

it('describes an added kind in the OpenAPI document, as assumed before the ledger has it', async () => {
  type Operations = Record<string, Record<string, object>>
  const { paths, components } = (await send('GET', '/openapi.json')).json<{
    paths: Operations
    components: { schemas: Record<string, object> }
  }>()
  expect(paths['/v1/cckm/google/key-rings']?.post).toMatchObject({
    ...{ operationId: 'google.key-rings.create', 'x-fidelity': 'assumed' },
  })
  expect(Object.keys(paths['/v1/cckm/google/key-rings/{id}'] ?? {})).toEqual(['get', 'delete'])
  expect(components.schemas['google.key-ring.Record']).toMatchObject({ type: 'object' })
})
