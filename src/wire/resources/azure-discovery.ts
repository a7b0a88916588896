import Type from 'typebox'
import type { ResourceRecord } from '../../model/resource.ts'
import { assumed, documented, seen } from '../certainty.ts'
import type { KindCall, KindOperation, Outcome } from '../kind.ts'
import { refuse } from '../resource-calls.ts'
import { mapSchema } from '../resource-record.ts'
import { isOfType, type VaultType } from './azure-vault-record.ts'

const connection = Type.String({ minLength: 1, ...documented('Name or id of the connection.') })

const VaultsBody = Type.Object({
  connection,
  subscription_id: Type.String({ minLength: 1, ...documented('The subscription.') }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, ...documented('How many at most; 10 by default.') })),
  nextLink: Type.Optional(Type.String(documented('As the answer before gave it.'))),
})

const Vault = Type.Object({
  name: Type.String(seen('The name in Azure.')),
  azure_vault_id: Type.String(seen('The id in Azure.')),
  type: Type.String(seen('The type in Azure.')),
  location: Type.String(seen('The region.')),
  tags: mapSchema(seen('Tags of the vault.')),
  properties: Type.Object({}, seen('What Azure says of the vault.')),
})

const VaultsAnswer = Type.Object({
  vaults: Type.Array(Vault, seen('Vaults of the subscription.')),
  connection: Type.String(seen('As it was sent.')),
  subscription_id: Type.String(seen('As it was sent.')),
  nextLink: Type.Union([Type.String(), Type.Null()], seen('What asks for the next ones; null after the last.')),
})

const DEFAULT_LIMIT = 10

/** The vaults of a subscription and a type that the inventory has, those that have not been added included. */
function vaults(type: VaultType, { body, edit }: KindCall): Outcome {
  const { connection: named, subscription_id: subscription, limit = DEFAULT_LIMIT, nextLink = '0' } = body
  if (edit.find('connection', String(named)) === undefined)
    return refuse('notFound', `connection ${String(named)} not found`)
  if (!/^\d{1,9}$/.test(String(nextLink)))
    return { issues: [{ pointer: '/nextLink', message: 'is not one of an earlier answer' }] }
  const filters = [{ path: ['subscription_id'], wanted: [String(subscription)] }]
  const all = edit.list('azure.vault', filters, { hidden: true }).filter(({ record }) => isOfType(record.type, type))
  const [first, end] = [Number(nextLink), Number(nextLink) + Number(limit)]
  const next = end < all.length ? String(end) : null
  const shown = all.slice(first, end).map(({ record }) => asAzureShows(record))
  return { answer: { vaults: shown, connection: named, subscription_id: subscription, nextLink: next } }
}

function asAzureShows({
  azure_name: name,
  azure_vault_id,
  type,
  location,
  tags,
  properties,
}: ResourceRecord): ResourceRecord {
  return { name, azure_vault_id, type, location, tags, properties }
}

const Subscription = Type.Object({
  subscriptionId: Type.String(assumed('The subscription.')),
  displayName: Type.String(assumed('Its name.')),
  state: Type.String(assumed('Always `Enabled`.')),
})

const SubscriptionsAnswer = Type.Object({
  subscriptions: Type.Array(Subscription, assumed('Subscriptions of the connection.')),
  connection: Type.String(assumed('As it was sent.')),
  nextLink: Type.Union([Type.String(), Type.Null()], assumed('Always null.')),
})

/** The subscriptions of all vaults; without any, one drawn from the connection. */
function subscriptions({ body, edit }: KindCall): Outcome {
  const connection = edit.find('connection', String(body.connection))
  if (connection === undefined) return refuse('notFound', `connection ${String(body.connection)} not found`)
  const known = new Map(
    edit
      .list('azure.vault', [], { hidden: true })
      .map(({ record }) => [String(record.subscription_id), String(record.subscription_name)]),
  )
  const found =
    known.size > 0 ? [...known] : [[edit.drawId(`subscription of ${connection.id}`), 'Pay-As-You-Go'] as const]
  const shown = found.map(([subscriptionId, displayName]) => ({ subscriptionId, displayName, state: 'Enabled' }))
  return { answer: { subscriptions: shown, connection: body.connection, nextLink: null } }
}

const VAULT_DISCOVERY = {
  method: 'POST',
  status: 200,
  body: { name: 'azure.vaults.DiscoverRequest', schema: VaultsBody },
  answer: { name: 'azure.vaults.DiscoverAnswer', schema: VaultsAnswer },
  actions: [],
  refusals: ['notFound'],
} as const

/** Calls that ask Azure and store nothing. */
export const AZURE_DISCOVERY: readonly KindOperation[] = [
  {
    ...VAULT_DISCOVERY,
    name: 'azure.vaults.discover',
    path: '/cckm/azure/get-vaults',
    summary: 'Ask Azure for the vaults of a subscription',
    run: { type: 'call', writes: false, work: (call) => vaults('vault', call) },
  },
  {
    ...VAULT_DISCOVERY,
    name: 'azure.get-managed-hsms',
    path: '/cckm/azure/get-managed-hsms',
    summary: 'Ask Azure for the managed HSMs of a subscription',
    run: { type: 'call', writes: false, work: (call) => vaults('managedHsm', call) },
  },
  {
    name: 'azure.subscriptions.discover',
    method: 'POST',
    path: '/cckm/azure/get-subscriptions',
    status: 200,
    summary: 'Ask Azure for the subscriptions of a connection',
    body: { name: 'azure.subscriptions.DiscoverRequest', schema: Type.Object({ connection }) },
    answer: { name: 'azure.subscriptions.DiscoverAnswer', schema: SubscriptionsAnswer },
    actions: [],
    refusals: ['notFound'],
    run: { type: 'call', writes: false, work: subscriptions },
  },
]
