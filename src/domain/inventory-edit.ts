import { v4 } from 'uuid'
import { EmulatorError } from '../errors.ts'
import type {
  FillContext,
  FoundResource,
  InventoryEdit,
  KindName,
  Resource,
  ResourceQuery,
  ResourceRecord,
  ResourceState,
} from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import { refusalOf } from '../simulator/resource-at.ts'
import { contentHash, drawBytes, drawKey, type DrawKey } from '../simulator/random.ts'
import type { ResourceWrite, ShownKey, ShownQuery, ShownResource } from '../store/resource-store.ts'
import { behaviourOf } from './behaviour.ts'
import { effectsOn, lifeWrite, makeChange } from './lives.ts'
import { createSightingReader } from './sightings.ts'
import type { DomainState } from './state.ts'

/** The request that changes an inventory. */
export interface EditRequest {
  /** The id under which the journal has it. */
  readonly id: string
  /** The request as it counts for random draws: equal requests have equal text. */
  readonly content: string
}

/** A query as the store takes it. */
export function shownQuery(state: DomainState, query: ResourceQuery, at: Instant): ShownQuery {
  return { ...query, at, members: behaviourOf(state, query.kind) }
}

/** The resource with that id at an instant, else the first made of those that have that name then. */
export function findShown(state: DomainState, key: ShownKey & { readonly kind: KindName }): FoundResource | undefined {
  const { namesOf } = behaviourOf(state, key.kind)
  return shownAt(state, key).find(({ id, record }) => id === key.idOrName || namesOf(record).includes(key.idOrName))
}

/** Finds the containers of many resources, which are mostly the same. */
export function createFinder(state: DomainState, as: Pick<ShownKey, 'at' | 'withHidden'>): FillContext['find'] {
  const known = new Map<string, ResourceRecord>()
  return (kind, idOrName) => {
    const key = `${kind}\n${idOrName}`
    const record = known.get(key) ?? findShown(state, { kind, idOrName, ...as })?.record
    if (record !== undefined) known.set(key, record)
    return record
  }
}

/** The resource with that id at an instant, or those that have that name at one time or another. */
export function shownAt(state: DomainState, key: ShownKey): readonly (FoundResource & ResourceState)[] {
  const { record } = createSightingReader(state)
  return state.services.store.resources.shown(state.scope, key).map((shown) => toFound(shown, record(shown, key.at)))
}

function toFound({ id, kind, isHidden, isLost }: ShownResource, record: ResourceRecord): FoundResource & ResourceState {
  return { id, kind, isHidden, isLost, record }
}

/** The inventory at the instant of a command. */
export function createEdit(state: DomainState, request: EditRequest): InventoryEdit & Pick<Draws, 'origin'> {
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
      const { record } = createSightingReader(state)
      return resources.entries(state.scope, seqs, now).map((shown) => toFound(shown, record(shown, now)))
    },
    create: (kind, record) => {
      const created = { id: String(record.id), kind, record }
      insertResource(state, created, { ...draws.origin(), by: { request: request.id } })
      state.publish([{ resource: created.id, kind, from: undefined, to: 'created', at: now }])
      state.markDirty()
      return created
    },
    refusalOf: ({ id, kind }, change) => {
      const current = shownAt(state, { kind, idOrName: id, at: now }).find((each) => each.id === id)
      return current === undefined ? '' : refusalOf(current, change, behaviourOf(state, kind))
    },
    change: ({ id, kind }, change) => {
      const resource = resources.find(state.scope, id)
      if (resource === undefined) throw new EmulatorError('notFound', 'Resource not found')
      const record = makeChange(state, resource, { at: now, change, by: { request: request.id } })
      state.markDirty()
      return { id, kind, record }
    },
    ...draws,
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

type ResourceOrigin = Pick<ResourceWrite, 'requestHash' | 'occurrence'> &
  Pick<Resource, 'by'> &
  Partial<Pick<Resource, 'isHidden' | 'vanishes' | 'existsFrom'>>

/** Adds a resource that is there from now on, or from another instant. */
export function insertResource(
  state: DomainState,
  { id, kind, record }: FoundResource,
  { existsFrom = state.now(), requestHash, occurrence, by, isHidden = false, vanishes = false }: ResourceOrigin,
): void {
  const isLossSilent = state.settings.goneShown === 'on-sync'
  const resource = { id, kind, existsFrom, record, by, isHidden, vanishes, isLossSilent, events: [] }
  const life = lifeWrite(behaviourOf(state, kind), resource, effectsOn(state, resource))
  const write = { resource, requestHash, occurrence, ...life }
  if (!state.services.store.resources.insert(state.scope.content, write))
    throw new EmulatorError('conflict', `there is a resource ${id} in the domain already`)
}
