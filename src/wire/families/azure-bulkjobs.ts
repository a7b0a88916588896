import Type, { type Static } from 'typebox'
import type { BackupSelector, ItemSelector, JobAction, ReadableInventory, Selection } from '../../model/family.ts'
import type { FoundResource, ResourceFilter, ResourceRecord } from '../../model/resource.ts'
import type { Settings } from '../../model/settings.ts'
import type { Issue } from '../../model/issue.ts'
import { assumed, documented, type Note } from '../certainty.ts'
import { bodyReader } from '../create-request.ts'
import type { Family, RequestReading } from '../family.ts'
import { bulkJobDocument } from '../job-document.ts'
import { parseInstant } from '../timestamps.ts'

const SELECTORS = ['backups', 'created_after', 'created_before', 'key_id', 'keys', 'vault_id'] as const
const EXCLUSIVE: readonly string[] = ['key_id', 'keys', 'vault_id']
const TIMES: readonly string[] = ['created_after', 'created_before']

type Selector = (typeof SELECTORS)[number]

/** The fields that select backups. */
function selectorsWith(notes: Readonly<Record<Selector, Note>>) {
  const ids = (note: Note) => Type.Optional(Type.Array(Type.String({ minLength: 1 }), note))
  const id = (note: Note) => Type.Optional(Type.String({ minLength: 1, ...note }))
  return {
    backups: ids(notes.backups),
    created_after: Type.Optional(Type.String(notes.created_after)),
    created_before: Type.Optional(Type.String(notes.created_before)),
    key_id: id(notes.key_id),
    keys: ids(notes.keys),
    vault_id: id(notes.vault_id),
  }
}

const NESTED = selectorsWith({
  backups: documented('Ids of backups.'),
  created_after: documented('Backups created after this instant, RFC 3339.'),
  created_before: documented('Backups created before this instant, RFC 3339.'),
  key_id: assumed('Backups of one Azure key. Excludes `keys` and `vault_id`.'),
  keys: assumed('Backups of these Azure keys; since CM 2.18.'),
  vault_id: assumed('Backups of all keys of this vault; since CM 2.18.'),
})

const TOP_LEVEL = selectorsWith({
  backups: assumed('As inside `delete_key_backups_param`, and not in both places.'),
  created_after: assumed('As inside `delete_key_backups_param`.'),
  created_before: assumed('As inside `delete_key_backups_param`.'),
  key_id: documented("As inside `delete_key_backups_param`: the vendor's table is flat and does not show the nesting."),
  keys: documented('As inside `delete_key_backups_param`; since CM 2.18.'),
  vault_id: documented('As inside `delete_key_backups_param`; since CM 2.18.'),
})

const operation = Type.Enum(['delete-key-backups'], documented('What to do. CM has this one operation.'))
const PARAM_NOTE = documented('Selects the backups.')

/** Body of "Create an Azure Bulk Job" (thalesdocs 2.18). The vendor's table is flat, Ansible nests: a selector may be in either place. */
const AzureBulkRequest = Type.Object({
  operation,
  delete_key_backups_param: Type.Optional(Type.Object(NESTED, PARAM_NOTE)),
  ...TOP_LEVEL,
})

/** The same before CM 2.18 (thalesdocs 2.16). */
const OlderRequest = Type.Object({
  operation,
  delete_key_backups_param: Type.Optional(Type.Omit(Type.Object(NESTED), ['keys', 'vault_id'])),
  ...Type.Omit(Type.Object(TOP_LEVEL), ['keys', 'vault_id']).properties,
})

type AzureBulkBody = Static<typeof AzureBulkRequest>
type Selectors = NonNullable<AzureBulkBody['delete_key_backups_param']>

const readBody = bodyReader(AzureBulkRequest)
const readOlderBody = bodyReader(OlderRequest)

function read(sent: unknown, settings: Settings): RequestReading {
  const reading = isOlder(settings) ? readOlderBody(sent, settings) : readBody(sent, settings)
  if ('issues' in reading) return reading
  const { delete_key_backups_param: nested = {}, operation: name, ...topLevel } = reading.body
  const selectors: Selectors = { ...topLevel, ...nested }
  const issues = selectorIssues(placesOf(topLevel, nested), selectors)
  if (issues.length > 0) return { issues }
  return {
    request: { operation: name, items: itemsOf(selectors), echoes: {}, action: action() },
    ignored: reading.ignored,
  }
}

function action(): JobAction {
  return { kind: 'azure.key-backup', change: { name: 'deleted' } }
}

function isOlder({ cmVersion }: Settings): boolean {
  const [major = 0, minor = 0] = cmVersion.split('.').map(Number)
  return major < 2 || (major === 2 && minor < 18)
}

/** A selector with its place in the body. */
interface PlacedSelector {
  readonly field: Selector
  readonly pointer: string
}

function placesOf(topLevel: Selectors, nested: Selectors): PlacedSelector[] {
  return SELECTORS.flatMap((field) => [
    ...(field in topLevel ? [{ field, pointer: `/${field}` }] : []),
    ...(field in nested ? [{ field, pointer: `/delete_key_backups_param/${field}` }] : []),
  ])
}

function selectorIssues(placed: readonly PlacedSelector[], selectors: Selectors): Issue[] {
  const twice = placed.filter(({ field }, index) => placed.findIndex((other) => other.field === field) < index)
  const [first, ...others] = placed.filter(({ field }) => EXCLUSIVE.includes(field))
  const notTimes = placed.filter(
    ({ field }) => TIMES.includes(field) && parseInstant(String(selectors[field])) === undefined,
  )
  return [
    ...twice.map(({ field, pointer }) => ({ pointer, message: `is given twice: ${field} is at the top level too` })),
    ...others
      .filter(({ field }) => field !== first?.field)
      .map(({ field, pointer }) => ({
        pointer,
        message: `cannot go with ${first?.field ?? ''}: key_id, keys and vault_id exclude each other (${field} was sent too)`,
      })),
    ...notTimes.map(({ pointer }) => ({ pointer, message: 'is not an RFC 3339 time such as 2024-02-06T09:22:54Z' })),
  ]
}

function itemsOf({
  backups = [],
  key_id,
  keys = [],
  vault_id,
  created_after,
  created_before,
}: Selectors): ItemSelector {
  if (backups.length > 0) return { kind: 'ids', ids: [...new Set(backups)] }
  return {
    kind: 'backups',
    vault: vault_id,
    keys: key_id === undefined ? [...new Set(keys)] : [key_id],
    after: created_after === undefined ? undefined : parseInstant(created_after),
    before: created_before === undefined ? undefined : parseInstant(created_before),
  }
}

const VAULT = 'azure.vault'
const KEY = 'azure.key'
const BACKUP = 'azure.key-backup'

/** Which members of a backup say whose it is, for each vault or key that a request names. */
function select(selector: Exclude<ItemSelector, { kind: 'ids' }>, { find, list }: ReadableInventory): Selection {
  if (selector.kind !== 'backups') return { items: [] }
  const { vault, keys } = selector
  const named = [
    ...(vault === undefined ? [] : [{ kind: VAULT, idOrName: vault }]),
    ...keys.map((idOrName) => ({ kind: KEY, idOrName })),
  ]
  const found = named.map((each) => ({ ...each, resource: find(each.kind, each.idOrName) }))
  const hasAny = (): boolean => list(VAULT, []).length > 0 || list(KEY, []).length > 0
  const filters =
    named.length > 0 ? found.flatMap(({ resource }) => (resource ? [ownersOf(resource)] : [])) : hasAny() ? [[]] : []
  const ids = filters
    .flatMap((each) => list(BACKUP, each))
    .flatMap(({ id, record }) => (isWithin(selector, record) ? [id] : []))
  const unknown = found.flatMap(({ resource, idOrName }) => (resource ? [] : [idOrName]))
  return { items: ids.map((id) => ({ id })), unknown: named.length === 0 && filters.length === 0 ? [''] : unknown }
}

function ownersOf({ kind, record }: FoundResource): ResourceFilter[] {
  const ofVault = (name: unknown): ResourceFilter => ({ path: ['key_vault'], wanted: [String(name)] })
  if (kind === VAULT) return [ofVault(record.name)]
  return [ofVault(record.key_vault), { path: ['key_name'], wanted: [String(record.key_name)] }]
}

function isWithin({ after, before }: BackupSelector, { createdAt }: ResourceRecord): boolean {
  const at = parseInstant(String(createdAt))
  if (at === undefined) return false
  return (after === undefined || at > after) && (before === undefined || at < before)
}

export const azureBulkjobs: Family = {
  name: 'azure.bulkjobs',
  path: '/cckm/azure/bulkjobs',
  noun: 'bulk job',
  uriKind: 'azure-bulkjob',
  cloud: 'AzureCloud',
  operations: operation.enum,
  // The curl line of the vendor's page for viewing a job has `-X POST`.
  verbs: ['list', 'create', 'get', 'get-by-post', 'cancel', 'delete'],
  action,
  select,
  // No Azure ACL action is known to govern bulk jobs; this one governs what they do (docs/reference/fidelity.md).
  acl: { view: 'deletebackup', create: 'deletebackup', cancel: 'deletebackup' },
  request: {
    schema: AzureBulkRequest,
    read,
    itemField: 'backups',
    examples: {
      backups: {
        summary: 'The backup of the documented job',
        'x-fidelity': 'assumed',
        value: {
          operation: 'delete-key-backups',
          delete_key_backups_param: { backups: ['f60070f8-5ef8-4685-9121-9ca732cffcbd'] },
        },
      },
      ansible: {
        summary: 'As in the Ansible collection: the vendor does not document key_vaults, so it is ignored',
        'x-fidelity': 'seen in a client',
        value: { operation: 'delete-key-backups', delete_key_backups_param: { key_vaults: ['production-vault'] } },
      },
    },
  },
  document: bulkJobDocument({ uriKind: 'azure-bulkjob', cloud: 'AzureCloud', operations: operation.enum }),
  // thalesdocs, "Viewing Details of an Azure Bulk Job".
  sample: {
    id: 'ee4482eb-0b97-4702-8ef6-7e86df66eaa5',
    uri: 'kylo:kylo:cckm:azure-bulkjob:ee4482eb-0b97-4702-8ef6-7e86df66eaa5',
    account: 'kylo:kylo:admin:accounts:kylo',
    createdAt: '2024-02-06T09:22:54.517569Z',
    updatedAt: '2024-02-06T09:22:54.549719Z',
    completed_at: '2024-02-06T09:22:54.54953Z',
    overall_status: 'completed',
    detailed_status: { 'f60070f8-5ef8-4685-9121-9ca732cffcbd': 'Success' },
    abort: false,
    cloud: 'AzureCloud',
    operation: 'delete-key-backups',
  },
}
