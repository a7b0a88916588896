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
  /** Whether synchronizations are read too that can only see that a resource is there. Default: no. */
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

/** The whole life of a resource, with what synchronizations saw of it. */
export function wholeLifeOf(state: DomainState, stored: StoredResource): LifeStep[] {
  const items = effectsOn(state, stored, { withSightings: true })
  return lifeOf(stored, inOrder(stored.events, items), behaviourOf(state, stored.kind))
}

/** The life of a resource as it is kept. */
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

/** Makes a change of a resource now that its state allows; returns its record then, or its last one if it is removed. */
export function makeChange(state: DomainState, stored: StoredResource, effect: Omit<Effect, 'after'>): ResourceRecord {
  const behaviour = behaviourOf(state, stored.kind)
  const items = effectsOn(state, stored)
  const current = resourceAt(stored, inOrder(stored.events, items), behaviour, effect.at)
  if (current === undefined) throw new EmulatorError('notFound', 'Resource not found')
  const refusal = refusalOf(current, effect.change, behaviour)
  if (refusal !== undefined) throw new EmulatorError('badRequest', refusal === '' ? 'Resource not found' : refusal)
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
