import Type, { type Static } from 'typebox'
import type { ItemSource } from '../model/family.ts'
import type { Settings } from '../model/settings.ts'
import type { Issue } from '../model/issue.ts'
import { checkOf } from '../model/validate.ts'
import { withoutNulls, withoutUnknown, type RequestReader } from './request-reading.ts'
import { parseInstant } from './timestamps.ts'

export const AZURE_OPERATIONS = ['delete-key-backups'] as const

const Ids = Type.Array(Type.String({ minLength: 1 }))
const Id = Type.String({ minLength: 1 })

/** What says which backups are meant. The vendor's table is flat, Ansible nests: each may stand in either place. */
const SELECTORS = {
  backups: Type.Optional(Ids),
  created_after: Type.Optional(Type.String()),
  created_before: Type.Optional(Type.String()),
  key_id: Type.Optional(Id),
  keys: Type.Optional(Ids),
  vault_id: Type.Optional(Id),
}

/** Since CM 2.18 only. */
const NEW_SELECTORS = ['keys', 'vault_id'] as const
const EXCLUSIVE = ['key_id', 'keys', 'vault_id'] as const
const TIMES = ['created_after', 'created_before'] as const

/** Body of "Create an Azure Bulk Job" (thalesdocs 2.16, 2.18). */
const AzureBulkRequest = Type.Object(
  {
    operation: Type.Enum([...AZURE_OPERATIONS]),
    delete_key_backups_param: Type.Optional(Type.Object(SELECTORS, { additionalProperties: false })),
    ...SELECTORS,
  },
  { additionalProperties: false },
)

type AzureBulkBody = Static<typeof AzureBulkRequest>
type Selectors = NonNullable<AzureBulkBody['delete_key_backups_param']>

const check = checkOf(AzureBulkRequest)

export const azureBulkRequest: RequestReader = {
  schema: AzureBulkRequest,
  read: (sent, settings) => {
    const { body, dropped } = asOfVersion(withoutNulls(sent), settings)
    const checked = check(body)
    const complaints = 'issues' in checked ? [...checked.issues, ...dropped] : dropped
    const { issues, ignored } = withoutUnknown(complaints, settings)
    if (issues.length > 0) return { issues }
    const { selectors, issues: problems } = placedSelectors(body as AzureBulkBody)
    if (problems.length > 0) return { issues: problems }
    return {
      request: { operation: (body as AzureBulkBody).operation, items: itemsOf(selectors), echoes: {} },
      ignored,
    }
  },
}

/** A CM before 2.18 does not know the newer selectors: they are then unknown fields like any other. */
function asOfVersion(body: unknown, { cmVersion }: Settings): { body: unknown; dropped: Issue[] } {
  const [major = 0, minor = 0] = cmVersion.split('.').map(Number)
  if (major > 2 || (major === 2 && minor >= 18)) return { body, dropped: [] }
  const dropped: Issue[] = []
  const strip = (value: unknown, pointer: string): unknown => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
    const known = Object.entries(value).filter(([key]) => !(NEW_SELECTORS as readonly string[]).includes(key))
    for (const key of NEW_SELECTORS)
      if (key in value) dropped.push({ pointer: `${pointer}/${key}`, message: 'is not a known field', unknown: key })
    return Object.fromEntries(known.map(([key, member]) => [key, strip(member, `${pointer}/${key}`)]))
  }
  return { body: strip(body, ''), dropped }
}

/** Where a selector stands, as the client will recognise it. */
interface Placed {
  readonly field: keyof Selectors
  readonly pointer: string
}

function placedSelectors(body: AzureBulkBody): { selectors: Selectors; issues: Issue[] } {
  const nested = body.delete_key_backups_param ?? {}
  const fields = Object.keys(SELECTORS) as (keyof Selectors)[]
  const placed = fields.flatMap((field): Placed[] => [
    ...(field in body ? [{ field, pointer: `/${field}` }] : []),
    ...(field in nested ? [{ field, pointer: `/delete_key_backups_param/${field}` }] : []),
  ])
  const selectors = { ...body, ...nested }
  return { selectors, issues: [...repeated(placed), ...exclusive(placed), ...timeProblems(placed, selectors)] }
}

function repeated(placed: readonly Placed[]): Issue[] {
  const twice = placed.filter(({ field }, index) => placed.findIndex((other) => other.field === field) < index)
  return twice.map(({ field, pointer }) => ({ pointer, message: `stands twice: ${field} is at the top level too` }))
}

function exclusive(placed: readonly Placed[]): Issue[] {
  const [first, ...others] = placed.filter(({ field }) => (EXCLUSIVE as readonly string[]).includes(field))
  if (first === undefined) return []
  const clashing = others.filter(({ field }) => field !== first.field)
  return clashing.map(({ field, pointer }) => ({
    pointer,
    message: `cannot go with ${first.field}: key_id, keys and vault_id exclude each other (${field} was sent too)`,
  }))
}

function timeProblems(placed: readonly Placed[], selectors: Selectors): Issue[] {
  return placed
    .filter(({ field }) => field === TIMES[0] || field === TIMES[1])
    .filter(({ field }) => parseInstant(String(selectors[field])) === undefined)
    .map(({ pointer }) => ({ pointer, message: 'is not an RFC 3339 time such as 2024-02-06T09:22:54Z' }))
}

/** Two backups of each key, two in all where nothing counts them: there is no inventory to look them up in. */
function itemsOf({ backups = [], keys }: Selectors): ItemSource {
  if (backups.length > 0) return { kind: 'named', ids: [...new Set(backups)] }
  return { kind: 'made', count: 2 * Math.max(1, new Set(keys).size) }
}
