import { EmulatorError } from '../errors.ts'
import type {
  Change,
  FoundResource,
  InventoryEdit,
  KindName,
  LifeStep,
  RecordSummary,
  ResourceQuery,
  ResourceRecord,
} from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import type { ShownResource, StoredResource, SummaryQuery } from '../store/resource-store.ts'
import { createEdit, findShown, shownAt, shownQuery, type EditRequest } from './inventory-edit.ts'
import { behaviourOf } from './behaviour.ts'
import { createLifeReader, makeChange } from './lives.ts'
import { renderList } from './listing.ts'
import { addElement } from './seeded-resources.ts'
import { createSightingReader } from './sightings.ts'
import type { DomainState } from './state.ts'

/** A page of resources as vendor JSON. */
interface ResourcePageTexts {
  readonly total: number
  /** Resources with commas between them, several to a text. */
  readonly resources: readonly string[]
}

/** A resource at an instant. */
export interface ResourceReading {
  readonly id: string
  readonly kind: KindName
  /** The record, as JSON text. */
  readonly text: string
  /** A synchronization has yet to show it. */
  readonly isHidden: boolean
  /** Its last change until then, or its creation. */
  readonly since: Instant
}

/** A change of a resource, past or to come. */
interface ShownEffect extends Pick<LifeStep, 'at' | 'by'> {
  readonly change: Change
}

interface ResourceFilterAt {
  /** undefined: now. */
  readonly at: Instant | undefined
  /** In the order of `sort.by: 'kind'`. */
  readonly kinds: readonly KindName[]
  readonly state: string | undefined
  /** The id or a name of a container. */
  readonly container: string | undefined
  /** The beginning of an id, or a part of a name. */
  readonly search: string | undefined
  readonly sort: SummaryQuery['sort']
  /** Whether those are shown too that a synchronization has yet to show. */
  readonly hidden: boolean
  readonly skip: number
  /** undefined: all of them. */
  readonly limit: number | undefined
  /** Aborts when the answer with the list is sent, or its client is gone. */
  readonly closed: AbortSignal
}

export interface ResourceTimeline {
  readonly id: string
  readonly kind: KindName
  readonly summary: RecordSummary
  readonly steps: readonly LifeStep[]
}

interface MatchedResource {
  /** As it was asked for. */
  readonly name: string
  readonly id: string
  readonly kind: KindName
}

/** The resources of a domain: first what API clients do with them, then what the control API adds. */
export interface Inventory {
  /** Changes it as one command at one instant: what throws in the work undoes all of it. */
  edit: <T>(request: EditRequest, work: (edit: InventoryEdit) => T) => T
  /** The same for work that changes nothing. */
  read: <T>(work: (edit: InventoryEdit) => T) => T
  /** Large lists are rendered in slices, one at a time. `closed` aborts when the response is sent, or its client disconnects. */
  page: (query: ResourceQuery, closed: AbortSignal) => Promise<ResourcePageTexts>
  get: (kind: KindName, idOrName: string) => FoundResource

  /** `render` gets the resources in order, some at a time. */
  list: (
    filter: ResourceFilterAt,
    render: (step: readonly ResourceReading[]) => readonly string[],
  ) => Promise<{ readonly total: number; readonly resources: readonly string[] }>
  /** A resource as it is, or at an instant, with all its changes. */
  look: (id: string, at?: Instant) => ResourceReading & { readonly effects: readonly ShownEffect[] }
  /** Everything that happens to a resource, from its creation on, with what it is then. It may be removed now. */
  timeline: (id: string) => ResourceTimeline
  /** The resources of these ids or names, also removed ones of an id; names that nothing has are left out. */
  match: (names: readonly string[]) => readonly MatchedResource[]
  /** Adds a resource, written as in a seed document, by the control request of that id. */
  add: (element: unknown, request: string) => FoundResource
  /** Removes a resource from now on. */
  remove: (id: string, request: string) => void
}

export function createInventory(state: DomainState): Inventory {
  const { resources } = state.services.store
  return {
    edit: (request, work) => state.command(() => work(createEdit(state, request))),
    read: (work) => work(createEdit(state, { id: '', content: '' })),
    page: async (query, closed) => {
      const at = state.now()
      const shown = shownQuery(state, query, at)
      const { text } = createSightingReader(state)
      const listed = {
        count: () => resources.count(state.scope),
        page: () => resources.page(state.scope, shown),
        entries: (seqs: readonly number[]) => resources.entries(state.scope, seqs, at),
        render: (step: readonly ShownResource[]) => [step.map((shown) => text(shown, at)).join(',')],
      }
      const { total, entries } = await renderList(state, listed, { limit: query.limit, closed })
      return { total, resources: entries }
    },
    get: (kind, idOrName) => {
      const found = findShown(state, { kind, idOrName, at: state.now() })
      if (found === undefined) throw new EmulatorError('notFound', 'Resource not found')
      return found
    },

    list: async ({ at: asked, kinds, hidden, skip, limit, closed, ...filter }, render) => {
      const at = asked ?? state.now()
      const { text } = createSightingReader(state)
      const { container, ...rest } = filter
      const summary = {
        ...rest,
        kinds: kinds.map((kind) => behaviourOf(state, kind)),
        container: container === undefined ? undefined : namesOf(state, container, at),
      }
      const kind = kinds.length === 1 ? kinds[0] : undefined
      const none = { filters: [], sort: [], members: { indexed: [] } }
      const query = { ...none, at, kind, withHidden: hidden, skip, limit, summary }
      const listed = {
        count: () => resources.count(state.scope),
        page: () => resources.page(state.scope, query),
        entries: (seqs: readonly number[]) => resources.entries(state.scope, seqs, at),
        render: (step: readonly ShownResource[]) => render(step.map((shown) => ({ ...shown, text: text(shown, at) }))),
      }
      const { total, entries } = await renderList(state, listed, { limit, closed })
      return { total, resources: entries }
    },
    look: (id, at = state.now()) => {
      const stored = findResource(state, id)
      const found = resources.entries(state.scope, [stored.seq], at)[0]
      if (found !== undefined)
        return { ...found, text: createSightingReader(state).text(found, at), effects: changesOf(state, stored) }
      const isEarly = at < stored.existsFrom
      throw new EmulatorError(
        'notFound',
        `the resource ${id} ${isEarly ? 'was not there yet' : 'is not there any more'} at that instant`,
      )
    },
    timeline: (id) => {
      const stored = findResource(state, id)
      const behaviour = behaviourOf(state, stored.kind)
      return { id, kind: stored.kind, summary: behaviour.summary, steps: createLifeReader(state)(stored) }
    },
    match: (names) =>
      names.flatMap((name) => {
        const found = resources.find(state.scope, name) ?? shownAs(state, name, state.now())[0]
        return found === undefined ? [] : [{ name, id: found.id, kind: found.kind }]
      }),
    add: (element, request) =>
      state.command(() => {
        const resource = state.services.seeds.readResource(element)
        if (resource.count !== undefined)
          throw new EmulatorError('badRequest', '/count goes only with a seed: POST it to /seed', undefined, '/count')
        const [added] = addElement(state, { resource, place: '' }, { request })
        if (added === undefined) throw new Error('an element without count is one resource')
        refuseTakenName(state, added)
        state.markDirty()
        return asShown(state, added)
      }),
    remove: (id, request) => {
      state.command(() => {
        const stored = findResource(state, id)
        if (resources.entries(state.scope, [stored.seq], state.now()).length === 0)
          throw new EmulatorError('notFound', `the resource ${id} is not there any more`)
        makeChange(state, stored, { at: state.now(), change: { name: 'deleted' }, by: { request } })
        state.markDirty()
      })
    },
  }
}

function changesOf(state: DomainState, stored: StoredResource): ShownEffect[] {
  return createLifeReader(state)(stored).flatMap(({ at, change, by }) => {
    if (change !== undefined) return [{ at, change, by }]
    return 'seed' in by ? [] : [{ at, change: { name: 'created' }, by }]
  })
}

/** As a create through the vendor's API does. */
function refuseTakenName(state: DomainState, { id, kind, record }: FoundResource): void {
  const { uniqueNameOf } = behaviourOf(state, kind)
  const name = uniqueNameOf?.(record)
  if (uniqueNameOf === undefined || name === undefined) return
  const others = shownAt(state, { kind, idOrName: name, at: state.now(), withHidden: true })
  if (others.some((other) => other.id !== id && uniqueNameOf(other.record) === name))
    throw new EmulatorError('conflict', `there is a resource of the kind ${kind} named ${name} already`)
}

/** The resources that have an id or a name at an instant. */
function shownAs(state: DomainState, name: string, at: Instant): readonly FoundResource[] {
  const candidates = shownAt(state, { kind: undefined, idOrName: name, at, withHidden: true })
  return candidates.filter(
    ({ id, kind, record }) => id === name || behaviourOf(state, kind).namesOf(record).includes(name),
  )
}

/** All names of the resources that have one name at an instant. */
function namesOf(state: DomainState, name: string, at: Instant): readonly string[] {
  const found = shownAs(state, name, at)
  return [name, ...found.flatMap(({ id, kind, record }) => [id, ...behaviourOf(state, kind).namesOf(record)])]
}

/** A resource as it is now: a day of its deletion that has passed has come. */
function asShown(state: DomainState, added: FoundResource): FoundResource {
  const { seq } = findResource(state, added.id)
  const shown = state.services.store.resources.entries(state.scope, [seq], state.now())[0]
  return shown === undefined ? added : { ...added, record: JSON.parse(shown.text) as ResourceRecord }
}

/** A resource of any kind, removed ones too. */
function findResource(state: DomainState, id: string): StoredResource {
  const stored = state.services.store.resources.find(state.scope, id)
  if (stored !== undefined) return stored
  throw new EmulatorError('notFound', `there is no resource ${id.slice(0, 100)} in the domain ${state.name}`)
}
