import Type from 'typebox'
import { documented, seen } from '../certainty.ts'
import type { KindCall, KindOperation, Outcome } from '../kind.ts'
import { forbidden, refuse } from '../resource-calls.ts'
import { drawAccount } from '../resource-record.ts'
import { takenAlias } from './aws-key-alias.ts'

/** The regions of AWS that every account has. */
const REGIONS = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]

const Body = Type.Object({
  connection: Type.String({ minLength: 1, ...documented('Name or id of the connection.') }),
  assume_role_arn: Type.Optional(Type.String(documented('The role that the connection takes on.'))),
  assume_role_external_id: Type.Optional(Type.String(documented('Its external id.'))),
})

const Regions = Type.Array(Type.String(), documented('The regions of the account.'))

const Accounts = Type.Object({
  account_id: Type.String(documented('The account.')),
  accounts: Type.Array(Type.String(), seen('The same: the Ansible collection reads the first one.')),
  regions: Regions,
})

/** Runs work with the connection that a body names. */
function onConnection(work: (call: KindCall, id: string, name: string) => Outcome): KindOperation['run'] {
  return {
    type: 'call',
    writes: false,
    work: (call) => {
      const named = String(call.body.connection)
      const connection = call.edit.find('connection', named)
      if (connection === undefined) return refuse('notFound', `connection ${named} not found`)
      return work(call, connection.id, String(connection.record.name))
    },
  }
}

/** The accounts of the KMS records that use the connection; without any, one drawn from the connection. */
function accounts({ edit }: KindCall, id: string, name: string): Outcome {
  const kms = edit.list('aws.kms', [{ path: ['connection'], wanted: [id, name] }])
  const known = [...new Set(kms.map(({ record }) => String(record.account_id)))]
  const found = known.length > 0 ? known : [drawAccount(edit, `account of ${id}`)]
  return { answer: { account_id: found[0], accounts: found, regions: REGIONS } }
}

const Alias = Type.Object({
  alias: Type.String({ minLength: 1, ...seen('With or without `alias/`.') }),
  region: Type.String({ minLength: 1, ...seen('The region to look in.') }),
  kms: Type.String({ minLength: 1, ...seen('Name or id of the KMS account.') }),
})

const AliasAnswer = Type.Object({ exists: Type.Boolean(seen('Whether a key of the account has the alias.')) })

function verifyAlias(call: KindCall): Outcome {
  const { alias, region, kms } = call.body
  const account = call.edit.find('aws.kms', String(kms))
  if (!call.may(account?.record, call.actions)) return forbidden(call)
  if (account === undefined) return refuse('notFound', `kms ${String(kms)} not found`)
  const place = { alias: String(alias), account: String(account.record.account_id), region: String(region) }
  return { answer: { exists: takenAlias(call, place) !== undefined } }
}

/** Calls that ask AWS and store nothing. */
export const DISCOVERY: readonly KindOperation[] = [
  {
    name: 'aws.accounts.discover',
    method: 'POST',
    path: '/cckm/aws/accounts',
    status: 200,
    summary: 'Ask AWS for the account of a connection and its regions',
    body: { name: 'aws.accounts.Request', schema: Body },
    answer: { name: 'aws.accounts.Answer', schema: Accounts },
    actions: [],
    refusals: ['notFound'],
    run: onConnection(accounts),
  },
  {
    name: 'aws.regions.discover',
    method: 'POST',
    path: '/cckm/aws/get-all-regions',
    status: 200,
    summary: 'Ask AWS for all regions',
    body: { name: 'aws.accounts.Request', schema: Body },
    answer: { name: 'aws.regions.Answer', schema: Type.Object({ regions: Regions }) },
    actions: [],
    refusals: ['notFound'],
    run: onConnection(() => ({ answer: { regions: REGIONS } })),
  },
  {
    name: 'aws.alias.verify',
    method: 'POST',
    path: '/cckm/aws/alias/verify',
    status: 200,
    summary: 'Ask AWS whether an alias is in use',
    body: { name: 'aws.alias.Request', schema: Alias },
    answer: { name: 'aws.alias.Answer', schema: AliasAnswer },
    actions: ['keycreate', 'keyupdate'],
    refusals: ['notFound'],
    run: { type: 'call', writes: false, work: verifyAlias },
  },
]
