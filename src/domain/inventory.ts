import { v4 } from 'uuid'
import { EmulatorError } from '../errors.ts'
import type { FoundResource, InventoryEdit, KindName, ResourceQuery, ResourceRecord } from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import { contentHash, drawBytes, drawKey, type DrawKey } from '../simulator/random.ts'
import type { ResourceWrite, ShownQuery, ShownResource } from '../store/resource-store.ts'
import { behaviourOf, effectsOn, lifeWrites, makeChange } from './lives.ts'
import { renderList } from './listing.ts'
import type { DomainState } from './state.ts'

/** The request that changes an inventory. */
interface EditRequest {
  /** The id under which the journal has it. */
  readonly id: string
  /** The request as it counts for random draws: equal requests have equal text. */
  readonly content: string
}

/** A page of resources as vendor JSON. */
interface ResourcePageTexts {
  readonly total: number
  /** Resources with commas between them, several to a text. */
  readonly resources: readonly string[]
}

/** The resources of a domain, as API clients read and change them. */
export interface Inventory {
  /** Changes it as one command at one instant: what throws in the work undoes all of it. */
  edit: <T>(request: EditRequest, work: (edit: InventoryEdit) => T) => T
  /** The same for work that changes nothing. */
  read: <T>(work: (edit: InventoryEdit) => T) => T
  /** Large lists are rendered in slices, one at a time. `over` aborts when the answer is sent or its client is gone. */
  page: (query: ResourceQuery, over: AbortSignal) => Promise<ResourcePageTexts>
  get: (kind: KindName, idOrName: string) => FoundResource
}

export function createInventory(state: DomainState): Inventory {
  const { resources } = state.services.store
  return {
    edit: (request, work) => state.command(() => work(createEdit(state, request))),
    read: (work) => work(createEdit(state, { id: '', content: '' })),
    page: async (query, over) => {
      const at = state.now()
      const shown = shownQuery(state, query, at)
      const listed = {
        count: () => resources.count(state.scope),
        page: () => resources.page(state.scope, shown),
        entries: (seqs: readonly number[]) => resources.entries(state.scope, seqs, at),
        render: (step: readonly ShownResource[]) => [step.map(({ text }) => text).join(',')],
      }
      const { total, entries } = await renderList(state, listed, { limit: query.limit, over })
      return { total, resources: entries }
    },
    get: (kind, idOrName) => {
      const found = findShown(state, { kind, idOrName, at: state.now() })
      if (found === undefined) throw new EmulatorError('notFound', 'Resource not found')
      return found
    },
  }
}

function shownQuery(state: DomainState, query: ResourceQuery, at: Instant): ShownQuery {
  return { ...query, at, indexed: behaviourOf(state, query.kind).indexed }
}

interface ShownKey {
  readonly kind: KindName
  readonly idOrName: string
  readonly at: Instant
}

/** The resource with that id at an instant, else the first made of those that have that name then. */
export function findShown(state: DomainState, key: ShownKey): FoundResource | undefined {
  const { namesOf } = behaviourOf(state, key.kind)
  return state.services.store.resources
    .shown(state.scope, key)
    .map(toFound)
    .find(({ id, record }) => id === key.idOrName || namesOf(record).includes(key.idOrName))
}

function toFound({ id, kind, text }: ShownResource): FoundResource {
  return { id, kind, record: JSON.parse(text) as ResourceRecord }
}

/** The inventory at the instant of a command. */
export function createEdit(state: DomainState, request: EditRequest): InventoryEdit {
  const { resources } = state.services.store
  const now = state.now()
  const draws = createDraws(state, request.content)
  return {
    now,
    settings: state.settings,
    domainId: state.id,
    find: (kind, idOrName) => findShown(state, { kind, idOrName, at: now }),
    list: (kind, filters, { hidden = false } = {}) => {
      const query = { kind, filters, sort: [], skip: 0, limit: undefined }
      const { seqs } = resources.page(state.scope, { ...shownQuery(state, query, now), withHidden: hidden })
      return resources.entries(state.scope, seqs, now).map(toFound)
    },
    create: (kind, record) => {
      const id = String(record.id)
      const resource = {
        ...{ id, kind, existsFrom: now, record, by: { request: request.id } },
        ...{ isHidden: false, vanishes: false, isLossSilent: state.settings.goneShown === 'on-sync', events: [] },
      }
      const life = lifeWrites(behaviourOf(state, kind), resource, effectsOn(state, resource))
      const write = { resource, ...draws.origin(), life }
      if (!resources.insert(state.scope.content, write)) throw takenResource(id)
      state.markDirty()
      return { id, kind, record }
    },
    change: ({ id, kind }, change) => {
      const resource = resources.find(state.scope, id)
      if (resource === undefined) throw new EmulatorError('notFound', 'Resource not found')
      const record = makeChange(state, resource, { at: now, change, by: { request: request.id } })
      state.markDirty()
      return { id, kind, record }
    },
    drawId: draws.drawId,
  }
}

interface Draws {
  readonly drawId: InventoryEdit['drawId']
  /** What a resource is kept with that was made by the request. */
  readonly origin: () => Pick<ResourceWrite, 'requestHash' | 'occurrence'>
}

/** The draws of a request. Its key is worked out at the first one: most requests draw nothing. */
function createDraws(state: DomainState, content: string): Draws {
  const { resources } = state.services.store
  const requestHash = contentHash(content)
  let key: DrawKey | undefined
  const keyOf = (): DrawKey =>
    (key ??= drawKey(state.record.randomSeed, content, resources.nextOccurrence(state.scope, requestHash)))
  return {
    drawId: (purpose) => v4({ random: drawBytes(keyOf(), purpose) }),
    origin: () => ({ requestHash, occurrence: keyOf().occurrence }),
  }
}

function takenResource(id: string): EmulatorError {
  return new EmulatorError('conflict', `there is a resource ${id} in the domain already`)
}
