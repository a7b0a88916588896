import Type from 'typebox'
import type { FoundResource, KindBehaviour, ResourceRecord, FillContext } from '../../model/resource.ts'
import { assumed, seen } from '../certainty.ts'
import type { Kind, KindCall, KindOperation, Outcome } from '../kind.ts'
import { byText, sortsBy } from '../query-filters.ts'
import { fillContextOf, findResource, isRefusal, listRun, NOT_FOUND, refuse, type Finder } from '../resource-calls.ts'
import { complete, drawHex, identityOf, identitySchema, textOf, touched, withMembers } from '../resource-record.ts'

/** The clouds whose connections are emulated, as their paths name them. */
const SERVICES = ['aws', 'azure', 'gcp', 'oci'] as const

/** Names are those that clients read; that they stand in this order is assumed. Secrets are taken and never returned. */
const ConnectionRecord = Type.Object({
  ...identitySchema('connection'),
  service: Type.Enum(SERVICES, seen('`aws`, `azure`, `gcp` or `oci`.')),
  name: Type.String(seen('The name; it never changes.')),
  description: Type.String(seen('The description.')),
  products: Type.Array(Type.String(), seen('The products that may use it.')),
  meta: Type.Object({}, seen('Data of the user.')),
})

function fill(partial: ResourceRecord, context: FillContext): ResourceRecord {
  const identity = identityOf('connection', partial, context)
  const service = textOf(partial.service) ?? 'aws'
  // Anything else may be a secret, also in a seed.
  const known = Object.fromEntries(Object.keys(ConnectionRecord.properties).map((name) => [name, partial[name]]))
  const name = textOf(partial.name) ?? `${service}-${drawHex(context, 'name', 8)}`
  return complete(ConnectionRecord, known, {
    ...identity,
    service,
    name,
    description: '',
    products: ['cckm'],
    meta: {},
  })
}

const SORTS = sortsBy('id', 'name', 'createdAt', 'updatedAt')

const behaviour: KindBehaviour = {
  name: 'connection',
  apply: (record, { name, values = {} }, at) =>
    name === 'deleted' ? undefined : withMembers(ConnectionRecord, record, { ...values, ...touched(at) }),
  refusal: () => undefined,
  due: () => undefined,
  namesOf: ({ name }) => (typeof name === 'string' ? [name] : []),
  uniqueNameOf: ({ name }) => String(name),
  summary: { name: ['name'], states: [] },
  indexed: Object.values(SORTS),
  facets: [['service'], ['products']],
}

const finder: Finder = { name: 'connection', behaviour }

const members = {
  description: Type.Optional(Type.String(seen('The description.'))),
  products: Type.Optional(Type.Array(Type.String(), seen('The products that may use it.'))),
  meta: Type.Optional(Type.Object({}, seen('Data of the user.'))),
}

/** Credentials differ by cloud. They are taken and never returned, so the body is open. */
const CreateBody = Type.Object(
  { name: Type.String({ minLength: 1, ...seen('The name.') }), ...members },
  { additionalProperties: true },
)
const UpdateBody = Type.Object(members, { additionalProperties: true })

/** The members of a body that a record shows. */
function shown(body: ResourceRecord): ResourceRecord {
  return Object.fromEntries(
    Object.keys(members).flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  )
}

function operationsOf(service: (typeof SERVICES)[number]): readonly KindOperation[] {
  const path = `/connectionmgmt/services/${service}/connections`
  const common = (verb: string) => ({ name: `connections.${verb}`, id: `connections.${service}.${verb}`, actions: [] })
  const onConnection = (
    work: (connection: FoundResource, call: KindCall) => Outcome,
    writes = true,
  ): KindOperation['run'] => ({
    type: 'call',
    writes,
    work: (call) => {
      const found = findResource(call, finder)
      if (isRefusal(found)) return found
      return found.record.service === service ? work(found, call) : NOT_FOUND
    },
  })
  const create = ({ body, edit }: KindCall): Outcome => {
    if (edit.find('connection', String(body.name)) !== undefined)
      return refuse('conflict', `a connection named ${String(body.name)} already exists`)
    const record = fill({ ...shown(body), name: body.name, service }, fillContextOf(edit))
    return { answer: edit.create('connection', record).record }
  }
  const of = `of ${service}`
  return [
    {
      ...common('list'),
      method: 'GET',
      path,
      status: 200,
      summary: `List connections ${of}`,
      answer: 'page',
      run: listRun(finder, { scope: () => [{ path: ['service'], wanted: [service] }] }),
    },
    {
      ...common('create'),
      method: 'POST',
      path,
      status: 'createStatus',
      summary: `Add a connection ${of}`,
      body: { name: 'connections.CreateRequest', schema: CreateBody },
      answer: 'record',
      refusals: ['conflict'],
      run: { type: 'call', writes: true, work: create },
    },
    {
      ...common('get'),
      method: 'GET',
      path: `${path}/:id`,
      status: 200,
      summary: `View a connection ${of}, by its id or name`,
      answer: 'record',
      run: onConnection(({ record }) => ({ answer: record }), false),
    },
    {
      ...common('update'),
      method: 'PATCH',
      path: `${path}/:id`,
      status: 200,
      summary: `Change a connection ${of}`,
      body: { name: 'connections.UpdateRequest', schema: UpdateBody },
      answer: 'record',
      run: onConnection((connection, { body, edit }) => ({
        answer: edit.change(connection, { name: 'updated', values: shown(body) }).record,
      })),
    },
    {
      ...common('delete'),
      method: 'DELETE',
      path: `${path}/:id`,
      status: 204,
      summary: `Remove a connection ${of}`,
      answer: 'nothing',
      run: onConnection((connection, { edit }) => {
        edit.change(connection, { name: 'deleted' })
        return { answer: undefined }
      }),
    },
    {
      ...common('test'),
      method: 'POST',
      path: `${path}/:id/test`,
      status: 200,
      summary: `Test a connection ${of}`,
      answer: { name: 'connections.TestAnswer', schema: TestAnswer, sample: { connection_ok: true } },
      run: onConnection(() => ({ answer: { connection_ok: true } }), false),
    },
  ]
}

const TestAnswer = Type.Object({
  connection_ok: Type.Boolean(seen('Whether the cloud takes the credentials: always.')),
})

export const connection: Kind = {
  name: 'connection',
  uriKind: 'connection',
  tag: 'Connections',
  record: ConnectionRecord,
  fill,
  behaviour,
  numbered: [['name']],
  filters: {
    id: byText(['id'], seen('Connections with this id.')),
    name: byText(['name'], seen('Connections with this name.')),
    products: byText(['products'], assumed('Connections for this product.')),
  },
  sorts: SORTS,
  sample: {
    id: '6b1b0f4e-7e9e-4f6e-8a70-5f0a3a1b9c2d',
    uri: 'kylo:kylo:cckm:connection:6b1b0f4e-7e9e-4f6e-8a70-5f0a3a1b9c2d',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2024-02-06T08:00:00.000001Z',
    updatedAt: '2024-02-06T08:00:00.000001Z',
    service: 'aws',
    name: 'aws-connection',
    description: '',
    products: ['cckm'],
    meta: {},
  },
  operations: SERVICES.flatMap(operationsOf),
}
