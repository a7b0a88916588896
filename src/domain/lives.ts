import { EmulatorError } from '../errors.ts'
import type {
  Effect,
  KindBehaviour,
  KindName,
  LifeStep,
  Resource,
  ResourceRecord,
  ResourceState,
} from '../model/resource.ts'
import type { Instant } from '../model/time.ts'
import { itemEffects } from '../simulator/item-effects.ts'
import { inOrder, lifeOf, refusalOf, type ItemEffect } from '../simulator/resource-at.ts'
import type { StepWrite, StoredResource } from '../store/resource-store.ts'
import type { DomainState } from './state.ts'

type Identified = Pick<Resource, 'id' | 'kind'>

/** How the resources of a kind behave. */
export function behaviourOf({ services }: Pick<DomainState, 'services'>, kind: KindName): KindBehaviour {
  const behaviour = services.kinds.find(({ name }) => name === kind)
  if (behaviour === undefined) throw new Error(`no such kind: ${kind}`)
  return behaviour
}

/** What the items of jobs do to a resource, past and to come. */
export function effectsOn({ services, scope }: DomainState, resource: Identified): ItemEffect[] {
  return services.store.jobs.actingOn(scope, resource.id).flatMap((job) => itemEffects(job, resource))
}

/** The life of a resource as it is kept. */
export function lifeWrites(
  behaviour: KindBehaviour,
  resource: Resource,
  items: readonly ItemEffect[],
): readonly StepWrite[] {
  return lifeOf(resource, inOrder(resource.events, items), behaviour).map((step) => stepWrite(behaviour, step))
}

function stepWrite({ indexed, namesOf }: KindBehaviour, step: LifeStep): StepWrite {
  const record = step.state?.record
  if (record === undefined) return { ...step, columns: [], names: [] }
  return { ...step, columns: indexed.map((path) => memberOf(record, path)), names: namesOf(record) }
}

function memberOf(record: ResourceRecord, path: readonly string[]): unknown {
  let member: unknown = record
  for (const name of path) member = (member as ResourceRecord | null | undefined)?.[name]
  return member
}

/** Writes anew what a resource will be from an instant on; returns its life. */
export function rewriteLife(state: DomainState, resource: StoredResource, from: Instant): readonly StepWrite[] {
  const life = lifeWrites(behaviourOf(state, resource.kind), resource, effectsOn(state, resource))
  state.services.store.resources.rewrite(state.scope.content, resource.seq, { from, life })
  return life
}

/** Makes a change of a resource now that its state allows; returns its record then, or its last one if it is removed. */
export function makeChange(
  state: DomainState,
  resource: StoredResource,
  effect: Omit<Effect, 'after'>,
): ResourceRecord {
  const behaviour = behaviourOf(state, resource.kind)
  const items = effectsOn(state, resource)
  const current = stateAt(lifeWrites(behaviour, resource, items), effect.at)
  if (current === undefined) throw new EmulatorError('notFound', 'Resource not found')
  const refusal = refusalOf(current, effect.change, behaviour)
  if (refusal !== undefined) throw new EmulatorError('badRequest', refusal === '' ? 'Resource not found' : refusal)
  const after = items.flatMap(({ at, by }) => (at === effect.at ? [by.job] : []))
  const event = after.length === 0 ? effect : { ...effect, after }
  state.services.store.resources.append(state.scope.content, resource.seq, event)
  const life = rewriteLife(state, { ...resource, events: [...resource.events, event] }, effect.at)
  return (stateAt(life, effect.at) ?? current).record
}

/** What a life has come to at an instant; undefined: the resource is not there. */
export function stateAt(life: readonly LifeStep[], at: Instant): ResourceState | undefined {
  return life.findLast((step) => step.at <= at)?.state
}
