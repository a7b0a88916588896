import Type from 'typebox'
import type { FoundResource, KindBehaviour, ResourceRecord, FillContext } from '../../model/resource.ts'
import { assumed, documented, seen, type Note } from '../certainty.ts'
import type { Kind, KindCall, KindOperation, Outcome } from '../kind.ts'
import { byText, sortsBy } from '../query-filters.ts'
import {
  fillContextOf,
  isArchived,
  listRun,
  onResource,
  refuse,
  unknownConnection,
  viewResource,
  type Finder,
} from '../resource-calls.ts'
import {
  complete,
  drawAccount,
  drawHex,
  identityOf,
  identitySchema,
  textOf,
  textsOf,
  touched,
  withMembers,
} from '../resource-record.ts'
import { DISCOVERY } from './aws-discovery.ts'
import { Acls, updateAcls } from './update-acls.ts'

const PATH = '/cckm/aws/kms'
const text = (note: Note) => Type.String(note)

/** Names are those that the Terraform provider reads; that they stand in this order is assumed. */
const AwsKmsRecord = Type.Object({
  ...identitySchema('kms'),
  name: text(documented('The name; it never changes.')),
  account_id: text(documented('The AWS account.')),
  arn: text(seen('The user or role of the connection.')),
  connection: text(documented('The connection, as the last change named it.')),
  regions: Type.Array(Type.String(), documented('The regions whose keys are managed.')),
  status: text(seen('`ARCHIVED`; that it is `ACTIVE` otherwise is assumed.')),
  auto_added: Type.Boolean(seen('Whether CM added it by itself.')),
  assume_role_arn: text(seen('The role that the connection takes on.')),
  assume_role_external_id: text(seen('Its external id.')),
  cloud_name: Type.Optional(text(assumed('`aws`.'))),
  acls: Acls,
})

function fill(partial: ResourceRecord, context: FillContext): ResourceRecord {
  const identity = identityOf('kms', partial, context)
  const name = textOf(partial.name) ?? `kms-${drawHex(context, 'name', 8)}`
  const account_id = textOf(partial.account_id) ?? drawAccount(context, `account of ${name}`)
  return complete(AwsKmsRecord, partial, {
    ...identity,
    name,
    account_id,
    arn: `arn:aws:iam::${account_id}:user/cckm`,
    connection: 'aws-connection',
    regions: ['us-east-1'],
    status: 'ACTIVE',
    auto_added: false,
    assume_role_arn: '',
    assume_role_external_id: '',
    acls: [],
  })
}

const STATUS: Readonly<Record<string, ResourceRecord>> = {
  archived: { status: 'ARCHIVED' },
  unarchived: { status: 'ACTIVE' },
}

const SORTS = sortsBy('id', 'name', 'createdAt', 'updatedAt', 'account_id', 'connection', 'status')

const behaviour: KindBehaviour = {
  name: 'aws.kms',
  apply: (record, { name, values = {} }, at) =>
    name === 'deleted' ? undefined : withMembers(AwsKmsRecord, record, { ...values, ...STATUS[name], ...touched(at) }),
  refusal: () => undefined,
  due: () => undefined,
  namesOf: ({ name }) => (typeof name === 'string' ? [name] : []),
  uniqueNameOf: ({ name }) => String(name),
  isClosed: isArchived,
  summary: {
    name: ['name'],
    region: ['regions'],
    states: ['ACTIVE', 'ARCHIVED'].map((word) => ({ word, path: ['status'], value: word })),
  },
  indexed: Object.values(SORTS),
}

const finder: Finder = { name: 'aws.kms', container: 'aws.kms', behaviour }

const regions = Type.Array(Type.String({ minLength: 1 }), {
  minItems: 1,
  ...documented('The regions whose keys are managed.'),
})
const role = {
  assume_role_arn: Type.Optional(text(documented('The role that the connection takes on.'))),
  assume_role_external_id: Type.Optional(text(documented('Its external id.'))),
}
const connection = Type.String({ minLength: 1, ...documented('Name or id of the connection.') })

const CreateBody = Type.Object({
  name: Type.String({ minLength: 1, ...documented('The name.') }),
  account_id: Type.String({ minLength: 1, ...documented('The AWS account.') }),
  connection,
  regions,
  ...role,
})

const UpdateBody = Type.Object({ connection: Type.Optional(connection), regions: Type.Optional(regions), ...role })

function create(call: KindCall): Outcome {
  const { body, edit } = call
  const unknown = unknownConnection(call)
  if (unknown !== undefined) return unknown
  if (edit.find('aws.kms', String(body.name)) !== undefined)
    return refuse('conflict', `a kms named ${String(body.name)} already exists`)
  return { answer: edit.create('aws.kms', fill(body, fillContextOf(edit))).record }
}

/** Keys of a region that is taken out of the account are gone (thalesdocs, key records). */
function update(kms: FoundResource, call: KindCall): Outcome {
  const unknown = unknownConnection(call)
  if (unknown !== undefined) return unknown
  const { edit, body } = call
  const kept = textsOf(body.regions ?? kms.record.regions)
  const removed = textsOf(kms.record.regions).filter((region) => !kept.includes(region))
  const lost = [
    { path: ['kms_id'], wanted: [kms.id] },
    { path: ['region'], wanted: removed },
    { path: ['gone'], wanted: [false] },
  ]
  if (removed.length > 0) for (const key of edit.list('aws.key', lost)) edit.change(key, { name: 'gone' })
  return { answer: edit.change(kms, { name: 'updated', values: body }).record }
}

/** CCKM forgets the account with its keys and templates; AWS keeps the keys. */
function remove(kms: FoundResource, { edit }: KindCall): Outcome {
  const contained = [
    ...edit.list('aws.key', [{ path: ['kms_id'], wanted: [kms.id] }], { hidden: true }),
    ...edit.list('aws.template', [{ path: ['kms'], wanted: [kms.id] }]),
  ]
  for (const each of [...contained, kms]) edit.change(each, { name: 'deleted' })
  return { answer: undefined }
}

function setStatus(word: 'archive' | 'recover'): KindOperation {
  const [change, from] = word === 'archive' ? (['archived', 'ACTIVE'] as const) : (['unarchived', 'ARCHIVED'] as const)
  return {
    name: `aws.kms.${word}`,
    method: 'POST',
    path: `${PATH}/:id/${word}`,
    status: 200,
    summary:
      word === 'archive' ? 'Archive a KMS account: its keys are not shown' : 'Take a KMS account out of the archive',
    answer: 'record',
    actions: [],
    run: onResource(finder, (kms, { edit }) =>
      // A second time changes nothing.
      ({ answer: kms.record.status === from ? edit.change(kms, { name: change }).record : kms.record }),
    ),
  }
}

const one = { path: `${PATH}/:id`, actions: [] } as const
const VIEW = ['viewnative', 'viewbyok'] as const

export const awsKms: Kind = {
  name: 'aws.kms',
  uriKind: 'kms',
  tag: 'AWS KMS accounts',
  record: AwsKmsRecord,
  fill,
  behaviour,
  numbered: [['name']],
  container: 'aws.kms',
  filters: {
    id: byText(['id'], seen('KMS accounts with this id.')),
    name: byText(['name'], seen('KMS accounts with this name.')),
    account_id: byText(['account_id'], assumed('KMS accounts of this AWS account.')),
    connection: byText(['connection'], assumed('KMS accounts of this connection.')),
    status: byText(['status'], assumed('`ACTIVE` or `ARCHIVED`.')),
  },
  sorts: SORTS,
  sample: {
    id: '0b90f8de-8617-498d-ad63-ca18eb717ae7',
    uri: 'kylo:kylo:cckm:kms:0b90f8de-8617-498d-ad63-ca18eb717ae7',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2020-11-05T06:30:00.000001Z',
    updatedAt: '2020-11-05T06:30:00.000001Z',
    name: 'kms',
    account_id: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/cckm',
    connection: 'aws-connection',
    regions: ['ap-south-1', 'us-east-1'],
    status: 'ACTIVE',
    auto_added: false,
    assume_role_arn: '',
    assume_role_external_id: '',
    acls: [],
  },
  operations: [
    {
      name: 'aws.kms.list',
      method: 'GET',
      path: PATH,
      status: 200,
      summary: 'List KMS accounts',
      answer: 'page',
      actions: VIEW,
      run: listRun(finder, { containerPath: ['id'] }),
    },
    {
      name: 'aws.kms.create',
      method: 'POST',
      path: PATH,
      status: 'createStatus',
      summary: 'Add a KMS account',
      body: { name: 'aws.kms.CreateRequest', schema: CreateBody },
      answer: 'record',
      actions: [],
      refusals: ['notFound', 'conflict'],
      run: { type: 'call', writes: true, work: create },
    },
    {
      ...one,
      name: 'aws.kms.get',
      method: 'GET',
      status: 200,
      summary: 'View a KMS account, by its id or name',
      answer: 'record',
      actions: VIEW,
      run: viewResource(finder),
    },
    {
      ...one,
      name: 'aws.kms.update',
      method: 'PATCH',
      status: 200,
      summary: 'Change a KMS account',
      body: { name: 'aws.kms.UpdateRequest', schema: UpdateBody },
      answer: 'record',
      run: onResource(finder, update),
    },
    {
      ...one,
      name: 'aws.kms.delete',
      method: 'DELETE',
      status: 204,
      summary: 'Remove a KMS account with its keys from CCKM',
      answer: 'nothing',
      run: onResource(finder, remove),
    },
    setStatus('archive'),
    setStatus('recover'),
    updateAcls(finder, { name: 'aws.kms', path: PATH, addedViews: VIEW }),
    ...DISCOVERY,
  ],
}
