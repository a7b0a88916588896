import type { ErrorName } from '../errors.ts'
import type {
  Change,
  FoundResource,
  InventoryEdit,
  ResourceFilter,
  ResourceQuery,
  ResourceRecord,
  FillContext,
} from '../model/resource.ts'
import { containerOf } from '../model/record-summary.ts'
import type { CallRun, Kind, KindCall, ListRun, Outcome, Refusal } from './kind.ts'
import { textOf } from './resource-record.ts'

export function refuse(refused: ErrorName, message: string, hint?: string): Refusal {
  return { refused, message, ...(hint !== undefined && { hint }) }
}

export const NOT_FOUND = refuse('notFound', 'Resource not found')

/** A refusal of one field of the body. */
export function refuseField(field: string, message: string): Refusal {
  return { issues: [{ pointer: `/${field}`, message }] }
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value || 'issues' in value
}

export function forbidden({ actions }: Pick<KindCall, 'actions'>): Refusal {
  return refuse(
    'forbidden',
    actions.length === 0
      ? 'Insufficient permissions: only "CCKM Admins" may do this'
      : `Insufficient permissions: ${actions.join(' or ')} is required`,
    'give the user the group "CCKM Admins", or "CCKM Users" with that ACL action, in the configuration or by update-acls',
  )
}

/** The part of a kind that finds its resources. */
export type Finder = Pick<Kind, 'name' | 'container' | 'behaviour'> & {
  /** The ACL actions that a call needs for one record, where they are not those of the operation. */
  readonly actionsFor?: (record: ResourceRecord) => readonly string[]
}

/** The container that holds a record. Of a container itself, that is the record. */
function containerRecord(
  edit: InventoryEdit,
  { name, container, behaviour }: Finder,
  record: ResourceRecord,
): ResourceRecord | undefined {
  if (container === undefined) return undefined
  if (container === name) return record
  const id = containerOf(behaviour.summary, record)
  return id === undefined ? undefined : edit.find(container, id)?.record
}

export function isArchived(container: ResourceRecord | undefined): boolean {
  return container?.status === 'ARCHIVED'
}

/**
 * The resource that a path names. Resources of an archived container are not shown; those of an unknown container only to
 * callers who may see everything.
 */
export function findResource(call: KindCall, finder: Finder, idOrName = call.params.id ?? ''): FoundResource | Refusal {
  const { edit, may, actions } = call
  const resource = edit.find(finder.name, idOrName)
  if (resource === undefined) return may(undefined, actions) ? NOT_FOUND : forbidden(call)
  const container = containerRecord(edit, finder, resource.record)
  const needed = finder.actionsFor?.(resource.record) ?? actions
  if (!may(container, needed)) return forbidden({ actions: needed })
  return finder.container !== finder.name && isArchived(container) ? NOT_FOUND : resource
}

/** A call on the resource that its path names. */
export function onResource(
  finder: Finder,
  work: (resource: FoundResource, call: KindCall) => Outcome,
  { writes = true }: { readonly writes?: boolean } = {},
): CallRun {
  return {
    type: 'call',
    writes,
    work: (call) => {
      const resource = findResource(call, finder)
      return isRefusal(resource) ? resource : work(resource, call)
    },
  }
}

/** Shows the resource that the path names. */
export function viewResource(finder: Finder): CallRun {
  return onResource(finder, ({ record }) => ({ answer: record }), { writes: false })
}

/** The refusal of a body whose `connection` is not there. */
export function unknownConnection({ body, edit }: Pick<KindCall, 'body' | 'edit'>): Refusal | undefined {
  const named = textOf(body.connection)
  if (named === undefined || edit.find('connection', named) !== undefined) return undefined
  return refuse('notFound', `connection ${named} not found`)
}

/** How a kind words what its cloud refuses. */
export interface RefusalStyle {
  readonly error: ErrorName
  readonly messageOf: (text: string, doing: string) => string
}

/** Changes a resource and answers its record, or says what the cloud refuses. */
export function changeResource(
  { edit }: Pick<KindCall, 'edit'>,
  style: RefusalStyle,
  { resource, change, doing }: { readonly resource: FoundResource; readonly change: Change; readonly doing: string },
): { readonly answer: ResourceRecord } | Refusal {
  const text = edit.refusalOf(resource, change)
  if (text !== undefined) return refuse(style.error, style.messageOf(text, doing))
  return { answer: edit.change(resource, change).record }
}

/** What records are filled from in a call. */
export function fillContextOf({ now, domainId, drawId, find }: InventoryEdit): FillContext {
  return { now, domainId, drawId, find: (kind, idOrName) => find(kind, idOrName)?.record }
}

interface ListOptions extends Pick<ListRun, 'hasVersions' | 'scope'> {
  /** The member that names the container of a record. */
  readonly containerPath?: readonly string[] | undefined
  /** Which records each ACL action shows, where one action does not show all. */
  readonly views?:
    readonly { readonly actions: readonly string[]; readonly filters: readonly ResourceFilter[] }[] | undefined
}

/**
 * A list of a kind: what lies in an archived container is left out, and of a member of "CCKM Users" what lies in a container
 * without the right to see it.
 */
export function listRun(finder: Finder, options: ListOptions = {}): ListRun {
  const { scope, containerPath, views, ...rest } = options
  return {
    ...rest,
    type: 'list',
    scope: (call) => {
      const own = scope?.(call) ?? []
      if (isRefusal(own)) return own
      return [...own, ...containerFilters(call, finder, { containerPath, views })]
    },
  }
}

function containerFilters(
  call: KindCall,
  { name, container }: Finder,
  { containerPath: path, views }: Pick<ListOptions, 'containerPath' | 'views'>,
): ResourceQuery['filters'] {
  const { edit, may, actions } = call
  if (container === undefined || path === undefined) return may(undefined, actions) ? [] : [NOTHING]
  const all = edit.list(container, [])
  const nameOf = ({ id, record }: FoundResource) => (path[0] === 'key_vault' ? String(record.name) : id)
  const closed = container === name ? [] : all.filter(({ record }) => isArchived(record)).map(nameOf)
  const open: ResourceFilter[] = closed.length === 0 ? [] : [{ path, wanted: closed, match: 'differs' }]
  const choices = (views ?? [{ actions, filters: [] }]).map((view) => {
    const seen = all.filter(({ record }) => may(record, view.actions))
    // Who may see everything, sees what lies in an unknown container too.
    const isAll = seen.length === all.length && may(undefined, view.actions)
    return { ...view, filters: isAll ? view.filters : [...view.filters, { path, wanted: seen.map(nameOf) }] }
  })
  return choices.some(({ filters }) => filters.length === 0)
    ? open
    : [...open, { anyOf: choices.map(({ filters }) => filters) }]
}

/** Chooses nothing. */
const NOTHING: ResourceFilter = { path: ['id'], wanted: [] }
