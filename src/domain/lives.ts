import { EmulatorError } from '../errors.ts'
import type { Effect, KindBehaviour, LifeStep, Resource, ResourceRecord } from '../model/resource.ts'
import { memberOf, stateOf } from '../model/record-summary.ts'
import { toInstant, type Instant } from '../model/time.ts'
import { effectsOf as effectsOfItems } from '../simulator/item-effects.ts'
import { inOrder, lifeOf, refusalOf, resourceAt, type ItemEffect } from '../simulator/resource-at.ts'
import type { LifeWrite, StepValues, StoredResource } from '../store/resource-store.ts'
import { behaviourOf } from './behaviour.ts'
import { createSightingReader, type InventoryState } from './sightings.ts'
import type { DomainState } from './state.ts'

type Living = Pick<Resource, 'id' | 'kind' | 'record' | 'isHidden' | 'vanishes' | 'isLossSilent'>

interface EffectOptions {
  /** Includes synchronizations that only update the instant at which the resource was last seen. Default: no. */
  readonly withSightings?: boolean
}

/** What the items of jobs do to a resource, past and to come. */
export function effectsOn(state: InventoryState, resource: Living, options?: EffectOptions): readonly ItemEffect[] {
  return createEffectReader(state, options)([resource]).get(resource) ?? []
}

/** The same for many resources: each job is read once, however many of them it acts on. */
export function createEffectReader(
  state: InventoryState,
  { withSightings = false }: EffectOptions = {},
): <R extends Living>(resources: readonly R[]) => ReadonlyMap<R, readonly ItemEffect[]> {
  const { jobs } = state.services.store
  const sightings = createSightingReader(state)
  const known = new Map<number, ReturnType<typeof effectsOfItems>>()
  const effectsOfJob = (seq: number): ReturnType<typeof effectsOfItems> => {
    const [entry] = known.has(seq) ? [] : jobs.entries(state.scope, [seq], { at: toInstant(0), asText: false })
    if (entry !== undefined && 'job' in entry) known.set(seq, effectsOfItems(entry.job))
    return known.get(seq) ?? new Map()
  }
  return (resources) => {
    const acting = jobs.actingOn(
      state.scope,
      resources.map(({ id }) => id),
    )
    return new Map(resources.map((resource) => [resource, effectsOf(resource, acting.get(resource.id) ?? [])]))
  }

  function effectsOf(resource: Living, acting: readonly number[]): readonly ItemEffect[] {
    const { id, kind, isHidden, vanishes, isLossSilent } = resource
    const own = acting
      .flatMap((seq) => effectsOfJob(seq).get(id) ?? [])
      .flatMap((target) => (target.kind === kind ? [target.effect] : []))
    return withSightings || isHidden || vanishes || isLossSilent ? [...own, ...sightings.all(resource)] : own
  }
}

/** Reads whole lives, with what synchronizations saw. Each job is read once, however many of the resources it acts on. */
export function createLifeReader(state: DomainState): (stored: StoredResource) => LifeStep[] {
  const read = createEffectReader(state, { withSightings: true })
  return (stored) => {
    const items = read([stored]).get(stored) ?? []
    return lifeOf(stored, inOrder(stored.events, items), behaviourOf(state, stored.kind))
  }
}

/** The steps that the store keeps: without those synchronizations. */
export function lifeWrite(behaviour: KindBehaviour, resource: Resource, items: readonly ItemEffect[]): LifeWrite {
  const life = lifeOf(resource, inOrder(resource.events, items), behaviour, { skipSightings: true })
  return { life, valuesOf: (record) => stepValues(behaviour, record) }
}

function stepValues(behaviour: KindBehaviour, record: ResourceRecord): StepValues {
  const { indexed, versionsOf, facets = [], lookups = [], namesOf } = behaviour
  const values = lookups.flatMap((path) => memberOf(record, path)).filter((value) => typeof value === 'string')
  return {
    columns: indexed.map((path) => memberOf(record, path)),
    versionsOf: versionsOf?.map((path) => memberOf(record, path)),
    facets: Object.fromEntries(facets.map((path) => [path.join('.'), memberOf(record, path)])),
    names: [...new Set([...namesOf(record), ...values])],
  }
}

/** Recomputes the steps of a resource from an instant on. */
export function rewriteLife(
  state: DomainState,
  resource: StoredResource,
  { from, items }: { readonly from: Instant; readonly items: readonly ItemEffect[] },
): void {
  const write = lifeWrite(behaviourOf(state, resource.kind), resource, items)
  state.services.store.resources.rewrite(state.scope.content, resource, { from, ...write })
}

/** Applies the change of a direct call. Returns the new record, or the last one after a removal. Throws if the state refuses it. */
export function makeChange(state: DomainState, stored: StoredResource, effect: Omit<Effect, 'after'>): ResourceRecord {
  const behaviour = behaviourOf(state, stored.kind)
  const items = effectsOn(state, stored)
  const current = resourceAt(stored, inOrder(stored.events, items), behaviour, effect.at)
  const refusal = current === undefined ? '' : refusalOf(current, effect.change, behaviour)
  if (current === undefined || refusal === '') throw new EmulatorError('notFound', 'Resource not found')
  if (refusal !== undefined) throw new EmulatorError('badRequest', refusal)
  const after = items.flatMap(({ at, by }) => (at === effect.at ? [by.job] : []))
  const event = after.length === 0 ? effect : { ...effect, after }
  state.services.store.resources.append(state.scope.content, stored.seq, event)
  const changed = { ...stored, events: [...stored.events, event] }
  rewriteLife(state, changed, { from: effect.at, items })
  const from = stateOf(behaviour.summary, current.record)
  state.publish([{ resource: stored.id, kind: stored.kind, from, to: effect.change.name, at: effect.at }])
  const [shown] = state.services.store.resources.entries(state.scope, [stored.seq], effect.at)
  return shown === undefined ? current.record : createSightingReader(state).record(shown, effect.at)
}
